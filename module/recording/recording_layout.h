/* SPDX-License-Identifier: GPL-2.0 */
/* A recording as it lies in memory: for who serves it, and for hits on their way. */
#ifndef _STACKID_RECORDING_LAYOUT_H
#define _STACKID_RECORDING_LAYOUT_H

#include <linux/cpumask.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/types.h>
#include <asm/local.h>

#include "../guard.h"
#include "../ledger.h"
#include "../ring/ring_writer.h"
#include "../stack.h"
#include "recall.h"

struct ring;
struct stackid_table;
struct task_watch;

/**
 * struct hold - who holds a recording; all of it under recording->lock
 * @by:        the open file, NULL while nobody does; only its address counts
 * @pid:       the process that took it, in the initial namespace
 * @comm:      its name then
 * @aside:     events that were enabled before, detached; of struct event
 * @buffer_kb: what recording->buffer_kb was before
 * @owed:      the hold is over, and @buffer_kb waits for the last reader of a
 *             ring: a dead program's files are closed one after the other
 */
struct hold {
	const void *by;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	struct list_head aside;
	unsigned int buffer_kb;
	bool owed;
};

/**
 * struct recording - see recording.h
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

/**
 * struct percpu_state - one CPU's part of a recording
 * @guard:     one hit at a time at each context level
 * @writer:    of the CPU's ring; set and cleared under recording->lock while
 *             recording is off (or while it is on, from NULL, when a CPU comes
 *             online)
 * @ledger:    counters, but for the hits in @recalled
 * @dropped:   hits that stackid_event_drops() left out: filtered, too
 * @recalled:  hits whose id was recalled: each of them counts as offered, recorded and
 *             hit in the ledger, and as a fast walk
 * @lost_ringless: hits lost that no ring has counted, for want of one; the next
 *             ring's first LOST record has them.  Written on this CPU by
 *             hits, and by recording_rings.c when none can be under way
 * @until_walk: hits that may be recalled until one is walked, to check its path
 * @check_path: the hit under way at the task level is walked to check the path
 * @recall:    ids of late; set and cleared with @writer, and set after it.  NULL
 *             for good where recording->recalls is false
 * @stacks:    scratch of the hit under way at each level
 */
struct percpu_state {
	struct guard guard;
	struct ring_writer *writer;
	local_t ledger[NR_LEDGER];
	unsigned long dropped;
	local_t recalled;
	local_t lost_ringless;
	int until_walk;
	bool check_path;
	struct recall *recall;
	struct stack stacks[NR_LEVELS];
};

/* Where an event is counted to which the ring gave no place. */
static inline enum stackid_ledger ledger_of_refusal(enum ring_refusal why)
{
	return why == RING_FULL ? LEDGER_LOST_FULL : LEDGER_LOST_RECURSION;
}

#endif /* _STACKID_RECORDING_LAYOUT_H */
