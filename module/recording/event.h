/* SPDX-License-Identifier: GPL-2.0 */
/* An enabled event, and what a hit of it does. */
#ifndef _STACKID_EVENT_H
#define _STACKID_EVENT_H

#include <linux/list.h>
#include <linux/types.h>

#include "../refusal.h"
#include "../unwind/unwind_start.h"
#include "task.h"

struct event;
struct recording;
struct seq_file;

/* The most arguments that the kernel's macros make a tracepoint of. */
#define EVENT_MAX_VALUE_ARG	12

/**
 * struct event_spec - what one line written to "events" asks for
 * @name:       as in available_events
 * @freq:       samples a second, 0 if not asked for
 * @period:     hits per event, 0 if not asked for
 * @value_arg:  record the probe's argument of this number, 1 to
 *              EVENT_MAX_VALUE_ARG; 0 is none
 * @irq_full:   do not cut a stack at the interrupt's entry
 * @kernel_only: no samples that hit user mode; of counters
 * @tasks:      whose hits count
 */
struct event_spec {
	char name[128];
	u64 freq;
	u64 period;
	unsigned int value_arg;
	bool irq_full;
	bool kernel_only;
	struct task_choice tasks;
};

/**
 * struct source_ops - one kind of source: what makes events hit
 * @kind:    a word for messages: "tracepoint"
 * @claims:  does this name belong to this kind?  Only the form counts; attach
 *           tells whether there is such a thing
 * @attach:  make the event hit; hits may come before it returns.  0, or a
 *           negative errno with @why filled in; then nothing is left behind
 * @detach:  undo attach; returns when no hit is under way any more
 * @enable:  recording starts; may be NULL.  Hits while recording is off are
 *           dropped by stackid_event_hit() anyway
 * @disable: recording stops; may be NULL
 * @missed:  hits that the kernel itself could not deliver; may be NULL
 * @asleep:  the module without which the event can not hit, if that is away now;
 *           else NULL.  May be NULL
 * @list:    what there is to choose from, for available_events
 *
 * A refusal's caret counts from the start of the name; it is -1 where the name
 * is not to blame.
 *
 * All but @claims run in task context under recording->lock, and may sleep.
 */
struct source_ops {
	const char *kind;
	bool (*claims)(const char *name);
	int (*attach)(struct event *event, struct refusal *why);
	void (*detach)(struct event *event);
	int (*enable)(struct event *event);
	void (*disable)(struct event *event);
	u64 (*missed)(struct event *event);
	const char *(*asleep)(struct event *event);
	void (*list)(struct seq_file *m);
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
