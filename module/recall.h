/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A CPU's memory of the last ids that it gave to tasks: with the path of their
 * walk, so that a task which comes to the same place again needs neither a walk
 * nor a lookup.
 */
#ifndef _STACKID_RECALL_H
#define _STACKID_RECALL_H

#include <linux/compiler.h>

#include "ring.h"
#include "unwind.h"
#include "unwind_path.h"

#define RECALL_BITS	7

/* Before a path is made, which costs as much as some walks. */
#define RECALL_STREAK	2

/**
 * struct recall_entry - one id
 * @generation: that it belongs to
 * @head:       generation and id as in a record's first word; 0 is none
 * @candidate:  the last id that was found here the long way
 * @streak:     how often it has come again since; where ids alternate, none is
 *              remembered and none costs more than this count
 * @path:       the walk to that id
 */
struct recall_entry {
	u64 generation;
	u64 head;
	u32 candidate;
	unsigned int streak;
	struct unwind_path path;
};

/**
 * struct recall - of one CPU
 * @writer:  of the ring that recalled events are written to; constant
 * @entries: under the recursion guard of the task level, with preemption off
 */
struct recall {
	struct ring_writer *writer;
	struct recall_entry entries[1 << RECALL_BITS];
};

/*
 * By place and, roughly, stack pointer.  This tells tasks apart, each having its
 * own stack, and some of the ways of one task to one place; the rest is what the
 * kernel makes random.
 */
static __always_inline struct recall_entry *
recall_entry(struct recall *recall, unsigned long ip, unsigned long sp)
{
	u64 key = (ip ^ (sp & ~1023UL)) * 0x9e3779b97f4a7c15ULL;

	return &recall->entries[key >> (64 - RECALL_BITS)];
}

/* entry->head for the current stack in this generation, or 0: unknown here. */
static __always_inline u64 recall_head(const struct recall_entry *entry,
				       unsigned long ip, unsigned long sp,
				       unsigned long bp, u64 generation)
{
	if (likely(entry->generation == generation &&
		   path_holds(&entry->path, ip, sp, bp)))
		return entry->head;
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
		if (entry->head && entry->generation == generation)
			stackid_unwind_deny(from, &entry->path, stack);
		entry->generation = generation;
		entry->candidate = id;
		entry->streak = 0;
		entry->head = 0;
		entry->path.ip = 0;
	} else if (!entry->head && ++entry->streak == RECALL_STREAK &&
		   stackid_unwind_path(from, stack, &entry->path)) {
		entry->head = stackid_record_head(0, 0, generation, 0, id);
	}
}

#endif /* _STACKID_RECALL_H */
