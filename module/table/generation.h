/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A generation: the stacks that have got ids since a reset, and the ids.
 *
 *   buckets[hash]  ->  record -> record -> 0        lists of handles
 *   index[id]      ->  record                       id -> stack in one step
 *   record         =   next, hash, stack block      in the arena, 8-aligned
 *
 * A generation only grows: records are never moved, changed or removed, so that a
 * reader needs no more than to be waited for before the whole goes.  Lookups are
 * RCU readers by having preemption off.
 *
 * Publishing, under the table's lock:
 *   1. the record is written
 *   2. index[id], then nr_stacks = id   P, pairs with Q: whoever sees that there
 *                                       are n stacks sees stacks 1..n
 *   3. buckets[hash]                    R, pairs with S: whoever finds a record
 *                                       sees all of it
 * An id can be seen by a lookup only after 3, so it is in the index by then.
 *
 *	beside   find, stack   append           put
 *	find     yes           yes              no: RCU, or who holds it
 *	append   yes           no: table->lock  no: RCU
 */
#ifndef _STACKID_GENERATION_H
#define _STACKID_GENERATION_H

#include <linux/compiler.h>
#include <linux/refcount.h>
#include <linux/stddef.h>
#include <linux/types.h>

#include "../stack.h"
#include "arena.h"

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

/*
 * Task context, may sleep.  One reference, the caller's.  ERR_PTR(-ENOMEM).
 * @max_memory_mb must hold what stackid_generation_min_memory() says.
 */
struct generation *stackid_generation_create(u64 number,
					     unsigned int max_stacks,
					     unsigned int max_memory_mb);
/* Task context.  Its stacks stay until the last put. */
void stackid_generation_put(struct generation *gen);
/* The least memory, in bytes, that a generation can do with. */
size_t stackid_generation_min_memory(unsigned int max_stacks);

u64 stackid_generation_number(const struct generation *gen);
u64 stackid_generation_start_time(const struct generation *gen);
bool stackid_generation_ended(const struct generation *gen);
/* Ids 1..n are defined. */
u32 stackid_generation_last_id(const struct generation *gen);
u32 stackid_generation_max_stacks(const struct generation *gen);
/*
 * The stack block of an id as it lies in memory (uapi format), or NULL if there
 * is none.  Valid while the generation is held.
 */
const struct stackid_stack *
stackid_generation_stack(const struct generation *gen, u32 id);
size_t stackid_generation_memory(const struct generation *gen);

/*
 * Under the table's lock, interrupts off.  The id of the stack of @block, whose
 * own id does not matter, with that stack's hash.  find: 0 if it has none.  append:
 * gives it one; -ENOSPC (max_stacks) or -ENOMEM.
 */
u32 stackid_generation_find_block(const struct generation *gen, u32 hash,
				  const struct stackid_stack *block);
int stackid_generation_append(struct generation *gen, u32 hash,
			      const struct stackid_stack *block);

/*
 * Takes the generation no new stack now?  It may again when the arena's worker has
 * run, unless max_stacks or max_memory_mb is reached.  Without the lock a snapshot,
 * which an insert may find otherwise.
 */
static inline bool stackid_generation_is_full(const struct generation *gen)
{
	return READ_ONCE(gen->nr_stacks) >= gen->max_stacks ||
	       !stackid_arena_has_room(&gen->arena, offsetof(struct record, block) +
				       STACK_BLOCK_MAX_SIZE);
}

/* The id of a stack in a generation, or 0. */
static __always_inline u32
stackid_generation_find(const struct generation *gen,
			const struct stack_key *key)
{
	/* S, pairs with R; records further on in the list are older. */
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

#endif /* _STACKID_GENERATION_H */
