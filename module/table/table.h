/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table: exact ids for stacks.
 *
 *	beside       lookup, stack   insert, see insert.h   reset
 *	lookup       yes             yes                    yes
 *	reset        yes             yes                    serialised inside
 *	destroy      no              no                     no
 *
 * lookup and stack run anywhere, NMI included, under the RCU that
 * preempt_disable() gives.
 */
#ifndef _STACKID_TABLE_H
#define _STACKID_TABLE_H

#include <linux/types.h>

#include "../../include/stackid.h"
#include "../ledger.h"
#include "../stack.h"

struct generation;
struct insert_queues;

/* Bounds of the module's parameters, and of stackid_table_create(). */
#define STACKID_MAX_STACKS_DEFAULT	65536
#define STACKID_MAX_STACKS_MIN		16
#define STACKID_MAX_STACKS_MAX		(4U << 20)
#define STACKID_MAX_MEMORY_MB_DEFAULT	64
#define STACKID_MAX_MEMORY_MB_MIN	1
#define STACKID_MAX_MEMORY_MB_MAX	(32U << 10)

u64 stackid_table_counter(const struct stackid_table *table, unsigned int cpu,
			  enum table_counter which);

/* The least memory bound that can hold this many stacks' fixed parts. */
unsigned int stackid_table_min_memory_mb(unsigned int max_stacks);

/* The module's own table; main.c. */
extern struct stackid_table *stackid_own_table;

/*
 * The id of a stack, or 0.  *generation is always set: it is the one that the
 * answer belongs to.  *full, if asked for, says that a miss is not worth an insert,
 * see stackid_generation_is_full().  Preemption must be off.
 */
u32 stackid_table_lookup(struct stackid_table *table,
			 const struct stack *stack, u64 *generation,
			 bool *full);

/*
 * The block of an id of the current generation.  ERR_PTR(-ESTALE) if that is not
 * @generation, ERR_PTR(-ENOENT).  Preemption must be off as long as it is used.
 */
const struct stackid_stack *stackid_table_stack(struct stackid_table *table,
						u64 generation, u32 id);

struct insert_queues *stackid_table_queues(struct stackid_table *table);

/* The current generation, held until stackid_generation_put().  Task context. */
struct generation *stackid_generation_get(struct stackid_table *table);

/*
 * Does any stack have a PC in [start, start + size), those in the insert queues
 * among them?  The caller has waited for saves under way.  Task context, may sleep.
 */
bool stackid_table_has_pc(struct stackid_table *table, unsigned long start,
			  size_t size);

#endif /* _STACKID_TABLE_H */
