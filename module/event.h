/* SPDX-License-Identifier: GPL-2.0 */
/* An enabled event, and what a hit of it does. */
#ifndef _STACKID_EVENT_H
#define _STACKID_EVENT_H

#include <linux/list.h>
#include <linux/types.h>

#include "refusal.h"
#include "unwind_start.h"

struct recording;
struct source_ops;
struct task_filter;

/**
 * struct event_spec - what one line written to "events" asks for
 * @name:       as in available_events
 * @freq:       samples a second, 0 if not asked for
 * @period:     hits per event, 0 if not asked for
 * @value_arg:  record the probe's argument of this number, from 1; 0 is none
 * @irq_full:   do not cut a stack at the interrupt's entry
 * @nr_pids:    how many of @pids are asked for; 0 is everybody
 * @pids:       processes whose threads and later children are wanted
 */
struct event_spec {
	char name[128];
	u64 freq;
	u64 period;
	unsigned int value_arg;
	bool irq_full;
	unsigned int nr_pids;
	pid_t pids[16];
};

/**
 * struct event - an enabled event
 * @link:      in recording->events, under recording->lock
 * @number:    in the records, 1..STACKID_MAX_EVENT
 * @spec:      as it was asked for; constant
 * @rec:       whose rings and table its hits go to; constant
 * @source:    what makes it hit; constant
 * @source_data: the source's own, from attach to detach
 * @filter:    whose hits count, NULL for everybody's; constant
 */
struct event {
	struct list_head link;
	unsigned int number;
	struct event_spec spec;
	struct recording *rec;
	const struct source_ops *source;
	void *source_data;
	struct task_filter *filter;
};

/*
 * A hit, on the way from its source to the ring.
 *
 * stackid_event_hit() may be called in any context, also NMI, with interrupts on
 * or off.  It neither waits, nor allocates, nor takes a lock.  The caller keeps
 * the event alive: a source's detach returns only when no hit of it is under
 * way any more.
 *
 * @from is where the walk begins: the registers of the interrupted place, or
 * the frame of the function that the source's probe was called from, see
 * unwind_start.h.  @user_mode: the hit interrupted user mode, so that there is no
 * kernel stack.
 */
void stackid_event_hit(struct event *event, const struct unwind_start *from,
		       bool user_mode, u64 value);

#endif /* _STACKID_EVENT_H */
