/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writing to the ring of one's CPU: inline where nothing is in a writer's way,
 * the rest in ring_writer.c.  ring.c explains how writers nest.
 */
#ifndef _STACKID_RING_WRITER_H
#define _STACKID_RING_WRITER_H

#include <linux/compiler.h>
#include <linux/ktime.h>
#include <linux/types.h>
#include <asm/local.h>

#include "ring_layout.h"

/*
 * The largest record: a PAD, whose size field ends at 2040, must be able to stand
 * in for it with a LOST and a GENERATION in front.
 */
#define RING_MAX_RECORD	1992

enum ring_refusal { RING_FULL, RING_CONTENDED };

/**
 * struct ring_place - a reserved place: two words come back in registers
 * @data: where the record goes, or NULL
 * @time: the record's time
 * @why:  instead of @time, if @data is NULL.  RING_FULL: there is no room.
 *        RING_CONTENDED: other writers came between the steps again and again
 */
struct ring_place {
	void *data;
	union {
		u64 time;
		enum ring_refusal why;
	};
};

/* The rest of the two functions below. */
struct ring_place stackid_ring_place_slowly(struct ring_writer *writer,
					    unsigned int size, bool count_lost);
void stackid_ring_leave_slowly(struct ring_writer *writer);

/* Like ring_place(), with a GENERATION record in front that comes in as well. */
struct ring_place stackid_ring_place_announced(struct ring_writer *writer,
					       unsigned int size,
					       u64 generation);

/*
 * Events that were lost before there was a ring to count them: the next LOST record
 * has them as well.
 */
void stackid_ring_lose(struct ring_writer *writer, unsigned long lost);

/* Events lost that are in no LOST record yet.  No writer is under way. */
unsigned long stackid_ring_untold(const struct ring *ring);

/*
 * Reserve @size bytes for a record, a multiple of 8 and at most RING_MAX_RECORD.
 * If there is no room, the ring counts it as lost if @count_lost, and a LOST record
 * will say so.  After success ring_leave() must follow on the same CPU in the same
 * context.
 *
 * The clock is read between the look at the position and the cmpxchg: had a nested
 * writer come meanwhile, then the cmpxchg fails and both are taken again.  So
 * positions and clock readings have one order.
 */
static __always_inline struct ring_place
ring_place(struct ring_writer *writer, unsigned int size, bool count_lost)
{
	unsigned long position;
	u64 time;

	local_inc(&writer->nest);
	barrier();	/* nested writers must see it before positions move */
	position = local_read(&writer->position);
	/* A was passed when the limit was set, see there. */
	if (likely(position + size <= READ_ONCE(writer->limit))) {
		time = ktime_get_mono_fast_ns();
		if (likely(local_cmpxchg(&writer->position, position,
					 position + size) == position))
			return (struct ring_place) {
				.data = writer->data + (position & writer->mask),
				.time = time,
			};
	}
	return stackid_ring_place_slowly(writer, size, count_lost);
}

/* A writer is done or has found no room: the outermost one publishes. */
static __always_inline void ring_leave(struct ring_writer *writer)
{
	unsigned long head = local_read(&writer->position);

	if (unlikely(local_read(&writer->nest) > 1)) {
		local_dec(&writer->nest);
		return;
	}
	/* For the consumers inside the kernel; pairs with peek and waiting. */
	smp_store_release(&writer->head, head);
	/* B, pairs with C in the reader. */
	smp_store_release(writer->data_head, head);
	local_set(&writer->nest, 0);
	/*
	 * A writer that nested before nest became 0 left its records to this
	 * one; only a compiler could reorder the two on one CPU.
	 */
	barrier();
	/*
	 * One that nests now may have moved wake_pos on: whichever is seen, the
	 * readers are woken, at worst twice.  READ_ONCE() costs an instruction.
	 */
	if (unlikely(head != local_read(&writer->position) ||
		     head >= data_race(writer->wake_pos)))	/* see above */
		stackid_ring_leave_slowly(writer);
}

/**
 * struct ring_slot - a reserved place, from reserve to commit
 * @data: where the record goes, 8-byte aligned, not wrapping
 * @time: the record's time, CLOCK_MONOTONIC in ns, as read after all records
 *        before it
 */
struct ring_slot {
	struct ring *ring;
	void *data;
	u64 time;
};

/* ring_place() and ring_leave() for who can spare a call. */
bool stackid_ring_reserve(struct ring *ring, unsigned int size,
			  bool count_lost, struct ring_slot *slot);
void stackid_ring_commit(struct ring_slot *slot);

/* Is a writer under way, in which the caller nests?  On the ring's CPU. */
bool stackid_ring_is_written(const struct ring *ring);

#if IS_ENABLED(CONFIG_STACKID_KUNIT_TEST)
/* Called between the steps of every reservation, where an interrupt may come. */
extern void (*stackid_ring_test_interrupt)(struct ring *ring);
#endif

#endif /* _STACKID_RING_WRITER_H */
