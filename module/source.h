/* SPDX-License-Identifier: GPL-2.0 */
/* What makes events hit: tracepoints, kprobes, perf counters. */
#ifndef _STACKID_SOURCE_H
#define _STACKID_SOURCE_H

#include <linux/types.h>

#include "refusal.h"

struct event;
struct event_spec;
struct seq_file;

/**
 * struct source_ops - one kind of source
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

extern const struct source_ops stackid_source_tracepoint;
extern const struct source_ops stackid_source_kprobe;
extern const struct source_ops stackid_source_perf;

/* NULL if no kind claims the name. */
const struct source_ops *stackid_source_find(const char *name);
void stackid_source_list(struct seq_file *m);

/* CPU hotplug for per-CPU sources: perf counters are made and dropped here. */
int stackid_source_perf_init(void);
void stackid_source_perf_exit(void);

#endif /* _STACKID_SOURCE_H */
