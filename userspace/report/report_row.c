// SPDX-License-Identifier: GPL-2.0
/* A row of the table: its text, and its place among others. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../lib/clock.h"
#include "report_row.h"

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
				 stack->generation->number, stack->id);
		else
			snprintf(buffer, size, "%" PRIu64 ":#%" PRIu32,
				 stack->generation->number, row->stack);
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
		if (x->stack_order != y->stack_order)
			return compare_numbers(x->stack_order, y->stack_order);
		return compare_numbers(x->stack, y->stack);
	case KEY_TIME:
		return compare_numbers(x->time, y->time);
	case KEY_PARENT:
		return compare_numbers(x->parent, y->parent);
	case NR_KEYS:
		break;
	}
	return 0;
}

int stackid_row_compare_keys(const struct report *report, const struct row *x,
			     const struct row *y, unsigned int nr)
{
	const struct sort_order *sort = &report->options->sort;
	int order = 0;

	for (unsigned int i = 0; i < nr && !order; i++)
		order = compare_key(report, x, y, sort->keys[i]);
	return order;
}

int stackid_row_compare(const struct report *report, const struct row *x,
			const struct row *y)
{
	const struct sort_order *sort = &report->options->sort;
	int order = stackid_row_compare_keys(report, x, y, sort->before);

	if (order)
		return order;
	if (x->total != y->total)
		return x->total > y->total ? -1 : 1;
	if (x->level != y->level)
		return x->level < y->level ? -1 : 1;
	if (x->self != y->self)
		return x->self > y->self ? -1 : 1;
	order = stackid_row_compare_keys(report, x, y, sort->nr);
	if (order)
		return order;
	/* Names that print alike: functions and events have orders of their own. */
	if (x->function != y->function)
		return compare_numbers(x->function, y->function);
	return compare_numbers(x->event, y->event);
}

/* A shorter name is followed by zeros, and so comes first. */
static uint64_t first_bytes(const char *name)
{
	uint64_t bytes = 0;

	for (unsigned int i = 0; i < 8; i++) {
		bytes = bytes << 8 | (unsigned char)*name;
		name += !!*name;
	}
	return bytes;
}

uint64_t stackid_row_hint(const struct report *report, const struct row *row)
{
	switch (report->options->sort.keys[0]) {
	case KEY_COMM:
		return first_bytes(row->comm);
	case KEY_PID:
		return row->tgid;
	case KEY_TID:
		return row->pid;
	case KEY_CPU:
		return row->cpu;
	case KEY_SYM:
		return row->function;
	case KEY_MODULE:
		return first_bytes(row->module);
	case KEY_STACK:
		return row->stack_order;
	case KEY_TIME:
		return row->time;
	case KEY_PARENT:
		return row->parent;
	case KEY_EVENT:
	case NR_KEYS:
		break;
	}
	return 0;
}
