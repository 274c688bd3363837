/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A CPU's memory of the last ids that it gave to tasks: with the path of their
 * walk, so that a task which comes to the same place again needs neither a walk
 * nor a lookup.
 */
#ifndef _STACKID_RECALL_H
#define _STACKID_RECALL_H

#include <linux/compiler.h>
#include <linux/sched.h>

#include "unwind.h"
#include "unwind_path.h"

#define RECALL_BITS	5

/* Before a path is made, which costs as much as some walks. */
#define RECALL_STREAK	3

/**
 * struct recall_entry - one id
 * @generation: that it belongs to
 * @id:         0 is none
 * @candidate:  the last id that was found here the long way
 * @streak:     how often it has come again since; where ids alternate, none is
 *              remembered and none costs more than this count
 * @path:       the walk to @id
 */
struct recall_entry {
	u64 generation;
	u32 id;
	u32 candidate;
	unsigned int streak;
	struct unwind_path path;
};

/* Under the recursion guard of the task level, with preemption off. */
struct recall {
	struct recall_entry entries[1 << RECALL_BITS];
};

/* By task and place: where a task comes by often, it mostly came the same way. */
static __always_inline struct recall_entry *
recall_entry(struct recall *recall, const struct unwind_start *from)
{
	u64 key = (unsigned long)current ^ from->ip;

	return &recall->entries[key * 0x9e3779b97f4a7c15ULL >> (64 - RECALL_BITS)];
}

/* The id of the current stack in this generation, or 0: unknown here. */
static __always_inline u32 recall_id(const struct recall_entry *entry,
				     const struct unwind_start *from,
				     u64 generation)
{
	if (entry->generation == generation && entry->id &&
	    stackid_unwind_again(from, &entry->path))
		return entry->id;
	return 0;
}

/* The long way gave @id. */
static inline void recall_found(struct recall_entry *entry,
				const struct unwind_start *from,
				const struct stack *stack, u32 id,
				u64 generation)
{
	bool same = entry->candidate == id && entry->generation == generation;

	if (likely(!same)) {
		if (entry->id && entry->generation == generation)
			stackid_unwind_deny(from, &entry->path, stack);
		entry->generation = generation;
		entry->candidate = id;
		entry->streak = 0;
		entry->id = 0;
	} else if (!entry->id && ++entry->streak == RECALL_STREAK &&
		   stackid_unwind_path(from, stack, &entry->path)) {
		entry->id = id;
	}
}

#endif /* _STACKID_RECALL_H */
