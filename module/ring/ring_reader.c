// SPDX-License-Identifier: GPL-2.0
/*
 * The ring's consumer inside the kernel.
 *
 * The reader may have stored anything in data_tail, and may do so now.  What it
 * says is loaded once, checked against what the kernel knows, and a record that
 * cannot be one makes the consumer go on at head: garbage costs the one who
 * made it, and no load is outside of the data.
 */
#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "record.h"
#include "ring_layout.h"
#include "ring_reader.h"

static bool is_sane(const struct ring *ring, u64 tail, u64 head)
{
	return head - tail <= ring->size && !(tail & 7);
}

/* NULL if it can not be one. */
static const struct stackid_record *record_at(const struct ring *ring, u64 tail,
					      u64 head, unsigned int *size)
{
	unsigned long offset = tail & (ring->size - 1);
	const struct stackid_record *record =
		(const void *)(ring->writer.data + offset);
	u64 w0 = READ_ONCE(record->w0);

	*size = (w0 >> 8 & 0xff) * 8;
	if (!*size || *size > head - tail || *size > ring->size - offset ||
	    ((w0 & 0xf) != STACKID_REC_PAD && *size < sizeof(*record)))
		return NULL;
	return record;
}

static bool is_type(const struct stackid_record *record, unsigned int type)
{
	return (READ_ONCE(record->w0) & 0xf) == type;
}

const struct stackid_record *stackid_ring_peek(struct ring *ring)
{
	/* Pairs with the release of head in ring_leave(). */
	u64 head = smp_load_acquire(&ring->writer.head);
	u64 tail = READ_ONCE(ring->page->data_tail);
	const struct stackid_record *record;
	unsigned int size;

	while (is_sane(ring, tail, head) && tail != head) {
		record = record_at(ring, tail, head, &size);
		if (!record)
			break;
		if (!is_type(record, STACKID_REC_PAD)) {
			ring->peek_tail = tail;
			return record;
		}
		tail += size;
	}
	/* What is skipped may have announced generations. */
	if (tail != head)
		ring->knows_generation = false;
	/* D, pairs with A in the writer. */
	smp_store_release(&ring->page->data_tail, head);
	return NULL;
}

void stackid_ring_advance(struct ring *ring, unsigned int size)
{
	const struct stackid_generation_record *record =
		(const void *)(ring->writer.data +
			       (ring->peek_tail & ring->writer.mask));

	if (is_type(&record->head, STACKID_REC_GENERATION) &&
	    size == sizeof(*record))
		ring->tail_generation = READ_ONCE(record->number);
	/* D, pairs with A in the writer. */
	smp_store_release(&ring->page->data_tail, ring->peek_tail + size);
}

/* What was in force before the first GENERATION in [tail, head). */
static bool generation_before(const struct ring *ring, u64 tail, u64 head,
			      u64 *generation)
{
	const struct stackid_record *record;
	unsigned int size, nr = 0;

	for (; tail != head; tail += size) {
		record = record_at(ring, tail, head, &size);
		if (!record)
			return false;
		if (is_type(record, STACKID_REC_GENERATION)) {
			const struct stackid_generation_record *found =
				(const void *)record;

			if (size != sizeof(*found))
				return false;
			*generation = READ_ONCE(found->previous);
			return true;
		}
		if (!(++nr % 4096))
			cond_resched();
	}
	return false;
}

/*
 * The last generation announced, and the position behind its record; false: ask
 * again.  Nested writers can leave the one's number with the other's position;
 * their generations are next to each other then, which is all that the callers
 * ask for.  The barriers pair with those in set_announced().
 */
static bool announced(struct ring *ring, u64 *end, u64 *generation)
{
	*end = READ_ONCE(ring->announced_end);
	/* What was announced up to there is seen. */
	smp_rmb();
	*generation = READ_ONCE(ring->writer.generation);
	/* A newer one has @announced_end overwritten already. */
	smp_rmb();
	return *end != NO_POSITION && READ_ONCE(ring->announced_end) == *end;
}

/*
 * A record has the low 4 bits of its generation, so that a consumer has to know a
 * number near that of the first record.  The GENERATION record that announced it
 * may have been consumed by somebody else, any number of resets ago.  Then the next
 * GENERATION in the ring has the number before it as well; if there is none, the
 * generation that was announced last is in force.
 * A writer that is in the middle of announcing is waited for: it has preemption
 * off.
 */
static void find_generation(struct ring *ring)
{
	u64 head, tail, end;

	for (;; cond_resched()) {
		/* Pairs with the release of head in ring_leave(). */
		head = smp_load_acquire(&ring->writer.head);
		tail = READ_ONCE(ring->page->data_tail);
		if (!is_sane(ring, tail, head)) {
			tail = head;
			/* D, pairs with A in the writer. */
			smp_store_release(&ring->page->data_tail, tail);
		}
		if (generation_before(ring, tail, head, &ring->tail_generation))
			break;
		if (announced(ring, &end, &ring->tail_generation) && end <= head)
			break;
		cpu_relax();
	}
	ring->knows_generation = true;
	ring->told_generation = false;
}

void stackid_ring_begin(struct ring *ring)
{
	find_generation(ring);
	WRITE_ONCE(ring->page->generation, ring->tail_generation);
}

u64 stackid_ring_generation(struct ring *ring)
{
	if (!ring->knows_generation)
		find_generation(ring);
	return ring->tail_generation;
}

/* Readers without a mapping get the control page's generation in a record. */
static int tell_generation(struct ring *ring, const struct stackid_record *next,
			   char __user *buf, size_t size)
{
	struct stackid_generation_record record = {};
	u64 generation = stackid_ring_generation(ring);

	if (size < sizeof(record))
		return -EINVAL;
	stackid_record_init(&record.head, STACKID_REC_GENERATION, sizeof(record),
			    generation, 0, 0, 0, stackid_rec_time_bits(next));
	record.number = generation;
	record.previous = generation;
	if (copy_to_user(buf, &record, sizeof(record)))
		return -EFAULT;
	ring->told_generation = true;
	return sizeof(record);
}

ssize_t stackid_ring_read(struct ring *ring, char __user *buf, size_t size)
{
	const struct stackid_record *record;
	size_t copied = 0;
	int ret;

	while ((record = stackid_ring_peek(ring))) {
		/*
		 * Once more: the reader may have let the writer in by moving
		 * data_tail through its mapping.  What peek checked bounds it.
		 */
		size_t want = (READ_ONCE(record->w0) >> 8 & 0xff) * 8;
		unsigned long offset = (const char *)record - ring->writer.data;

		if (want < sizeof(*record) || want > ring->size - offset)
			continue;
		if (!ring->knows_generation || !ring->told_generation) {
			ret = tell_generation(ring, record, buf + copied,
					      size - copied);
			if (ret < 0)
				return copied ?: ret;
			copied += ret;
			continue;
		}
		if (want > size - copied)
			return copied ?: -EINVAL;
		if (copy_to_user(buf + copied, record, want))
			return copied ?: -EFAULT;
		stackid_ring_advance(ring, want);
		copied += want;
		if (signal_pending(current))
			break;
		cond_resched();
	}
	return copied;
}

u64 stackid_ring_waiting(struct ring *ring)
{
	/* Pairs with the release of head in ring_leave(). */
	u64 waiting = smp_load_acquire(&ring->writer.head) -
		      READ_ONCE(ring->page->data_tail);

	return waiting <= ring->size ? waiting : 0;
}
