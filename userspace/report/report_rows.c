// SPDX-License-Identifier: GPL-2.0
/* The rows of a section's table: what its cells add up to. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/array.h"
#include "../lib/clock.h"
#include "../lib/hash.h"
#include "../lib/memory.h"
#include "report_rows.h"

/* Of what is the same for all frames of a cell. */
static uint64_t hash_cell(const struct row *row)
{
	uint64_t hash = stackid_hash_mix((uintptr_t)row->comm,
					 (uint64_t)row->tgid << 32 | row->pid);

	hash = stackid_hash_mix(hash, ((uint64_t)row->cpu << 32 | row->stack) ^
				      (uint64_t)row->event << 48);
	return stackid_hash_mix(hash, row->time ^ row->parent);
}

static uint64_t hash_row(uint64_t hash, const struct row *row)
{
	return stackid_hash_mix(hash, (uintptr_t)row->module ^
				      (uint64_t)row->function << 20);
}

static bool same_row(const struct row *a, const struct row *b)
{
	return a->function == b->function && a->comm == b->comm &&
	       a->module == b->module && a->tgid == b->tgid &&
	       a->pid == b->pid && a->cpu == b->cpu && a->stack == b->stack &&
	       a->event == b->event && a->time == b->time &&
	       a->parent == b->parent;
}

static struct row *find_row(struct rows *rows, const struct row *key,
			    uint64_t hash)
{
	uint32_t number;
	size_t step = 0;

	while ((number = stackid_slots_next(&rows->slots, hash, &step))) {
		if (same_row(&rows->at[number - 1], key))
			return &rows->at[number - 1];
	}
	stackid_array_reserve(rows->at, rows->nr, rows->max);
	rows->at[rows->nr++] = *key;
	stackid_slots_add(&rows->slots, hash, rows->nr);
	return &rows->at[rows->nr - 1];
}

static void add_part(struct rows *rows, struct row *row, uint32_t cell,
		     uint32_t from)
{
	stackid_array_reserve(rows->log, rows->nr_parts, rows->log_room);
	rows->log[rows->nr_parts++] = (struct row_part) {
		.row = row - rows->at,
		.part = { .cell = cell, .from = from },
	};
	row->nr_parts++;
}

/* Gives each row its parts, in the order in which they came. */
static void sort_parts(struct rows *rows)
{
	struct part *next;

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

static void add_frame(struct rows *rows, const struct row *key, uint64_t hash,
		      uint32_t cell, uint32_t at, bool leaf)
{
	const struct profile_cell *from =
		stackid_profile_cell(rows->report->profile, cell);
	struct row *row = find_row(rows, key, hash_row(hash, key));

	/* A function that calls itself counts once, from its first call on. */
	if (row->last_cell != cell + 1) {
		row->last_cell = cell + 1;
		row->total = stackid_profile_add_weights(row->total,
							 from->weight);
		row->total_hits += from->hits;
		if (at < row->level)
			row->level = at;
		add_part(rows, row, cell, at);
	}
	if (leaf)
		row->self = stackid_profile_add_weights(row->self,
							from->weight);
}

/* The innermost function that --parent names, + 1; 0 if there is none. */
static uint32_t find_parent(const struct report *report, const uint32_t *stack,
			    uint32_t nr)
{
	while (nr--) {
		if (report->parents[stack[nr]])
			return stack[nr] + 1;
	}
	return 0;
}

static void add_cell(struct rows *rows, uint32_t index)
{
	const struct report *report = rows->report;
	const struct profile_cell *cell =
		stackid_profile_cell(report->profile, index);
	uint32_t nr;
	const uint32_t *stack = stackid_profile_stack(report->profile, cell,
						      &nr);
	struct row key = { .level = UINT32_MAX };
	uint64_t hash;
	uint32_t at;

	/* A cell may know more than is sorted by. */
	if (report_sorts_by(report, KEY_COMM))
		key.comm = cell->comm;
	if (report_sorts_by(report, KEY_PID))
		key.tgid = cell->tgid;
	if (report_sorts_by(report, KEY_TID))
		key.pid = cell->pid;
	if (report_sorts_by(report, KEY_CPU))
		key.cpu = cell->cpu;
	if (report_sorts_by(report, KEY_STACK)) {
		key.stack = cell->stack;
		/* "[user]" and "[no stack]" have none, and differ. */
		if (!cell->stack)
			key.function = stack[0];
	}
	if (report_sorts_by(report, KEY_EVENT))
		key.event = cell->event;
	if (report_sorts_by(report, KEY_TIME))
		key.time = cell->time;
	if (report_sorts_by(report, KEY_PARENT))
		key.parent = find_parent(report, stack, nr);
	hash = hash_cell(&key);
	at = report->children ? 0 : nr - 1;
	for (; at < nr; at++) {
		if (report_sorts_by(report, KEY_SYM))
			key.function = stack[at];
		if (report_sorts_by(report, KEY_MODULE))
			key.module = stackid_profile_function(report->profile,
							      stack[at])->module;
		add_frame(rows, &key, hash, index, at, at == nr - 1);
	}
}

const char *stackid_row_text(const struct report *report, const struct row *row,
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
	case KEY_TIME:
		if (report->options->nanoseconds)
			snprintf(buffer, size, "%5llu.%09llu",
				 row->time / NSEC_PER_SEC,
				 row->time % NSEC_PER_SEC);
		else
			snprintf(buffer, size, "%5llu.%06llu",
				 row->time / NSEC_PER_SEC,
				 row->time % NSEC_PER_SEC / 1000);
		break;
	case KEY_PARENT:
		if (!row->parent)
			return "[other]";
		return stackid_profile_function(report->profile,
						row->parent - 1)->name;
	case NR_KEYS:
		break;
	}
	return buffer;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_stacks(const struct report *report, uint32_t a, uint32_t b)
{
	const struct data_stack *x, *y;

	/* 0 is none. */
	if (!a || !b)
		return compare_numbers(a, b);
	x = stackid_data_stack(report->data, a);
	y = stackid_data_stack(report->data, b);
	if (x->generation != y->generation)
		return compare_numbers(x->generation, y->generation);
	/* Those without an id come last. */
	if (x->id != y->id)
		return compare_numbers(x->id - 1U, y->id - 1U);
	return compare_numbers(a, b);
}

static int compare_key(const struct report *report, const struct row *x,
		       const struct row *y, enum sort_key key)
{
	switch (key) {
	case KEY_COMM:
		return x->comm == y->comm ? 0 : strcmp(x->comm, y->comm);
	case KEY_PID:
		return compare_numbers(x->tgid, y->tgid);
	case KEY_TID:
		return compare_numbers(x->pid, y->pid);
	case KEY_CPU:
		return compare_numbers(x->cpu, y->cpu);
	case KEY_SYM:
		/* Numbered in the order of their names. */
		return compare_numbers(x->function, y->function);
	case KEY_MODULE:
		return x->module == y->module ? 0 :
						strcmp(x->module, y->module);
	case KEY_EVENT:
		return x->event == y->event ? 0 :
		       strcmp(stackid_reading_event(report->reading,
						    x->event)->name,
			      stackid_reading_event(report->reading,
						    y->event)->name);
	case KEY_STACK:
		return compare_stacks(report, x->stack, y->stack);
	case KEY_TIME:
		return compare_numbers(x->time, y->time);
	case KEY_PARENT:
		return compare_numbers(x->parent, y->parent);
	case NR_KEYS:
		break;
	}
	return 0;
}

/* qsort_r()'s third argument. */
static int compare_rows(const void *a, const void *b, void *context)
{
	const struct rows *rows = context;
	const struct sort_order *sort = &rows->report->options->sort;
	const struct row *x = a;
	const struct row *y = b;

	for (unsigned int i = 0; i < sort->before; i++) {
		int order = compare_key(rows->report, x, y, sort->keys[i]);

		if (order)
			return order;
	}
	if (x->total != y->total)
		return x->total > y->total ? -1 : 1;
	if (x->level != y->level)
		return x->level < y->level ? -1 : 1;
	if (x->self != y->self)
		return x->self > y->self ? -1 : 1;
	for (unsigned int i = 0; i < sort->nr; i++) {
		int order = compare_key(rows->report, x, y, sort->keys[i]);

		if (order)
			return order;
	}
	/* Names that print alike: functions and events have orders of their own. */
	if (x->function != y->function)
		return compare_numbers(x->function, y->function);
	return compare_numbers(x->event, y->event);
}

static bool stack_has(const struct report *report,
		      const struct profile_cell *cell, uint32_t function)
{
	uint32_t nr;
	const uint32_t *stack = stackid_profile_stack(report->profile, cell,
						      &nr);

	while (nr) {
		if (stack[--nr] == function)
			return true;
	}
	return false;
}

static bool in_zoom(const struct report *report,
		    const struct profile_cell *cell)
{
	const struct report_zoom *zoom = &report->zoom;

	return (!zoom->comm || cell->comm == zoom->comm) &&
	       (!zoom->by_tgid || cell->tgid == zoom->tgid) &&
	       (!zoom->by_pid || cell->pid == zoom->pid) &&
	       (!zoom->by_function || stack_has(report, cell, zoom->function));
}

static bool in_section(const struct report *report, unsigned int index,
		       unsigned int event)
{
	const struct profile_cell *cell =
		stackid_profile_cell(report->profile, index);

	return (report_sorts_by(report, KEY_EVENT) || cell->event == event) &&
	       in_zoom(report, cell);
}

void stackid_rows_make(struct rows *rows, const struct report *report,
		       unsigned int event)
{
	size_t nr_cells = stackid_profile_nr_cells(report->profile);

	*rows = (struct rows) { .report = report };
	for (size_t i = 0; i < nr_cells; i++) {
		if (in_section(report, i, event))
			add_cell(rows, i);
	}
	sort_parts(rows);
	if (rows->nr)
		qsort_r(rows->at, rows->nr, sizeof(*rows->at), compare_rows,
			rows);
}

void stackid_rows_free(struct rows *rows)
{
	free(rows->parts);
	free(rows->at);
	stackid_slots_free(&rows->slots);
}
