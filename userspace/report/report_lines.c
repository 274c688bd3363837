// SPDX-License-Identifier: GPL-2.0
/* A table as lines that open and close. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/array.h"
#include "../lib/memory.h"
#include "report_lines.h"
#include "report_table.h"

/* Lines that are about to go below another one. */
struct fresh {
	struct table_line *at;
	size_t nr;
	size_t room;
};

static void clear_paths(struct table_lines *lines)
{
	for (size_t i = 0; lines->paths && i < lines->rows.nr; i++)
		free(lines->paths[i]);
	free(lines->paths);
	lines->paths = NULL;
}

void stackid_lines_free(struct table_lines *lines)
{
	clear_paths(lines);
	stackid_rows_free(&lines->rows);
	free(lines->at);
	memset(lines, 0, sizeof(*lines));
}

void stackid_lines_make(struct table_lines *lines, struct report *report,
			unsigned int event)
{
	stackid_lines_free(lines);
	lines->report = report;
	report->lazy = true;
	stackid_rows_make(&lines->rows, report, event);
	stackid_table_begin_widths(report, lines->widths);
	lines->paths = stackid_memory_zalloc(lines->rows.nr + 1,
					     sizeof(*lines->paths));
	stackid_lines_filter(lines, NULL);
}

static bool row_matches(const struct report *report, const struct row *row,
			const char *text)
{
	const struct sort_order *sort = &report->options->sort;
	char buffer[KEY_SIZE];

	for (unsigned int i = 0; i < sort->nr; i++) {
		if (strcasestr(stackid_row_text(report, row, sort->keys[i],
						buffer, sizeof(buffer)), text))
			return true;
	}
	return false;
}

void stackid_lines_filter(struct table_lines *lines, const char *text)
{
	const struct report *report = lines->report;

	lines->nr = 0;
	for (size_t i = 0; i < lines->rows.nr; i++) {
		const struct row *row = &lines->rows.at[i];
		double percent = report_percent(report, row->total);

		if (!stackid_table_shows(report, row))
			continue;
		if (text && *text && !row_matches(report, row, text))
			continue;
		stackid_array_reserve(lines->at, lines->nr, lines->room);
		lines->at[lines->nr++] = (struct table_line) {
			.row = i,
			.leaf = !report->options->call_graph.on ||
				percent < report->tree_limit,
		};
	}
}

static void add_fresh(struct fresh *fresh, const struct table_line *line)
{
	stackid_array_reserve(fresh->at, fresh->nr, fresh->room);
	fresh->at[fresh->nr++] = *line;
}

/* The root of a row's tree; false if it has no tree. */
static bool find_root(struct table_lines *lines, uint32_t index,
		      struct profile_node *root)
{
	const struct row *row = &lines->rows.at[index];
	struct profile_path **paths = &lines->paths[index];

	if (!*paths)
		*paths = stackid_tree_paths(&lines->rows, row);
	*root = (struct profile_node) {
		.paths = *paths, .nr_paths = row->nr_parts,
	};
	return *paths;
}

static bool goes_on(const struct profile_node *node, uint32_t depth)
{
	for (size_t i = 0; i < node->nr_paths; i++) {
		if (node->paths[i].nr > depth)
			return true;
	}
	return false;
}

static void add_below(struct table_lines *lines, struct fresh *fresh,
		      const struct table_line *parent,
		      struct profile_node node)
{
	struct profile_path *all = lines->paths[parent->row];
	struct table_line line = {
		.row = parent->row,
		.depth = parent->depth,
		.level = parent->level + 1,
	};
	struct profile_node *children;
	size_t nr;

	line.chain = true;
	while (stackid_profile_only_child(&node, line.depth, &line.node)) {
		node = line.node;
		if (++line.depth > 1 ||
		    !stackid_tree_skips_first(lines->report))
			add_fresh(fresh, &line);
	}
	line.chain = false;
	stackid_profile_sort_step(all + (node.paths - all), node.nr_paths,
				  line.depth);
	children = stackid_tree_children(lines->report, node.paths,
					 node.nr_paths, line.depth, &nr);
	line.depth++;
	line.whole = stackid_tree_whole(lines->report, node.paths,
					node.nr_paths);
	for (size_t i = 0; i < nr; i++) {
		line.node = children[i];
		line.leaf = !goes_on(&children[i], line.depth);
		add_fresh(fresh, &line);
	}
	free(children);
}

bool stackid_lines_open(struct table_lines *lines, size_t i)
{
	struct table_line line = lines->at[i];
	struct fresh fresh = {};
	struct profile_node node = line.node;
	size_t after = lines->nr - i - 1;

	if (line.open || line.leaf || line.chain)
		return false;
	if (line.depth || find_root(lines, line.row, &node))
		add_below(lines, &fresh, &line, node);
	if (!fresh.nr) {
		lines->at[i].leaf = true;
		return false;
	}
	while (lines->nr + fresh.nr > lines->room)
		stackid_array_reserve(lines->at, lines->room, lines->room);
	lines->at[i].open = true;
	memmove(&lines->at[i + 1 + fresh.nr], &lines->at[i + 1],
		after * sizeof(line));
	memcpy(&lines->at[i + 1], fresh.at, fresh.nr * sizeof(line));
	lines->nr += fresh.nr;
	free(fresh.at);
	return true;
}

static size_t end_of_tree(const struct table_lines *lines, size_t i)
{
	size_t end = i + 1;

	while (end < lines->nr && lines->at[end].level > lines->at[i].level)
		end++;
	return end;
}

bool stackid_lines_close(struct table_lines *lines, size_t i)
{
	size_t end = end_of_tree(lines, i);

	if (!lines->at[i].open)
		return false;
	lines->at[i].open = false;
	memmove(&lines->at[i + 1], &lines->at[end],
		(lines->nr - end) * sizeof(*lines->at));
	lines->nr -= end - i - 1;
	return true;
}

void stackid_lines_open_all(struct table_lines *lines, size_t i)
{
	/* What is opened follows, and moves the end. */
	for (size_t k = i; k < end_of_tree(lines, i); k++)
		stackid_lines_open(lines, k);
}

size_t stackid_lines_parent(const struct table_lines *lines, size_t i)
{
	size_t parent = i;

	while (parent && lines->at[parent].level >= lines->at[i].level &&
	       lines->at[i].level)
		parent--;
	return parent;
}

void stackid_lines_measure(struct table_lines *lines, size_t first, size_t nr)
{
	for (size_t i = first; i < first + nr && i < lines->nr; i++) {
		if (!lines->at[i].level)
			stackid_table_measure(lines->report,
					      &lines->rows.at[lines->at[i].row],
					      lines->widths);
	}
}

static const char *take_text(struct table_lines *lines)
{
	struct report_line *line = &lines->report->line;

	line->len = 0;
	return line->text;
}

const char *stackid_lines_titles(struct table_lines *lines)
{
	stackid_line_add(&lines->report->line, " ");
	stackid_table_add_titles(lines->report, lines->widths);
	/* The first two are blank and the sign of a comment. */
	lines->report->line.text[1] = ' ';
	return take_text(lines);
}

const char *stackid_lines_text(struct table_lines *lines, size_t i)
{
	const struct table_line *at = &lines->at[i];
	struct report *report = lines->report;
	struct report_line *line = &report->line;
	char mark = at->chain || at->leaf ? ' ' : at->open ? '-' : '+';

	if (!at->level) {
		stackid_line_add(line, "%c", mark);
		stackid_table_add_row(report, &lines->rows.at[at->row],
				      lines->widths);
		return take_text(lines);
	}
	stackid_line_add(line, "%*s", 2 * at->level + 3, "");
	if (at->chain)
		stackid_line_add(line, "          ");
	else if (report->graph.value == GRAPH_PERCENT)
		stackid_line_add(line, "%c %6.2f%% ", mark,
				 report_share(at->node.weight, at->whole));
	else
		stackid_line_add(line, "%c %7" PRIu64 " ", mark,
				 at->node.weight);
	stackid_line_add(line, "%s",
			 stackid_profile_function(report->profile,
						  at->node.function)->name);
	return take_text(lines);
}

bool stackid_lines_function(const struct table_lines *lines, size_t i,
			    uint32_t *function)
{
	const struct table_line *line = &lines->at[i];

	*function = line->level ? line->node.function :
				  lines->rows.at[line->row].function;
	return line->level || report_sorts_by(lines->report, KEY_SYM);
}
