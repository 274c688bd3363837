// SPDX-License-Identifier: GPL-2.0
/*
 * stackid report: who hit how often, as a table and as call trees, in the look
 * of "perf report --stdio".
 */

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <stackid.h>

#include "lib/array.h"
#include "lib/hash.h"
#include "lib/memory.h"
#include "lib/pager.h"
#include "lib/profile.h"
#include "reading.h"

/* More than a symbol's name can have (KSYM_NAME_LEN is 512). */
#define KEY_SIZE		600
#define DEFAULT_TREE_LIMIT	0.5
/* From these percentages on a row is red, or green. */
#define RED_PERCENT		5.0
#define GREEN_PERCENT		0.5

enum sort_key {
	KEY_COMM,
	KEY_PID,
	KEY_TID,
	KEY_CPU,
	KEY_SYM,
	KEY_MODULE,
	KEY_EVENT,
	KEY_STACK,
	NR_KEYS,
};

/* @alias: what perf calls it, where that is another word */
static const struct {
	const char *name;
	const char *alias;
	const char *title;
} sort_keys[NR_KEYS] = {
	[KEY_COMM]	= { "comm", NULL, "Command" },
	[KEY_PID]	= { "pid", NULL, "Pid" },
	[KEY_TID]	= { "tid", NULL, "Tid" },
	[KEY_CPU]	= { "cpu", NULL, "CPU" },
	[KEY_SYM]	= { "sym", "symbol", "Symbol" },
	[KEY_MODULE]	= { "module", "dso", "Shared Object" },
	[KEY_EVENT]	= { "event", NULL, "Event" },
	[KEY_STACK]	= { "stack", NULL, "Stack" },
};

struct sort_order {
	enum sort_key keys[NR_KEYS];
	unsigned int nr;
	bool given;
};

struct report_options {
	struct reading_options reading;
	struct sort_order sort;
	bool children;
	bool call_graph;
	bool header;
	bool show_hits;
	bool plain;
	const char *order;
	const char *weight;
	const char *percent_limit;
};

/* Part of a cell that went into a row: its stack from frame @from on. */
struct part {
	uint32_t cell;
	uint32_t from;
};

/* A row of the table; keys that are not sorted by are 0 or NULL. */
struct row {
	const char *comm;
	const char *module;
	uint32_t tgid;
	uint32_t pid;
	uint32_t cpu;
	uint32_t stack;
	uint32_t function;
	uint16_t event;
	/* Of all stacks that it is in, and of those that it is the leaf of. */
	uint64_t total;
	uint64_t self;
	uint64_t total_hits;
	uint64_t self_hits;
	/* Its smallest distance from the root: callers stand before callees. */
	uint32_t level;
	uint32_t last_cell;
	struct part *parts;
	uint32_t nr_parts;
};

struct report {
	const struct report_options *options;
	struct reading *reading;
	struct data_reader *data;
	struct profile *profile;
	bool weigh;
	bool by_frame;		/* a key that differs from frame to frame */
	bool children;
	bool callers_first;
	bool colours;
	unsigned int width;
	double row_limit;
	double tree_limit;

	/* Of the section that is being made. */
	struct row *rows;
	size_t nr_rows;
	size_t max_rows;
	uint32_t *slots;
	size_t nr_slots;
	uint64_t whole;
	unsigned int columns[NR_KEYS];

	char *line;
	size_t line_len;
	size_t line_max;
};

static bool sorts_by(const struct report *report, enum sort_key key)
{
	const struct sort_order *sort = &report->options->sort;

	for (unsigned int i = 0; i < sort->nr; i++) {
		if (sort->keys[i] == key)
			return true;
	}
	return false;
}

static int parse_sort_word(struct sort_order *sort, const char *word)
{
	const char *names[NR_KEYS];
	const char *closest;

	for (unsigned int i = 0; i < NR_KEYS; i++) {
		names[i] = sort_keys[i].name;
		if (strcmp(word, names[i]) &&
		    (!sort_keys[i].alias || strcmp(word, sort_keys[i].alias)))
			continue;
		for (unsigned int k = 0; k < sort->nr; k++) {
			if (sort->keys[k] == i) {
				stackid_complain("--sort names %s twice", word);
				return -1;
			}
		}
		sort->keys[sort->nr++] = i;
		return 0;
	}
	closest = stackid_closest_word(word, names, NR_KEYS);
	stackid_complain("--sort knows no key '%s'%s%s%s; there are comm, pid, tid, cpu, sym, module, event and stack",
			 word, closest ? " (did you mean " : "",
			 closest ? closest : "", closest ? "?)" : "");
	return -1;
}

static int parse_sort(const char *arg, void *field)
{
	struct sort_order *sort = field;
	char *copy = stackid_memory_strdup(arg);
	char *rest = copy;
	char *word;
	int ret = 0;

	sort->nr = 0;
	sort->given = true;
	while (!ret && (word = strsep(&rest, ",")))
		ret = parse_sort_word(sort, word);
	free(copy);
	return ret;
}

/* Lines are built first, so that they can be cut at the terminal's edge. */

__attribute__((format(printf, 2, 3)))
static void add(struct report *report, const char *format, ...)
{
	va_list args;
	int len;

	for (;;) {
		size_t room = report->line_max - report->line_len;

		va_start(args, format);
		len = vsnprintf(report->line + report->line_len, room, format,
				args);
		va_end(args);
		if ((size_t)len < room)
			break;
		report->line_max = report->line_max * 2 + len + 256;
		report->line = stackid_memory_resize(report->line,
						     report->line_max, 1);
	}
	report->line_len += len;
}

static void add_percent(struct report *report, const char *format,
			double percent)
{
	const char *colour = NULL;

	if (report->colours && percent >= RED_PERCENT)
		colour = "\033[31m";
	else if (report->colours && percent >= GREEN_PERCENT)
		colour = "\033[32m";
	if (colour)
		add(report, "%s", colour);
	/* Not literal: either a column's or a branch's form. */
	if (*format == '%')
		add(report, "%9.2f%%", percent);
	else
		add(report, "--%.2f%%--", percent);
	if (colour)
		add(report, "\033[m");
}

/* How much of the line fits: escape sequences and UTF-8's tails are no column. */
static size_t fitting(const struct report *report)
{
	unsigned int column = 0;
	bool escape = false;

	if (!report->width)
		return report->line_len;
	for (size_t i = 0; i < report->line_len; i++) {
		unsigned char c = report->line[i];

		if (c == '\033')
			escape = true;
		if (!escape && (c & 0xc0) != 0x80 && ++column > report->width)
			return i;
		if (escape && c == 'm')
			escape = false;
	}
	return report->line_len;
}

static void end_line(struct report *report)
{
	while (report->line_len && report->line[report->line_len - 1] == ' ')
		report->line_len--;
	fwrite(report->line, 1, fitting(report), stdout);
	putchar('\n');
	report->line_len = 0;
}

static double percent_of(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * part / whole : 0;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
	return stackid_hash_u64(hash ^ value);
}

static size_t slot_of(const struct report *report, const struct row *row)
{
	uint64_t hash = mix((uintptr_t)row->comm, (uintptr_t)row->module);

	hash = mix(hash, (uint64_t)row->tgid << 32 | row->pid);
	hash = mix(hash, (uint64_t)row->cpu << 32 | row->stack);
	hash = mix(hash, (uint64_t)row->function << 32 | row->event);
	return hash & (report->nr_slots - 1);
}

static bool same_row(const struct row *a, const struct row *b)
{
	return a->function == b->function && a->comm == b->comm &&
	       a->module == b->module && a->tgid == b->tgid &&
	       a->pid == b->pid && a->cpu == b->cpu && a->stack == b->stack &&
	       a->event == b->event;
}

static void grow_slots(struct report *report)
{
	free(report->slots);
	report->nr_slots = report->nr_slots ? 2 * report->nr_slots : 1024;
	report->slots = stackid_memory_zalloc(report->nr_slots,
					      sizeof(*report->slots));
	for (size_t i = 0; i < report->nr_rows; i++) {
		size_t slot = slot_of(report, &report->rows[i]);

		while (report->slots[slot])
			slot = (slot + 1) & (report->nr_slots - 1);
		report->slots[slot] = i + 1;
	}
}

static struct row *find_row(struct report *report, const struct row *key)
{
	size_t slot;

	if (2 * (report->nr_rows + 1) > report->nr_slots)
		grow_slots(report);
	for (slot = slot_of(report, key); report->slots[slot];
	     slot = (slot + 1) & (report->nr_slots - 1)) {
		struct row *row = &report->rows[report->slots[slot] - 1];

		if (same_row(row, key))
			return row;
	}
	report->rows = stackid_array_grow(report->rows, report->nr_rows,
					  &report->max_rows, sizeof(*key));
	report->rows[report->nr_rows] = *key;
	report->slots[slot] = report->nr_rows + 1;
	return &report->rows[report->nr_rows++];
}

static void add_part(struct row *row, uint32_t cell, uint32_t from)
{
	uint32_t nr = row->nr_parts;

	if (!(nr & (nr - 1)))
		row->parts = stackid_memory_resize(row->parts, nr ? 2 * nr : 1,
						   sizeof(*row->parts));
	row->parts[nr] = (struct part) { .cell = cell, .from = from };
	row->nr_parts++;
}

/* Modules' names are few; equal ones must become one pointer. */
static const char *module_of(const struct report *report, uint32_t function,
			     const char **known, size_t *nr_known)
{
	const char *name =
		stackid_profile_function(report->profile, function)->module;

	for (size_t i = 0; i < *nr_known; i++) {
		if (!strcmp(known[i], name))
			return known[i];
	}
	known[(*nr_known)++] = name;
	return name;
}

/* For every function its module, one pointer for each name. */
static const char **map_modules(const struct report *report)
{
	uint32_t nr = stackid_profile_nr_functions(report->profile);
	const char **known = stackid_memory_resize(NULL, nr, sizeof(*known));
	const char **map = stackid_memory_resize(NULL, nr, sizeof(*map));
	size_t nr_known = 0;

	for (uint32_t i = 0; i < nr; i++)
		map[i] = module_of(report, i, known, &nr_known);
	free(known);
	return map;
}

static void add_frame(struct report *report, struct row *key, uint32_t cell,
		      uint32_t at, bool leaf)
{
	const struct profile_cell *from =
		stackid_profile_cell(report->profile, cell);
	struct row *row = find_row(report, key);

	/* A function that calls itself counts once, from its first call on. */
	if (row->last_cell != cell + 1) {
		row->last_cell = cell + 1;
		row->total = stackid_profile_add_weights(row->total,
							 from->weight);
		row->total_hits += from->hits;
		if (at < row->level)
			row->level = at;
		add_part(row, cell, at);
	}
	if (leaf) {
		row->self = stackid_profile_add_weights(row->self,
							from->weight);
		row->self_hits += from->hits;
	}
}

static void add_cell(struct report *report, uint32_t index,
		     const char * const *modules)
{
	const struct profile_cell *cell =
		stackid_profile_cell(report->profile, index);
	uint32_t nr;
	const uint32_t *stack = stackid_profile_stack(report->profile, cell,
						      &nr);
	struct row key = {
		.comm = cell->comm,
		.tgid = cell->tgid,
		.pid = cell->pid,
		.cpu = cell->cpu,
		.level = UINT32_MAX,
	};
	uint32_t at;

	if (sorts_by(report, KEY_STACK)) {
		key.stack = cell->stack;
		/* "[user]" and "[no stack]" have none, and differ. */
		if (!cell->stack)
			key.function = stack[0];
	}
	if (sorts_by(report, KEY_EVENT))
		key.event = cell->event;
	at = report->children ? 0 : nr - 1;
	for (; at < nr; at++) {
		if (sorts_by(report, KEY_SYM))
			key.function = stack[at];
		if (sorts_by(report, KEY_MODULE))
			key.module = modules[stack[at]];
		add_frame(report, &key, index, at, at == nr - 1);
	}
}

/* The text of a key in a row; the buffer serves those that are numbers. */
static const char *key_text(const struct report *report, const struct row *row,
			    enum sort_key key, char *buffer, size_t size)
{
	const struct profile_function *function;
	const struct data_stack *stack;

	switch (key) {
	case KEY_COMM:
		return row->comm;
	case KEY_PID:
		snprintf(buffer, size, "%7" PRIu32, row->tgid);
		break;
	case KEY_TID:
		snprintf(buffer, size, "%7" PRIu32, row->pid);
		break;
	case KEY_CPU:
		snprintf(buffer, size, "%03" PRIu32, row->cpu);
		break;
	case KEY_SYM:
		function = stackid_profile_function(report->profile,
						    row->function);
		snprintf(buffer, size, "[%c] %s",
			 function->kind == FUNCTION_USER ? '.' : 'k',
			 function->name);
		break;
	case KEY_MODULE:
		return row->module;
	case KEY_EVENT:
		return stackid_reading_event(report->reading, row->event)->name;
	case KEY_STACK:
		if (!row->stack)
			return "0";
		stack = stackid_data_stack(report->data, row->stack);
		if (stack->id)
			snprintf(buffer, size, "%" PRIu64 ":%" PRIu32,
				 stack->generation, stack->id);
		else
			snprintf(buffer, size, "%" PRIu64 ":#%" PRIu32,
				 stack->generation, row->stack);
		break;
	case NR_KEYS:
		break;
	}
	return buffer;
}

/* qsort_r()'s third argument. */
static int compare_rows(const void *a, const void *b, void *context)
{
	const struct report *report = context;
	const struct sort_order *sort = &report->options->sort;
	const struct row *x = a;
	const struct row *y = b;

	if (x->total != y->total)
		return x->total > y->total ? -1 : 1;
	if (x->level != y->level)
		return x->level < y->level ? -1 : 1;
	if (x->self != y->self)
		return x->self > y->self ? -1 : 1;
	for (unsigned int i = 0; i < sort->nr; i++) {
		char left[KEY_SIZE], right[KEY_SIZE];
		int order = strcmp(key_text(report, x, sort->keys[i], left,
					    sizeof(left)),
				   key_text(report, y, sort->keys[i], right,
					    sizeof(right)));

		if (order)
			return order;
	}
	/* Names that print alike: functions have an order of their own. */
	return (x->function > y->function) - (x->function < y->function);
}

static const char *function_name(const struct report *report,
				 uint32_t function)
{
	return stackid_profile_function(report->profile, function)->name;
}

/* Levels of the tree that still have a line to draw, innermost last. */
struct branches {
	bool open[STACKID_MAX_DEPTH + 2];
	unsigned int nr;
};

static void add_margin(struct report *report, unsigned int margin)
{
	add(report, "            %*s", (int)margin, "");
}

static void add_branches(struct report *report, const struct branches *branches,
			 unsigned int nr, unsigned int margin)
{
	add_margin(report, margin);
	for (unsigned int i = 0; i < nr; i++)
		add(report, "%c          ", branches->open[i] ? '|' : ' ');
}

static int compare_children(const void *a, const void *b)
{
	const struct profile_node *x = a;
	const struct profile_node *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return (x->function > y->function) - (x->function < y->function);
}

/* Those that are not below the limit, greatest first. */
static struct profile_node *list_children(const struct report *report,
					  const struct profile_path *paths,
					  size_t nr_paths, uint32_t depth,
					  size_t *nr)
{
	struct profile_node *children = NULL;
	struct profile_node child;
	size_t pos = 0;

	*nr = 0;
	while (stackid_profile_next_child(paths, nr_paths, depth, &pos,
					  &child)) {
		if (percent_of(child.weight, report->whole) <
		    report->tree_limit)
			continue;
		if (!(*nr & (*nr - 1)))
			children = stackid_memory_resize(children,
							 *nr ? 2 * *nr : 1,
							 sizeof(child));
		children[(*nr)++] = child;
	}
	if (*nr)
		qsort(children, *nr, sizeof(*children), compare_children);
	return children;
}

/*
 * Whether all that came here goes on into one function: then it is printed
 * below without a branch.
 */
static bool only_child(const struct profile_node *node, uint32_t depth,
		       struct profile_node *child)
{
	size_t pos = 0;

	return stackid_profile_next_child(node->paths, node->nr_paths, depth,
					  &pos, child) &&
	       child->nr_paths == node->nr_paths;
}

static void print_branches(struct report *report,
			   const struct profile_path *paths, size_t nr_paths,
			   uint32_t depth, struct branches *branches,
			   unsigned int margin);

static void print_branch(struct report *report, struct profile_node node,
			 uint32_t depth, struct branches *branches,
			 unsigned int margin)
{
	struct profile_node child;
	unsigned int level = branches->nr;

	add_branches(report, branches, level - 1, margin);
	add(report, "%c", branches->open[level - 1] ? '|' : ' ');
	add_percent(report, "--", percent_of(node.weight, report->whole));
	add(report, "%s", function_name(report, node.function));
	end_line(report);
	for (depth++; only_child(&node, depth, &child); depth++) {
		node = child;
		add_branches(report, branches, level, margin);
		add(report, "%s", function_name(report, node.function));
		end_line(report);
	}
	print_branches(report, node.paths, node.nr_paths, depth, branches,
		       margin);
}

static void print_branches(struct report *report,
			   const struct profile_path *paths, size_t nr_paths,
			   uint32_t depth, struct branches *branches,
			   unsigned int margin)
{
	size_t nr;
	struct profile_node *children = list_children(report, paths, nr_paths,
						      depth, &nr);
	unsigned int level = branches->nr++;

	for (size_t i = 0; i < nr; i++) {
		branches->open[level] = true;
		add_branches(report, branches, level + 1, margin);
		end_line(report);
		branches->open[level] = i + 1 < nr;
		print_branch(report, children[i], depth, branches, margin);
	}
	branches->nr--;
	free(children);
}

static void print_paths(struct report *report,
			const struct profile_path *paths, size_t nr_paths)
{
	const struct sort_order *sort = &report->options->sort;
	/* Sorted by it, the symbol stands in the row above. */
	bool skip = sort->given && sort->keys[0] == KEY_SYM;
	struct branches branches = {};
	struct profile_node root = { .paths = paths, .nr_paths = nr_paths };
	struct profile_node child;
	unsigned int margin = 0;
	uint32_t depth = 0;

	for (; only_child(&root, depth, &child); depth++) {
		root = child;
		if (skip && !depth)
			continue;
		if (!margin) {
			margin = 3;
			add_margin(report, 0);
			add(report, "|");
			end_line(report);
			add_margin(report, 0);
			add(report, "---");
		} else {
			add_margin(report, margin);
		}
		add(report, "%s", function_name(report, root.function));
		end_line(report);
	}
	print_branches(report, root.paths, root.nr_paths, depth, &branches,
		       margin);
	putchar('\n');
}

static struct profile_path make_path(const struct report *report,
				     const struct part *part)
{
	const struct profile_cell *cell =
		stackid_profile_cell(report->profile, part->cell);
	uint32_t nr;
	const uint32_t *stack = stackid_profile_stack(report->profile, cell,
						      &nr);
	/*
	 * With children, what is below the row; but where it is the leaf there
	 * is nothing, and how it was come by is shown instead, as perf does.
	 */
	uint32_t from = report->children && part->from < nr - 1 ? part->from :
								   0;
	uint32_t last = report->children ? part->from : nr - 1;

	if (report->callers_first)
		return (struct profile_path) {
			.first = stack + from, .step = 1, .nr = nr - from,
			.hits = cell->hits, .weight = cell->weight,
		};
	return (struct profile_path) {
		.first = stack + last, .step = -1, .nr = last + 1,
		.hits = cell->hits, .weight = cell->weight,
	};
}

static void print_tree(struct report *report, const struct row *row)
{
	struct profile_path *paths;
	bool deep = false;

	if (percent_of(row->total, report->whole) < report->tree_limit)
		return;
	paths = stackid_memory_resize(NULL, row->nr_parts, sizeof(*paths));
	for (uint32_t i = 0; i < row->nr_parts; i++) {
		paths[i] = make_path(report, &row->parts[i]);
		deep |= paths[i].nr > 1;
	}
	stackid_profile_sort_paths(paths, row->nr_parts);
	/* A tree of the row's own function alone says nothing new. */
	if (deep || !report->by_frame)
		print_paths(report, paths, row->nr_parts);
	free(paths);
}

static void measure_columns(struct report *report)
{
	const struct sort_order *sort = &report->options->sort;

	for (unsigned int i = 0; i < sort->nr; i++) {
		enum sort_key key = sort->keys[i];
		size_t width = strlen(sort_keys[key].title);

		for (size_t k = 0; k < report->nr_rows; k++) {
			char buffer[KEY_SIZE];
			size_t len = strlen(key_text(report, &report->rows[k],
						     key, buffer,
						     sizeof(buffer)));

			if (len > width)
				width = len;
		}
		report->columns[key] = width;
	}
}

static void print_titles(struct report *report)
{
	const struct sort_order *sort = &report->options->sort;

	add(report, report->children ? "# Children      Self" : "# Overhead");
	if (report->options->show_hits)
		add(report, "       Samples");
	for (unsigned int i = 0; i < sort->nr; i++)
		add(report, "  %-*s", (int)report->columns[sort->keys[i]],
		    sort_keys[sort->keys[i]].title);
	end_line(report);

	add(report, report->children ? "# ........  ........" : "# ........");
	if (report->options->show_hits)
		add(report, "  ............");
	for (unsigned int i = 0; i < sort->nr; i++) {
		add(report, "  ");
		for (unsigned int k = 0; k < report->columns[sort->keys[i]];
		     k++)
			add(report, ".");
	}
	end_line(report);
	puts("#");
}

static void print_row(struct report *report, const struct row *row)
{
	const struct sort_order *sort = &report->options->sort;

	add_percent(report, "%", percent_of(row->total, report->whole));
	if (report->children)
		add_percent(report, "%", percent_of(row->self, report->whole));
	if (report->options->show_hits)
		add(report, "  %12" PRIu64, row->total_hits);
	for (unsigned int i = 0; i < sort->nr; i++) {
		char buffer[KEY_SIZE];

		add(report, "  %-*s", (int)report->columns[sort->keys[i]],
		    key_text(report, row, sort->keys[i], buffer,
			     sizeof(buffer)));
	}
	end_line(report);
}

/* "2K" for 2443, as perf has it. */
static void print_samples(struct report *report, uint64_t nr,
			  const char *events)
{
	static const char units[] = " KMGTPE";
	const char *unit = units;

	for (; nr > 1000 && unit[1]; unit++)
		nr /= 1000;
	add(report, "# Samples: %" PRIu64 "%c of event%s", nr, *unit, events);
	end_line(report);
}

static bool in_section(const struct report *report, unsigned int cell,
		       unsigned int event)
{
	return sorts_by(report, KEY_EVENT) ||
	       stackid_profile_cell(report->profile, cell)->event == event;
}

static void free_rows(struct report *report)
{
	for (size_t i = 0; i < report->nr_rows; i++)
		free(report->rows[i].parts);
	free(report->rows);
	free(report->slots);
	report->rows = NULL;
	report->slots = NULL;
	report->nr_rows = 0;
	report->max_rows = 0;
	report->nr_slots = 0;
}

static void print_table(struct report *report, unsigned int event)
{
	size_t nr_cells = stackid_profile_nr_cells(report->profile);
	const char **modules = map_modules(report);

	for (size_t i = 0; i < nr_cells; i++) {
		if (in_section(report, i, event))
			add_cell(report, i, modules);
	}
	if (report->nr_rows)
		qsort_r(report->rows, report->nr_rows, sizeof(*report->rows),
			compare_rows, report);
	measure_columns(report);
	print_titles(report);
	for (size_t i = 0; i < report->nr_rows; i++) {
		struct row *row = &report->rows[i];

		if (percent_of(row->total, report->whole) < report->row_limit)
			break;
		print_row(report, row);
		if (report->options->call_graph)
			print_tree(report, row);
	}
	putchar('\n');
	free_rows(report);
	free(modules);
}

static void print_section(struct report *report, const char *title,
			  const struct profile_sum *sum, unsigned int event)
{
	print_samples(report, sum->hits, title);
	printf("# Event count (approx.): %" PRIu64 "\n#\n", sum->weight);
	if (sum->overflow)
		puts("# The sum of the values has no room in 64 bits; shares are wrong.\n#");
	report->whole = sum->weight;
	if (sum->hits)
		print_table(report, event);
	else
		putchar('\n');
}

static void print_event(struct report *report,
			const struct data_event_name *event)
{
	const struct profile_sum *sum =
		stackid_profile_sum(report->profile, event->number);
	char *title;

	if (asprintf(&title, " '%s'%s%s%s", event->name,
		     *event->options ? " (" : "", event->options,
		     *event->options ? ")" : "") < 0)
		return;
	if (sum->hits && report->weigh && !sum->weight) {
		print_samples(report, sum->hits, title);
		puts("# Its hits have no values; record it with value=argN.\n#\n");
	} else {
		print_section(report, title, sum, event->number);
	}
	free(title);
}

/* With the event as a key all of them share one table. */
static void print_all_events(struct report *report)
{
	struct profile_sum all = {};
	char *title = stackid_memory_strdup("s");

	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		const struct profile_sum *sum =
			stackid_profile_sum(report->profile, i);
		char *longer;

		if (!sum->hits)
			continue;
		if (asprintf(&longer, "%s%s '%s'", title, all.hits ? "," : "",
			     stackid_reading_event(report->reading, i)->name) < 0)
			break;
		free(title);
		title = longer;
		all.hits += sum->hits;
		all.overflow |= sum->overflow || all.weight + sum->weight <
						 sum->weight;
		all.weight = stackid_profile_add_weights(all.weight,
							 sum->weight);
	}
	print_section(report, title, &all, 0);
	free(title);
}

/* Something to show, or a complaint. */
static int check_profile(const struct report *report, bool any)
{
	if (!any) {
		stackid_reading_complain_empty(report->reading);
		return -1;
	}
	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		if (stackid_profile_sum(report->profile, i)->weight)
			return 0;
	}
	stackid_complain("no event in %s has values: record with value=argN",
			 stackid_reading_name(report->reading));
	return -1;
}

static void print_report(struct report *report)
{
	char *loss = stackid_reading_loss(report->reading);

	if (report->options->header)
		stackid_reading_print_header(report->reading, stdout);
	printf("# Total Lost Samples: %" PRIu64 "\n",
	       stackid_data_lost(report->data));
	add(report, "# %s", loss);
	end_line(report);
	puts("#");
	free(loss);
	if (sorts_by(report, KEY_EVENT)) {
		print_all_events(report);
		return;
	}
	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		bool told = stackid_data_event_by_number(report->data, i);

		/* One that was enabled and never hit is worth a line. */
		if ((told && stackid_reading_wants_event(report->reading, i)) ||
		    stackid_profile_sum(report->profile, i)->hits)
			print_event(report,
				    stackid_reading_event(report->reading, i));
	}
}

static unsigned int wanted_keys(const struct report *report)
{
	unsigned int keys = 0;

	if (sorts_by(report, KEY_COMM))
		keys |= PROFILE_COMM;
	if (sorts_by(report, KEY_PID))
		keys |= PROFILE_TGID;
	if (sorts_by(report, KEY_TID))
		keys |= PROFILE_PID;
	if (sorts_by(report, KEY_CPU))
		keys |= PROFILE_CPU;
	return keys;
}

static int parse_percent(const char *text, double *percent)
{
	char *end;

	*percent = strtod(text, &end);
	if (end == text || *end || !(*percent >= 0) || *percent > 100) {
		stackid_complain("--percent-limit takes a number from 0 to 100, not '%s'",
				 text);
		return -1;
	}
	return 0;
}

static int settle_options(struct report *report)
{
	const struct report_options *options = report->options;

	report->by_frame = sorts_by(report, KEY_SYM) ||
			   sorts_by(report, KEY_MODULE);
	report->children = options->children && report->by_frame &&
			   !sorts_by(report, KEY_STACK);
	report->callers_first = report->children || !report->by_frame;
	if (options->order) {
		if (strcmp(options->order, "caller") &&
		    strcmp(options->order, "callee")) {
			stackid_complain("--order takes caller or callee, not '%s'",
					 options->order);
			return -1;
		}
		report->callers_first = !strcmp(options->order, "caller");
	}
	if (stackid_reading_parse_weight(options->weight, &report->weigh))
		return -1;
	report->tree_limit = DEFAULT_TREE_LIMIT;
	if (options->percent_limit) {
		if (parse_percent(options->percent_limit, &report->row_limit))
			return -1;
		report->tree_limit = report->row_limit;
	}
	return 0;
}

static int run(const struct command *self, int argc, char **argv)
{
	struct report_options options = {
		.reading.pager = true,
		.sort = { .keys = { KEY_COMM, KEY_SYM }, .nr = 2 },
		.children = true,
		.call_graph = true,
	};
	struct report report = { .options = &options };
	int first = stackid_command_parse(self, &options, argc, argv);
	struct data_event event;
	int result = EXIT_OK;
	bool any = false;

	/* As "perf report -g caller" is used to. */
	if (first < argc && !strncmp(argv[first], "calle", 5))
		stackid_command_misused(self, "-g takes no value; the order of trees is --order %s",
					argv[first]);
	if (first < argc)
		stackid_command_misused(self, "'%s' is one word too many; files are named with -i",
					argv[first]);
	if (settle_options(&report))
		return EXIT_USAGE;
	report.reading = stackid_reading_open(&options.reading);
	if (!report.reading)
		return EXIT_FAILED;
	report.data = stackid_reading_data(report.reading);
	report.profile = stackid_profile_create(report.data,
						wanted_keys(&report));
	while (stackid_reading_next(report.reading, &event)) {
		stackid_profile_add(report.profile, &event, report.weigh);
		any |= event.kind != DATA_LOST;
	}
	if (check_profile(&report, any)) {
		result = EXIT_FAILED;
	} else {
		stackid_profile_finish(report.profile);
		if (!options.plain) {
			report.colours = stackid_terminal_colours();
			if (options.reading.pager)
				stackid_pager_start();
			if (!stackid_pager_running())
				report.width = stackid_terminal_width();
		}
		print_report(&report);
	}
	stackid_profile_destroy(report.profile);
	free(report.line);
	return stackid_reading_close(report.reading, result);
}

static const struct option_row rows[] = {
	READING_OPTION_ROWS(struct report_options),
	OPTION_GROUP("Rows"),
	OPTION_CALL('s', "sort", struct report_options, sort, "KEY[,KEY]",
		    "comm pid tid cpu sym module event stack", parse_sort,
		    "a row for each comm, pid, tid, cpu, sym, module, event or stack (default comm,sym)"),
	OPTION_FLAG(0, "children", struct report_options, children,
		    "count what a function called to it too (default; --no-children does not)"),
	OPTION_STRING(0, "weight", struct report_options, weight, "WHAT",
		      "hits value",
		      "count hits (default), or sum up the values that value=argN recorded"),
	OPTION_STRING(0, "percent-limit", struct report_options, percent_limit,
		      "PERCENT", NULL,
		      "leave out rows (default 0) and branches (default 0.5) below PERCENT"),
	OPTION_FLAG('n', "show-nr-samples", struct report_options, show_hits,
		    "a column with the number of hits"),
	OPTION_GROUP("Call trees"),
	OPTION_FLAG('g', "call-graph", struct report_options, call_graph,
		    "a tree below each row (default; --no-call-graph for rows only)"),
	OPTION_STRING(0, "order", struct report_options, order, "WHO",
		      "caller callee",
		      "begin trees with the caller (default) or callee (with --no-children)"),
	OPTION_GROUP("Output"),
	OPTION_FLAG(0, "header", struct report_options, header,
		    "tell where, when and how it was recorded"),
	OPTION_FLAG(0, "stdio", struct report_options, plain,
		    "plain text on terminals too: no pager, no colours, lines not cut"),
	OPTION_FLAG(0, "pager", struct report_options, reading.pager,
		    "page a long text on a terminal (default; see STACKID_PAGER)"),
	OPTION_END,
};

const struct command stackid_command_report = {
	.name = "report",
	.summary = "show where the recorded events came from",
	.usage = "[OPTIONS]",
	.description =
		"Prints a table of who hit each event how often, in percent, with call trees\n"
		"below its rows, and what was lost.\n",
	.examples =
		"  stackid report\n"
		"  stackid report --no-children --sort sym --no-call-graph\n"
		"  stackid report --event sched:sched_switch --sort comm --percent-limit 2\n",
	.options = rows,
	.run = run,
};
