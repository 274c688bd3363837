/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A hit that comes to a place where it has been before, by the same way: nearly
 * all of them.  Nothing is walked and nothing is looked up; the id is recalled
 * and recorded.  It is all in this one function, which becomes part of the
 * probe: calls between its steps would cost as much as the steps.
 */
#ifndef _STACKID_EVENT_AGAIN_H
#define _STACKID_EVENT_AGAIN_H

#include <linux/compiler.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>

#include "../compat.h"
#include "../context.h"
#include "../guard.h"
#include "../ring/record.h"
#include "../ring/ring_writer.h"
#include "../table/table_layout.h"
#include "../unwind/unwind.h"
#include "event.h"
#include "recall.h"
#include "recording_layout.h"
#include "task.h"

/* entry->head if the current stack is known here, or 0. */
static __always_inline u64 recall(const struct stackid_table *table,
				  struct percpu_state *state, unsigned long ip,
				  unsigned long sp, unsigned long bp)
{
	u64 generation = stackid_table_generation(table);
	/* Pairs with the release in make_ring(). */
	struct recall *recall = smp_load_acquire(&state->recall);

	if (unlikely(!recall ||
		     READ_ONCE(state->writer->generation) != generation ||
		     !READ_ONCE(stackid_unwind_fast)))
		return 0;
	return recall_head(recall_entry(recall, ip, sp), ip, sp, bp,
			   generation);
}

static __always_inline void record_again(const struct event *event,
					 struct percpu_state *state, u64 head,
					 const unsigned long *args)
{
	unsigned int nr_values = args ? event->spec.nr_values : 0;
	unsigned int size = sizeof(struct stackid_record) +
			    nr_values * sizeof(u64);
	unsigned int type = STACKID_REC_EVENT |
			    (nr_values ? STACKID_REC_VALUES : 0);
	struct ring_writer *writer = state->writer;
	struct ring_place place = ring_place(writer, size, true);

	if (unlikely(!place.data)) {
		local_inc(&state->ledger[LEDGER_OFFERED]);
		local_inc(&state->ledger[ledger_of_refusal(place.why)]);
		return;
	}
	head |= stackid_record_head(type, size, 0, event->number, 0);
	stackid_record_put(place.data, head, current->pid, place.time);
	if (args)
		stackid_event_put_values(event, args,
					 place.data + sizeof(struct stackid_record));
	ring_leave(writer);
	local_inc(&state->recalled);
}

/**
 * stackid_event_drops() - is a hit left out by what its arguments say?
 * @event: any
 * @args: as stackid_event_hit() has them, not NULL
 *
 * To be asked first.  It needs no guard, as nothing is read that could fault: what
 * is left out costs next to nothing.  Of tasks that are not wanted it counts none.
 *
 * Context: any.
 * Return: true: it has been counted, if it is recording.
 */
static __always_inline bool stackid_event_drops(const struct event *event,
						const unsigned long *args)
{
	if (!event->drops_at_once ||
	    event_conditions_hold(event->spec.conditions,
				  event->spec.nr_conditions, args))
		return false;
	/* Nothing is under way behind it, so no order is needed. */
	if (!READ_ONCE(event->rec->on))
		return true;
	if (!event->filter) {
		this_cpu_inc(event->rec->state->dropped);
		return true;
	}
	preempt_disable_notrace();
	if (stackid_task_filter_passes(event->filter))
		this_cpu_inc(event->rec->state->dropped);
	preempt_enable_notrace();
	return true;
}

/**
 * stackid_event_again() - a hit, if its stack is known here
 * @event: with spec.nr_args if and only if @args is not NULL
 * @ip: as in struct unwind_start
 * @sp: likewise
 * @bp: likewise
 * @args: as stackid_event_hit() has them; best a constant where it is NULL
 *
 * Context: any.
 * Return: true: done.  False: nothing has been done, stackid_event_hit() has to.
 */
static __always_inline bool
stackid_event_again(const struct event *event, unsigned long ip,
		    unsigned long sp, unsigned long bp,
		    const unsigned long *args)
{
	const struct recording *rec = event->rec;
	struct percpu_state *state;
	bool done = false;
	u64 head;

	/* What keeps ring and generation alive: the RCU of this path. */
	preempt_disable_notrace();
	/* Pairs with the release in turn_on(). */
	if (unlikely(!smp_load_acquire(&rec->on) || !is_level_task() ||
		     !stackid_rcu_is_watching()))
		goto out;
	state = this_cpu_ptr(rec->state);
	if (unlikely(!guard_enter(&state->guard, LEVEL_TASK)))
		goto out;
	if (unlikely(event->filter &&
		     !stackid_task_filter_passes(event->filter))) {
		done = true;
		goto out_leave;
	}
	if (args && !stackid_event_passes(event, args)) {
		local_inc(&state->ledger[LEDGER_FILTERED]);
		done = true;
		goto out_leave;
	}
	head = recall(rec->table, state, ip, sp, bp);
	/* One that is due for a check has to be walked. */
	if (likely(head && --state->until_walk > 0)) {
		record_again(event, state, head, args);
		done = true;
	}
out_leave:
	guard_leave(&state->guard, LEVEL_TASK);
out:
	preempt_enable_notrace();
	return done;
}

#endif /* _STACKID_EVENT_AGAIN_H */
