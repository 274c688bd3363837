/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A CPU's memory of the last ids that it gave to tasks: with the path of their
 * walk, so that a task which comes to the same place again needs neither a walk
 * nor a lookup.
 */
#ifndef _STACKID_RECALL_H
#define _STACKID_RECALL_H

#include <linux/compiler.h>

#include "../ring/record.h"
#include "../unwind/unwind.h"
#include "../unwind/unwind_path.h"

#define RECALL_BITS	7

/*
 * To make a path costs as much as a walk or two.  It is made when the long way has
 * given the same id RECALL_STREAK times in a row.  That number is doubled, at most
 * RECALL_MAX_DOUBLINGS times, whenever a path is given up before it was taken
 * RECALL_PAYS times.
 */
#define RECALL_STREAK	2
#define RECALL_PAYS	4
#define RECALL_MAX_DOUBLINGS 6

/**
 * struct recall_entry - one id
 * @generation: that it belongs to
 * @head:       generation and id as in a record's first word; 0 is none
 * @candidate:  the id that @path is of, or may be soon
 * @streak:     how often the long way has given @candidate in a row
 * @hits:       how often @path has been taken since another id hit this entry
 * @doublings:  how often RECALL_STREAK is doubled for this entry
 * @path:       the walk to that id
 */
struct recall_entry {
	u64 generation;
	u64 head;
	u32 candidate;
	u32 hits;
	u16 streak;
	u8 doublings;
	struct unwind_path path;
};

/* Of one CPU, 50 to 60 KiB; under the guard of the task level, preemption off. */
struct recall {
	struct recall_entry entries[1 << RECALL_BITS];
};

/*
 * By place and, roughly, stack pointer: so tasks have different entries, as each has
 * its own stack, and so have some of the ways of one task to one place.  The low
 * bits are left out because the kernel makes them random at each system call.
 */
static __always_inline struct recall_entry *
recall_entry(struct recall *recall, unsigned long ip, unsigned long sp)
{
	u64 key = (ip ^ (sp & ~1023UL)) * 0x9e3779b97f4a7c15ULL;

	return &recall->entries[key >> (64 - RECALL_BITS)];
}

/* entry->head for the current stack in this generation, or 0: unknown here. */
static __always_inline u64 recall_head(struct recall_entry *entry,
				       unsigned long ip, unsigned long sp,
				       unsigned long bp, u64 generation)
{
	if (unlikely(entry->generation != generation ||
		     !path_holds(&entry->path, ip, sp, bp)))
		return 0;
	entry->hits++;
	return entry->head;
}

static inline void recall_begin(struct recall_entry *entry, u32 id,
				u64 generation)
{
	entry->generation = generation;
	entry->candidate = id;
	entry->streak = 0;
	entry->head = 0;
	entry->path.ip = 0;
}

/*
 * Another id hit this entry.  Keep the path if it was taken RECALL_PAYS times since
 * the last such hit, else begin anew with the other id.
 */
static inline void recall_other(struct recall_entry *entry, u32 id,
				u64 generation)
{
	if (entry->head) {
		if (entry->hits >= RECALL_PAYS) {
			entry->hits = 0;
			entry->doublings = 0;
			return;
		}
		if (entry->doublings < RECALL_MAX_DOUBLINGS)
			entry->doublings++;
	}
	recall_begin(entry, id, generation);
}

static inline void recall_same(struct recall_entry *entry,
			       const struct unwind_start *from,
			       const struct stack *stack)
{
	if (entry->head || ++entry->streak != RECALL_STREAK << entry->doublings)
		return;
	if (!stackid_unwind_path(from, stack, &entry->path))
		return;
	entry->head = stackid_record_head(0, 0, entry->generation, 0,
					  entry->candidate);
	entry->hits = 0;
}

/* The long way gave @id.  @check: although the path may hold. */
static inline void recall_found(struct recall_entry *entry,
				const struct unwind_start *from,
				const struct stack *stack, u32 id,
				u64 generation, bool check)
{
	if (entry->generation != generation) {
		recall_begin(entry, id, generation);
	} else if (entry->candidate == id) {
		recall_same(entry, from, stack);
	} else {
		if (check && entry->head)
			stackid_unwind_deny(from, &entry->path, stack);
		recall_other(entry, id, generation);
	}
}

#endif /* _STACKID_RECALL_H */
