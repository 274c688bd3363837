// SPDX-License-Identifier: GPL-2.0
/* Which of a profile's cells a table is of, and what they give its rows. */

#include "report_cell.h"

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
	const struct profile_who *who = stackid_profile_who(report->profile, cell);
	const struct report_zoom *zoom = &report->zoom;

	return (!zoom->comm || who->comm == zoom->comm) &&
	       (!zoom->by_tgid || who->tgid == zoom->tgid) &&
	       (!zoom->by_pid || who->pid == zoom->pid) &&
	       (!zoom->by_function || stack_has(report, cell, zoom->function));
}

bool stackid_cell_in_section(const struct report *report, size_t index,
			     unsigned int event)
{
	const struct profile_cell *cell =
		stackid_profile_cell(report->profile, index);

	return (report_sorts_by(report, KEY_EVENT) || cell->event == event) &&
	       in_zoom(report, cell);
}

/* 0 is none; those without an id come last. */
static uint64_t order_stack(const struct report *report, uint32_t index)
{
	const struct data_stack *stack;

	if (!index)
		return 0;
	stack = stackid_data_stack(report->data, index);
	return stack->generation->number << 32 | (stack->id - 1U);
}

/* The innermost function that --parent names, + 1; 0 if there is none. */
static uint32_t find_parent(const struct report *report,
			    const struct profile_cell *cell)
{
	uint32_t nr;
	const uint32_t *stack = stackid_profile_stack(report->profile, cell,
						      &nr);

	while (nr--) {
		if (report->parents[stack[nr]])
			return stack[nr] + 1;
	}
	return 0;
}

void stackid_cell_set_keys(const struct report *report,
			   const struct profile_cell *cell, struct row *key)
{
	const struct profile_who *who = stackid_profile_who(report->profile, cell);
	uint32_t nr;

	if (report_sorts_by(report, KEY_COMM))
		key->comm = who->comm;
	if (report_sorts_by(report, KEY_PID))
		key->tgid = who->tgid;
	if (report_sorts_by(report, KEY_TID))
		key->pid = who->pid;
	if (report_sorts_by(report, KEY_CPU))
		key->cpu = who->cpu;
	if (report_sorts_by(report, KEY_EVENT))
		key->event = cell->event;
	if (report_sorts_by(report, KEY_TIME))
		key->time = who->time;
	if (report_sorts_by(report, KEY_PARENT))
		key->parent = find_parent(report, cell);
	if (!report_sorts_by(report, KEY_STACK))
		return;
	key->stack = cell->stack;
	key->stack_order = order_stack(report, cell->stack);
	/* "[user]" and "[no stack]" have none, and differ. */
	if (!cell->stack && !report_sorts_by(report, KEY_SYM))
		key->function = *stackid_profile_stack(report->profile, cell,
						       &nr);
}
