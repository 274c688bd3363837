// SPDX-License-Identifier: GPL-2.0
/* The rows of a section's table: what its cells add up to. */

#include <stdlib.h>
#include <string.h>

#include "../lib/array.h"
#include "../lib/hash.h"
#include "../lib/memory.h"
#include "report_cell.h"
#include "report_ranks.h"
#include "report_rows.h"

static uint64_t hash_key(const struct row *key)
{
	uint64_t hash = stackid_hash_mix((uintptr_t)key->comm,
					 (uint64_t)key->tgid << 32 | key->pid);

	hash = stackid_hash_mix(hash, (uint64_t)key->cpu << 32 | key->stack);
	hash = stackid_hash_mix(hash, (uint64_t)key->function << 32 |
				      key->event);
	return stackid_hash_mix(hash, key->time ^
				      (uint64_t)key->parent << 32);
}

static bool same_key(const struct row *a, const struct row *b)
{
	return a->function == b->function && a->comm == b->comm &&
	       a->tgid == b->tgid && a->pid == b->pid && a->cpu == b->cpu &&
	       a->stack == b->stack && a->event == b->event &&
	       a->time == b->time && a->parent == b->parent;
}

/* The number of the group. */
static uint32_t find_group(struct rows *rows, const struct row *key)
{
	uint64_t hash = hash_key(key);
	uint32_t number;
	size_t step = 0;

	while ((number = stackid_slots_next(&rows->slots, hash, &step))) {
		if (same_key(&rows->groups[number - 1].key, key))
			return number;
	}
	stackid_array_reserve(rows->groups, rows->nr_groups,
			      rows->groups_room);
	rows->groups[rows->nr_groups++] = (struct row_group) { .key = *key };
	stackid_slots_add(&rows->slots, hash, rows->nr_groups);
	return rows->nr_groups;
}

/* Of the row of @function in @group; groups come one after the other. */
static struct row_sum *find_sum(struct rows *rows, uint32_t group,
				uint32_t function, size_t first_row)
{
	uint32_t first = rows->first_of[function];
	struct row_sum *sum = &rows->sums[first];

	if (sum->group == group)
		return sum;
	*sum = (struct row_sum) {
		.group = group,
		.row = rows->nr,
		.level = UINT32_MAX,
	};
	stackid_array_reserve(rows->at, rows->nr, rows->max);
	rows->functions[rows->nr++ - first_row] = first;
	return sum;
}

static void add_part(struct rows *rows, struct row_sum *sum, uint32_t cell,
		     uint32_t from)
{
	sum->nr_parts++;
	if (rows->report->lazy)
		return;
	stackid_array_reserve(rows->log, rows->nr_parts, rows->log_room);
	rows->log[rows->nr_parts++] = (struct row_part) {
		.row = sum->row,
		.part = { .cell = cell, .from = from },
	};
}

/* Gives each row its parts, in the order in which they came. */
static void sort_parts(struct rows *rows)
{
	struct part *next;

	if (rows->report->lazy)
		return;
	rows->parts = stackid_memory_resize(NULL, rows->nr_parts + 1,
					    sizeof(*rows->parts));
	next = rows->parts;
	for (size_t i = 0; i < rows->nr; i++) {
		rows->at[i].parts = next;
		next += rows->at[i].nr_parts;
		rows->at[i].nr_parts = 0;
	}
	for (size_t i = 0; i < rows->nr_parts; i++) {
		struct row *row = &rows->at[rows->log[i].row];

		row->parts[row->nr_parts++] = rows->log[i].part;
	}
	free(rows->log);
	rows->log = NULL;
}

static void add_frame(struct rows *rows, struct row_sum *sum,
		      const struct profile_cell *from, uint32_t cell,
		      uint32_t at)
{
	/* A function that calls itself counts once, from its first call on. */
	if (sum->last_cell == cell + 1)
		return;
	sum->last_cell = cell + 1;
	sum->total = stackid_profile_add_weights(sum->total, from->weight);
	sum->hits += from->hits;
	if (at < sum->level)
		sum->level = at;
	add_part(rows, sum, cell, at);
}

static void add_cell(struct rows *rows, uint32_t group, size_t first_row,
		     uint32_t index)
{
	const struct report *report = rows->report;
	const struct profile_cell *cell =
		stackid_profile_cell(report->profile, index);
	uint32_t room[PROFILE_MOST_FUNCTIONS];
	const uint32_t *stack;
	struct row_sum *sum;
	uint32_t nr, leaf;

	if (report->children) {
		stack = stackid_profile_look(report->profile, cell, room, &nr);
		leaf = stack[nr - 1];
		for (uint32_t at = 0; at < nr - 1; at++)
			add_frame(rows,
				  find_sum(rows, group, stack[at], first_row),
				  cell, index, at);
	} else {
		leaf = stackid_profile_leaf(report->profile, cell, &nr);
	}
	sum = find_sum(rows, group, leaf, first_row);
	add_frame(rows, sum, cell, index, nr - 1);
	sum->self = stackid_profile_add_weights(sum->self, cell->weight);
}

static int compare_functions(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Puts the group's functions in order, by a look at all of them where it has many. */
static void sort_functions(struct rows *rows, uint32_t group, size_t nr)
{
	uint32_t all = stackid_profile_nr_functions(rows->report->profile);

	if (nr < all / 16) {
		qsort(rows->functions, nr, sizeof(*rows->functions),
		      compare_functions);
		return;
	}
	nr = 0;
	for (uint32_t i = 0; i < all; i++) {
		if (rows->sums[i].group == group)
			rows->functions[nr++] = i;
	}
}

/* The group's rows, from their sums. */
static void end_group(struct rows *rows, uint32_t group, size_t first_row)
{
	const struct report *report = rows->report;
	/* Parts know their rows by their places. */
	bool ordered = report->lazy && report_sorts_by(report, KEY_SYM) &&
		       !report_sorts_by(report, KEY_MODULE);

	if (ordered)
		sort_functions(rows, group, rows->nr - first_row);
	for (size_t i = first_row; i < rows->nr; i++) {
		uint32_t function = rows->functions[i - first_row];
		const struct row_sum *sum = &rows->sums[function];
		struct row *row = &rows->at[i];

		*row = rows->groups[group - 1].key;
		if (report_sorts_by(report, KEY_SYM))
			row->function = function;
		if (report_sorts_by(report, KEY_MODULE))
			row->module = stackid_profile_function(report->profile,
							       function)->module;
		row->total = sum->total;
		row->self = sum->self;
		row->total_hits = sum->hits;
		row->level = sum->level;
		row->nr_parts = sum->nr_parts;
		if (ordered && group <= ROW_MAX_GROUP)
			row->group = group;
	}
}

/* The first function of the module of @function, which comes after those before. */
static uint32_t find_module(const struct report *report, struct slots *modules,
			    uint32_t function)
{
	/* Equal modules are equal pointers. */
	const char *module =
		stackid_profile_function(report->profile, function)->module;
	uint64_t hash = stackid_hash_u64((uintptr_t)module);
	uint32_t number;
	size_t step = 0;

	while ((number = stackid_slots_next(modules, hash, &step))) {
		if (stackid_profile_function(report->profile,
					     number - 1)->module == module)
			return number - 1;
	}
	stackid_slots_add(modules, hash, function + 1);
	return function;
}

/* Where no key differs from frame to frame, all functions are one. */
static void find_firsts(struct rows *rows)
{
	const struct report *report = rows->report;
	uint32_t nr = stackid_profile_nr_functions(report->profile);
	struct slots modules = {};

	rows->first_of = stackid_memory_zalloc(nr, sizeof(*rows->first_of));
	rows->sums = stackid_memory_zalloc(nr, sizeof(*rows->sums));
	rows->functions = stackid_memory_zalloc(nr, sizeof(*rows->functions));
	for (uint32_t i = 0; i < nr && report->by_frame; i++) {
		rows->first_of[i] = i;
		if (!report_sorts_by(report, KEY_SYM))
			rows->first_of[i] = find_module(report, &modules, i);
	}
	stackid_slots_free(&modules);
}

/* Cells by their groups, *@nr of them, to be freed. */
static uint32_t *order_cells(struct rows *rows, size_t *nr)
{
	const struct report *report = rows->report;
	size_t nr_cells = stackid_profile_nr_cells(report->profile);
	uint32_t *groups = stackid_memory_zalloc(nr_cells + 1,
						 sizeof(*groups));
	uint32_t *cells = stackid_memory_resize(NULL, nr_cells + 1,
						sizeof(*cells));
	size_t next = 0;

	for (size_t i = 0; i < nr_cells; i++) {
		struct row key = {};

		if (!stackid_cell_in_section(report, i, rows->event))
			continue;
		stackid_cell_set_keys(report, stackid_profile_cell(report->profile, i),
			      &key);
		groups[i] = find_group(rows, &key);
		rows->groups[groups[i] - 1].nr_cells++;
	}
	/* From here on .nr_cells is where the next one goes. */
	for (size_t i = 0; i < rows->nr_groups; i++) {
		size_t here = rows->groups[i].nr_cells;

		rows->groups[i].nr_cells = next;
		next += here;
	}
	for (size_t i = 0; i < nr_cells; i++) {
		if (groups[i])
			cells[rows->groups[groups[i] - 1].nr_cells++] = i;
	}
	free(groups);
	*nr = next;
	return cells;
}

static void add_cells(struct rows *rows)
{
	size_t nr;
	uint32_t *cells = order_cells(rows, &nr);
	size_t i = 0;

	for (uint32_t group = 1; group <= rows->nr_groups; group++) {
		size_t first_row = rows->nr;

		/* .nr_cells is where the group ends by now. */
		for (; i < rows->groups[group - 1].nr_cells; i++)
			add_cell(rows, group, first_row, cells[i]);
		end_group(rows, group, first_row);
	}
	free(cells);
}

void stackid_rows_make(struct rows *rows, const struct report *report,
		       unsigned int event)
{
	*rows = (struct rows) { .report = report, .event = event };
	find_firsts(rows);
	add_cells(rows);
	free(rows->groups);
	free(rows->sums);
	free(rows->first_of);
	free(rows->functions);
	stackid_slots_free(&rows->slots);
	sort_parts(rows);
	stackid_ranks_sort(report, rows->at, rows->nr);
}

/* Where the row's function or module is in the cell's stack first; @nr if nowhere. */
static uint32_t find_frame(const struct report *report, const struct row *row,
			   const uint32_t *stack, uint32_t nr)
{
	uint32_t at = report->children ? 0 : nr - 1;

	for (; at < nr && report->by_frame; at++) {
		if (report_sorts_by(report, KEY_SYM) ?
		    stack[at] == row->function :
		    stackid_profile_function(report->profile,
					     stack[at])->module == row->module)
			break;
	}
	return at;
}

struct part *stackid_rows_find_parts(const struct rows *rows,
				     const struct row *row)
{
	const struct report *report = rows->report;
	size_t nr_cells = stackid_profile_nr_cells(report->profile);
	struct part *parts = stackid_memory_zalloc(row->nr_parts + 1,
						   sizeof(*parts));
	struct row whose = *row;
	uint32_t nr_parts = 0;

	if (report_sorts_by(report, KEY_SYM))
		whose.function = 0;
	for (size_t i = 0; i < nr_cells && nr_parts < row->nr_parts; i++) {
		const struct profile_cell *cell =
			stackid_profile_cell(report->profile, i);
		uint32_t room[PROFILE_MOST_FUNCTIONS];
		struct row key = {};
		const uint32_t *stack;
		uint32_t nr, at;

		if (!stackid_cell_in_section(report, i, rows->event))
			continue;
		stackid_cell_set_keys(report, cell, &key);
		if (!same_key(&key, &whose))
			continue;
		stack = stackid_profile_look(report->profile, cell, room, &nr);
		at = find_frame(report, row, stack, nr);
		if (at < nr)
			parts[nr_parts++] = (struct part) {
				.cell = i, .from = at,
			};
	}
	return parts;
}

void stackid_rows_free(struct rows *rows)
{
	free(rows->parts);
	free(rows->at);
}
