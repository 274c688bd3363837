/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A recording: a set of enabled events, the rings that they are written to and
 * the table that their ids come from.  The module's own is the first.
 */
#ifndef _STACKID_RECORDING_H
#define _STACKID_RECORDING_H

#include <linux/cpumask.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>

#include "event.h"
#include "hold.h"
#include "ledger.h"
#include "refusal.h"

struct percpu_state;
struct ring;
struct stackid_table;
struct task_watch;

/**
 * struct recording - see the top of the file
 * @lock:     protects @events, @claimed, @buffer_kb, @last_number, @hold and
 *            the changing of @on; task context, outermost
 * @events:   of struct event
 * @table:    constant
 * @watch:    constant
 * @state:    per CPU; what a hit needs on its way
 * @rings_lock: protects @rings and @has_rings; task context, inside of @lock or
 *            alone (CPU hotplug, which must not wait for @lock because holders
 *            of @lock wait for hotplug); inside of cpus_read_lock() where rings
 *            are made
 * @rings:    by CPU number; NULL where the CPU has not been online since the
 *            buffers were made.  Made before @on, so that a hit which sees @on
 *            sees them, or before the CPU runs; dropped only while @on is false
 *            and nothing is @claimed.  Set with release, for who looks without
 *            @rings_lock
 * @has_rings: CPUs that come online need one
 * @hotplug_node: in the hotplug state's list
 * @claimed:  CPUs whose ring has a consumer: a ring file or trace_pipe
 * @on:       recording_on.  Read locklessly by every hit; whoever turns it off
 *            waits for the hits under way before rings or events go
 * @buffer_kb: size of each ring, a power of two
 * @last_number: of an event
 * @hold:     who holds it
 * @recalls:  constant; CPUs with a ring have a struct recall
 */
struct recording {
	struct mutex lock;
	struct list_head events;
	struct stackid_table *table;
	struct task_watch *watch;
	struct percpu_state __percpu *state;
	struct mutex rings_lock;
	struct ring **rings;
	bool has_rings;
	struct hlist_node hotplug_node;
	cpumask_var_t claimed;
	bool on;
	unsigned int buffer_kb;
	unsigned int last_number;
	struct hold hold;
	bool recalls;
};

#define STACKID_BUFFER_KB_DEFAULT	1024
#define STACKID_BUFFER_KB_MIN		4
#define STACKID_BUFFER_KB_MAX		(1024 * 1024)

int stackid_recording_init(void);
void stackid_recording_exit(void);

/* @recalls: ids of stacks that come again are recalled, see recall.h. */
struct recording *stackid_recording_create(struct stackid_table *table,
					   bool recalls);
void stackid_recording_destroy(struct recording *rec);

/* Task context, may sleep; they take rec->lock. */
int stackid_recording_add_event(struct recording *rec,
				const struct event_spec *spec,
				const struct source_ops *source,
				struct refusal *why);
int stackid_recording_remove_event(struct recording *rec, const char *name,
				   struct refusal *why);
void stackid_recording_clear_events(struct recording *rec);
int stackid_recording_set_on(struct recording *rec, bool on,
			     struct refusal *why);
/* @kb is rounded up to a power of two. */
int stackid_recording_set_buffer(struct recording *rec, unsigned int kb,
				 struct refusal *why);
/* What a hold that is over still owes, if nobody uses the rings now. */
void stackid_recording_settle_buffer(struct recording *rec);

/*
 * Claim a CPU's ring for a consumer; makes the rings if there are none yet.
 * ERR_PTR(-EBUSY) if it has one, ERR_PTR(-ENODEV) if the CPU has never been
 * online.  Until the release the ring stays what it is.
 */
struct ring *stackid_recording_claim_ring(struct recording *rec,
					  unsigned int cpu);
void stackid_recording_release_ring(struct recording *rec, struct ring *ring);

u64 stackid_recording_ledger(const struct recording *rec, unsigned int cpu,
			     enum stackid_ledger which);
/* Hits that took the id of the last time, see recall.h; all are in the ledger. */
u64 stackid_recording_recalled(const struct recording *rec, unsigned int cpu);

#endif /* _STACKID_RECORDING_H */
