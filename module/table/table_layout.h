/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A table as it lies in memory: for who serves it, and for what is too short to be
 * called.
 */
#ifndef _STACKID_TABLE_LAYOUT_H
#define _STACKID_TABLE_LAYOUT_H

#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <asm/local.h>

#include "../../include/stackid.h"
#include "../guard.h"
#include "../ledger.h"
#include "../stack.h"
#include "generation.h"

struct insert_queues;

/* What a table has on each CPU. */
struct table_percpu {
	local_t count[NR_TABLE_COUNTERS];
	struct guard guard;
	struct stack stacks[NR_LEVELS];
};

/**
 * struct stackid_table - see table.c
 * @gen:    current generation; RCU
 * @lock:   protects the appending to the current generation.  Taken only with
 *          interrupts off in hard interrupt context, by the irq_work, or by a
 *          save from hardirq, which does not wait for it; never with another lock
 *          taken inside.  See "Who may spin" in insert.c
 * @inserting: under @lock; on a kernel without SMP, where that is always free, it
 *          alone says that an insert was interrupted
 * @reset_lock: one reset at a time; task context
 * @queues: constant
 * @refill: the arena's worker, insert.c's; comes again while there is no memory
 * @percpu: written on their CPU in any context
 * @max_stacks: constant
 * @max_memory_mb: constant
 */
struct stackid_table {
	struct generation __rcu *gen;
	raw_spinlock_t lock;
	bool inserting;
	struct mutex reset_lock;
	struct insert_queues *queues;
	struct delayed_work refill;
	struct table_percpu __percpu *percpu;
	unsigned int max_stacks;
	unsigned int max_memory_mb;
};

/*
 * Preemption is off, but for the counts of a save: one that lands on another CPU's
 * counter is in the sum all the same.
 */
static inline void stackid_table_count(struct stackid_table *table,
				       enum table_counter which)
{
	local_inc(&this_cpu_ptr(table->percpu)->count[which]);
}

/*
 * The number of the current generation, whose stacks stay as long as preemption
 * stays off.
 */
static inline u64 stackid_table_generation(const struct stackid_table *table)
{
	return rcu_dereference_sched(table->gen)->number;
}

/* The current generation, held until stackid_generation_put().  Task context. */
static inline struct generation *
stackid_table_hold(const struct stackid_table *table)
{
	struct generation *gen;

	rcu_read_lock();
	gen = rcu_dereference(table->gen);
	/* Not 0: reset drops the table's own only after a grace period. */
	refcount_inc(&gen->refs);
	rcu_read_unlock();
	return gen;
}

#endif /* _STACKID_TABLE_LAYOUT_H */
