/* SPDX-License-Identifier: GPL-2.0 */
/* An enabled event, and what a hit of it does. */
#ifndef _STACKID_EVENT_H
#define _STACKID_EVENT_H

#include <linux/list.h>
#include <linux/types.h>

#include "../../include/uapi/stackid.h"
#include "../refusal.h"
#include "../unwind/unwind_start.h"
#include "event_value.h"
#include "task.h"

struct event;
struct recording;
struct seq_file;

/**
 * struct event_spec - what one line written to "events" asks for
 * @name:       as in available_events
 * @freq:       samples a second, 0 if not asked for
 * @period:     hits per event, 0 if not asked for
 * @nr_args:    the last argument of the probe that @values and @conditions begin
 *              with; 0 if there are none
 * @nr_values:  how many of @values are recorded with each hit
 * @nr_conditions: how many of @conditions have to hold
 * @value_names: of @values; empty where it was given none
 * @irq_full:   do not cut a stack at the interrupt's entry
 * @kernel_only: no samples that hit user mode; of counters
 * @tasks:      whose hits count
 */
struct event_spec {
	char name[128];
	u64 freq;
	u64 period;
	unsigned int nr_args;
	unsigned int nr_values;
	unsigned int nr_conditions;
	struct event_value values[STACKID_MAX_VALUES];
	struct event_condition conditions[EVENT_MAX_CONDITIONS];
	char value_names[STACKID_MAX_VALUES][32];
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
 * @drops_at_once: the probe's arguments alone decide the conditions: see
 *             stackid_event_drops(); constant
 */
struct event {
	struct list_head link;
	unsigned int number;
	struct event_spec spec;
	struct recording *rec;
	const struct source_ops *source;
	void *source_data;
	struct task_filter *filter;
	bool drops_at_once;
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
 * kernel stack.  @args: the probe's arguments, spec.nr_args of them; may be NULL
 * where that is 0.
 */
void stackid_event_hit(struct event *event, const struct unwind_start *from,
		       bool user_mode, const unsigned long *args);

/* The same from the handler of a kprobe: the only way that asks for no other kprobe. */
void stackid_event_hit_kprobe(struct event *event,
			      const struct unwind_start *from, bool user_mode,
			      const unsigned long *args);

static __always_inline bool stackid_event_passes(const struct event *event,
						 const unsigned long *args)
{
	const struct event_spec *spec = &event->spec;

	return !spec->nr_conditions || event->drops_at_once ||
	       stackid_event_conditions_hold(spec->conditions,
					     spec->nr_conditions, args);
}

/* The values of a hit, to where its record has them. */
static __always_inline void stackid_event_put_values(const struct event *event,
						     const unsigned long *args,
						     u64 *to)
{
	unsigned int i;

	for (i = 0; i < event->spec.nr_values; i++)
		event_value_get(&event->spec.values[i], args, &to[i]);
}

#endif /* _STACKID_EVENT_H */
