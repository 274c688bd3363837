/* SPDX-License-Identifier: GPL-2.0 */
/* A table as it lies in memory: for table.c and for what is too short to be called. */
#ifndef _STACKID_TABLE_LAYOUT_H
#define _STACKID_TABLE_LAYOUT_H

#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "arena.h"
#include "table.h"

struct table_percpu;

/**
 * struct generation - the life of the table between two resets
 * @number:    from 1
 * @start_time: CLOCK_MONOTONIC, ns
 * @refs:      one of the table's while it is current, one of each holder
 * @ended:     set with release when it is final
 * @max_stacks: constant
 * @nr_stacks: last id given; P and Q
 * @mask:      of @buckets
 * @buckets:   handles of records
 * @index:     handles of records, by id
 * @arena:     under the table's lock, see arena.h
 */
struct generation {
	u64 number;
	u64 start_time;
	refcount_t refs;
	bool ended;
	u32 max_stacks;
	u32 nr_stacks;
	u32 mask;
	u32 *buckets;
	u32 *index;
	struct arena arena;
};

/**
 * struct stackid_table - see table.c
 * @gen:    current generation; RCU
 * @lock:   protects the appending to the current generation.  Taken only with
 *          interrupts off in hard interrupt context (irq_work, or a save from
 *          hardirq), never with another lock taken inside
 * @reset_lock: one reset at a time; task context
 * @queues: constant
 * @refill: the arena's worker
 * @percpu: written on their CPU in any context
 * @max_stacks: constant
 * @max_memory_mb: constant
 */
struct stackid_table {
	struct generation __rcu *gen;
	raw_spinlock_t lock;
	struct mutex reset_lock;
	struct insert_queues *queues;
	struct work_struct refill;
	struct table_percpu __percpu *percpu;
	unsigned int max_stacks;
	unsigned int max_memory_mb;
};

/*
 * The number of the current generation, whose stacks stay as long as preemption
 * stays off.
 */
static inline u64 stackid_table_generation(const struct stackid_table *table)
{
	return rcu_dereference_sched(table->gen)->number;
}

#endif /* _STACKID_TABLE_LAYOUT_H */
