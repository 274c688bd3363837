/* SPDX-License-Identifier: GPL-2.0 */
/* A table as it lies in memory: for table.c and for what is too short to be called. */
#ifndef _STACKID_TABLE_LAYOUT_H
#define _STACKID_TABLE_LAYOUT_H

#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <asm/local.h>

#include "arena.h"
#include "guard.h"
#include "stack.h"
#include "table.h"

/**
 * struct record - one stack in the arena
 * @next:  handle of the next one in the bucket; written before publishing
 * @hash:  all 32 bits of it, so that most mismatches cost no comparison
 * @block: with the id
 */
struct record {
	u32 next;
	u32 hash;
	struct stackid_stack block;
};

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
 * @refill: the arena's worker; comes again while there is no memory
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

/* Preemption is off, but for the counts of a save, which tell nothing apart. */
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

/* Room for the largest stack there is. */
#define RECORD_MAX_SIZE	(offsetof(struct record, block) +		\
			 sizeof(struct stackid_stack) + sizeof(u64) +	\
			 sizeof_field(struct stack, marks) +		\
			 STACKID_MAX_DEPTH * sizeof(u64))

/*
 * Takes the generation no new stack now?  It may again when the arena's worker has
 * run, unless max_stacks or max_memory_mb is reached.  Without the lock a snapshot,
 * which an insert may find otherwise.
 */
static inline bool stackid_generation_is_full(const struct generation *gen)
{
	return READ_ONCE(gen->nr_stacks) >= gen->max_stacks ||
	       !stackid_arena_has_room(&gen->arena, RECORD_MAX_SIZE);
}

/* The id of a stack in a generation, or 0. */
static __always_inline u32
stackid_generation_find(const struct generation *gen,
			const struct stack_key *key)
{
	/* S, pairs with R; what comes after it in the list is older. */
	u32 handle = smp_load_acquire(&gen->buckets[key->hash & gen->mask]);

	while (handle) {
		const struct record *record =
			stackid_arena_ptr(&gen->arena, handle);

		if (record->hash == key->hash &&
		    stackid_key_equals_block(key, &record->block))
			return record->block.id;
		handle = record->next;
	}
	return 0;
}

#endif /* _STACKID_TABLE_LAYOUT_H */
