// SPDX-License-Identifier: GPL-2.0
/* The ring's writers, where something is in their way; ring_writer.h has the rest. */
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/minmax.h>

#include "record.h"
#include "ring.h"
#include "ring_layout.h"
#include "ring_writer.h"

#define LOST_SIZE	sizeof(struct stackid_number_record)
#define ANNOUNCE_SIZE	sizeof(struct stackid_generation_record)

static_assert(LOST_SIZE + ANNOUNCE_SIZE + RING_MAX_RECORD - 8 <= 255 * 8);

/*
 * How often a writer tries before it gives up.  Each failure is a record that a
 * nested writer put into the few instructions between the look at the position and
 * the cmpxchg.  Interrupts do that now and then, but not 64 times in a row, unless
 * something that the writer itself calls makes a hit each time (a breakpoint on the
 * clock whose handler passes a tracepoint).
 */
#define MAX_TRIES	64

/* Publish what nested writers left meanwhile, and wake. */
void stackid_ring_leave_slowly(struct ring_writer *writer)
{
	struct ring *ring = container_of(writer, struct ring, writer);
	unsigned long head;

	do {
		local_set(&writer->nest, 1);
		barrier();
		head = local_read(&writer->position);
		/* As in ring_leave(): pairs with peek and waiting. */
		smp_store_release(&writer->head, head);
		/* B, as there. */
		smp_store_release(writer->data_head, head);
		local_set(&writer->nest, 0);
		barrier();
	} while (head != local_read(&writer->position));
	/*
	 * A writer that nests here may do the same with a later head, and then
	 * this one's wake_pos is too low: the readers are woken once more.
	 */
	if (head >= READ_ONCE(writer->wake_pos) && deferred_kick(&ring->wake))
		WRITE_ONCE(writer->wake_pos,
			   head + stackid_ring_watermark(ring));
}

static void put_pad(void *at, unsigned int size)
{
	((struct stackid_record *)at)->w0 = STACKID_REC_PAD | (size / 8) << 8;
}

/* LOST stands in front of the first record that finds room again. */
static void put_lost(struct ring *ring, void *at, u64 time)
{
	struct stackid_number_record *record = at;
	long lost = local_xchg(&ring->lost, 0);

	if (!lost) {
		/* A writer that nested in this one has written it already. */
		put_pad(at, LOST_SIZE);
		return;
	}
	stackid_record_init(&record->head, STACKID_REC_LOST, LOST_SIZE,
			    0, 0, 0, 0, time);
	record->number = lost;
}

/*
 * How far writers may go without coming here again, @last being the last byte
 * that is reserved.  A nested writer may do the same in between, with a newer
 * tail and a later byte: then this limit is too low, which only brings the next
 * writer here.
 */
static void set_limit(struct ring *ring, unsigned long last, u64 tail)
{
	unsigned long lap_end = (last | ring->writer.mask) + 1;

	WRITE_ONCE(ring->writer.limit,
		   min_t(unsigned long, lap_end, tail + ring->size));
	/* A nested writer that lost something either sees it or is seen. */
	barrier();
	if (local_read(&ring->lost))
		WRITE_ONCE(ring->writer.limit, 0);
}

#if IS_ENABLED(CONFIG_STACKID_KUNIT_TEST)
void (*stackid_ring_test_interrupt)(struct ring *ring);

static void test_interrupt(struct ring *ring)
{
	if (stackid_ring_test_interrupt)
		stackid_ring_test_interrupt(ring);
}
#else
static void test_interrupt(struct ring *ring)
{
}
#endif

/* With what the common case has not: a PAD, a LOST, or no place. */
struct ring_place stackid_ring_place_slowly(struct ring_writer *writer,
					    unsigned int size, bool count_lost)
{
	struct ring *ring = container_of(writer, struct ring, writer);
	unsigned long head, offset, pad, lost;
	unsigned int tries = 0;
	u64 tail, time;

	do {
		if (unlikely(tries++ == MAX_TRIES)) {
			ring_leave(writer);
			return (struct ring_place) { .why = RING_CONTENDED };
		}
		head = local_read(&writer->position);
		/*
		 * A, pairs with D in the reader: for this writer, and for all
		 * that go as far as the limit that comes of it.
		 */
		tail = smp_load_acquire(&ring->page->data_tail);
		lost = local_read(&ring->lost) ? LOST_SIZE : 0;
		offset = head & writer->mask;
		pad = offset + lost + size > ring->size ? ring->size - offset : 0;
		/* Unsigned: also true for every tail outside of the ring. */
		if (head - tail > ring->size ||
		    head + pad + lost + size - tail > ring->size)
			goto full;
		time = ktime_get_mono_fast_ns();
		test_interrupt(ring);
	} while (local_cmpxchg(&writer->position, head,
			       head + pad + lost + size) != head);

	if (pad) {
		put_pad(writer->data + offset, pad);
		offset = 0;
	}
	if (lost) {
		put_lost(ring, writer->data + offset, time);
		offset += lost;
	}
	set_limit(ring, head + pad + lost + size - 1, tail);
	return (struct ring_place) { writer->data + offset, { time } };

full:
	if (count_lost)
		stackid_ring_lose(writer, 1);
	ring_leave(writer);
	return (struct ring_place) { .why = RING_FULL };
}

void stackid_ring_lose(struct ring_writer *writer, unsigned long lost)
{
	struct ring *ring = container_of(writer, struct ring, writer);
	long total;

	local_add(lost, &ring->lost);
	local_add(lost, &ring->lost_total);
	WRITE_ONCE(writer->limit, 0);
	/* What a nested writer stored in between must not be overwritten with less. */
	do {
		total = local_read(&ring->lost_total);
		WRITE_ONCE(ring->page->lost, total);
		barrier();
	} while (unlikely(total != local_read(&ring->lost_total)));
}

unsigned long stackid_ring_untold(const struct ring *ring)
{
	return local_read(&ring->lost);
}

/* @end: behind the record, or a nested one after it.  Pairs with announced(). */
static void set_announced(struct ring *ring, u64 end, u64 generation)
{
	WRITE_ONCE(ring->announced_end, NO_POSITION);
	/* Pairs with the second one in announced(). */
	smp_wmb();
	WRITE_ONCE(ring->writer.generation, generation);
	/* Pairs with the first one. */
	smp_wmb();
	WRITE_ONCE(ring->announced_end, end);
}

/*
 * What is in force before the next record, and that record's position.  Again where
 * a nested writer announced between the two looks: so the two belong together.
 */
static u64 generation_before(const struct ring_writer *writer,
			     unsigned long *position)
{
	u64 generation;

	do {
		generation = READ_ONCE(writer->generation);
		barrier();
		*position = local_read(&writer->position);
		barrier();
	} while (generation != READ_ONCE(writer->generation));
	return generation;
}

/*
 * The first GENERATION record from @position on says that @previous was before it,
 * whoever wrote it.  None of what lies there has been published.
 */
static void set_previous(struct ring *ring, unsigned long position, u64 previous)
{
	struct stackid_generation_record *record;
	unsigned long end = local_read(&ring->writer.position);

	/* Only after garbage in data_tail; it may have overwritten itself then. */
	if (end - position > ring->size)
		return;
	for (; position != end; position += stackid_rec_size(&record->head)) {
		record = (void *)(ring->writer.data +
				  (position & ring->writer.mask));
		if (stackid_rec_type(&record->head) != STACKID_REC_GENERATION)
			continue;
		record->previous = previous;
		return;
	}
}

static struct ring_place announce(struct ring_writer *writer, unsigned int size,
				  u64 generation)
{
	struct ring *ring = container_of(writer, struct ring, writer);
	struct stackid_generation_record *record;
	struct ring_place place = ring_place(writer, ANNOUNCE_SIZE + size, true);

	if (!place.data)
		return place;
	record = place.data;
	stackid_record_init(&record->head, STACKID_REC_GENERATION, ANNOUNCE_SIZE,
			    generation, 0, 0, 0, place.time);
	record->number = generation;
	/*
	 * True of all but the first that are announced while writers nest, give
	 * or take one: no reset ends while any of them is under way.
	 */
	record->previous = generation;
	place.data += ANNOUNCE_SIZE;
	set_announced(ring, local_read(&writer->position), generation);
	return place;
}

struct ring_place stackid_ring_place_announced(struct ring_writer *writer,
					       unsigned int size,
					       u64 generation)
{
	struct ring *ring = container_of(writer, struct ring, writer);
	unsigned long position;
	struct ring_place place;
	u64 previous;

	/* In here none that nests announces for itself, and none publishes. */
	if (READ_ONCE(writer->announcing))
		return announce(writer, size, generation);
	local_inc(&writer->nest);
	barrier();	/* nested writers must see it before positions move */
	previous = generation_before(writer, &position);
	WRITE_ONCE(writer->announcing, true);
	barrier();
	place = announce(writer, size, generation);
	set_previous(ring, position, previous);
	barrier();
	WRITE_ONCE(writer->announcing, false);
	if (place.data)
		local_dec(&writer->nest);
	else
		ring_leave(writer);
	return place;
}

bool stackid_ring_reserve(struct ring *ring, unsigned int size,
			  bool count_lost, struct ring_slot *slot)
{
	struct ring_place place = ring_place(&ring->writer, size, count_lost);

	*slot = (struct ring_slot) { ring, place.data, place.time };
	return place.data;
}

void stackid_ring_commit(struct ring_slot *slot)
{
	ring_leave(&slot->ring->writer);
}

bool stackid_ring_is_written(const struct ring *ring)
{
	return local_read(&ring->writer.nest);
}
