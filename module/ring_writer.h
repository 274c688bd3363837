/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a writer touches of its CPU's ring, and how it does where nothing is in
 * its way; ring.c has the rest and tells how writers nest.
 */
#ifndef _STACKID_RING_WRITER_H
#define _STACKID_RING_WRITER_H

#include <linux/compiler.h>
#include <linux/timekeeping.h>
#include <linux/types.h>
#include <asm/local.h>

/**
 * struct ring_writer - the writers' part of a ring, all of it of one CPU
 * @position: where the next record goes
 * @limit:    how far writers may go without a look at anything else: to the end
 *            of the data, and of what the reader had freed at the last look; 0
 *            while a LOST record is owed.  It may lag behind the truth, never be
 *            ahead of it
 * @mask:     from a position to an offset; constant
 * @data:     constant
 * @generation: that the bits of the records before @position belong to, or one
 *            next to it; 0 if there was none yet.  Written on the ring's CPU by
 *            the one who announced it; a nested writer may have announced
 *            another in between, and both are true
 * @announcing: a writer is about to announce a generation
 * @nest:     how many writers are under way
 * @head:     what @data_head says, out of the reader's reach
 * @data_head: in the control page; constant
 * @wake_pos: head that shall wake the readers next, never if nobody may sleep
 *            here; the outermost writer
 */
struct ring_writer {
	local_t position;
	unsigned long limit;
	unsigned long mask;
	char *data;
	u64 generation;
	bool announcing;
	local_t nest;
	u64 head;
	u64 *data_head;
	u64 wake_pos;
};

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
 * Events that were lost before there was a ring to count them: a LOST record
 * tells of them as well.
 */
void stackid_ring_lose(struct ring_writer *writer, unsigned long lost);

/*
 * Reserve; see stackid_ring_reserve().
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
	if (unlikely(head != local_read(&writer->position) ||
		     head >= writer->wake_pos))
		stackid_ring_leave_slowly(writer);
}

#endif /* _STACKID_RING_WRITER_H */
