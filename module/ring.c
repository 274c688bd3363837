// SPDX-License-Identifier: GPL-2.0
/*
 * The ring: written from any context of its CPU without a lock, read through
 * mmap, read(2) or the in-kernel consumer.
 *
 * The format, and the barriers A to D, are told in include/uapi/stackid.h.
 *
 *            data_tail               head                position
 *                |                     |                     |
 *   -------------+---------------------+---------------------+------------
 *      free      |  whole, readable    |  being written      |  free
 *   -------------+---------------------+---------------------+------------
 *
 * Writers nest like the contexts of one CPU: a task's writer may be interrupted
 * by a softirq's, that by a hardirq's, that by an NMI's, and each is finished
 * before the one below it goes on.  So whatever was reserved when the outermost
 * writer leaves has been committed, and it alone moves head.  The scheme is
 * perf's (kernel/events/ring_buffer.c).
 */
#include <linux/err.h>
#include <linux/irq_work.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/vmalloc.h>
#include <asm/local.h>

#include "compat.h"
#include "kick.h"
#include "record.h"
#include "ring.h"
#include "ring_writer.h"

#define LOST_SIZE	sizeof(struct stackid_number_record)
#define ANNOUNCE_SIZE	sizeof(struct stackid_generation_record)

/*
 * How often a writer tries before it gives up.  Each failure is a record that a
 * nested writer put into the few instructions between two looks at the clock: an
 * interrupt now and then, but never so many of them, unless something that the
 * writer itself calls makes a hit each time (a breakpoint on the clock whose
 * handler passes a tracepoint).
 */
#define MAX_TRIES	64

/* Of announced_end: being written. */
#define NO_POSITION	U64_MAX

/**
 * struct ring - see the top of the file
 * @writer:      the first, for the writers' cache lines
 * @lost:        events lost since the last LOST record; writers
 * @lost_total:  events lost ever; writers
 * @page:        the control page; the reader writes to it, so that only
 *               data_tail is ever loaded from it, and not believed
 * @size:        of the data, a power of two; constant
 * @cpu:         constant
 * @announced_end: position at or behind the end of the last GENERATION record,
 *               or NO_POSITION; with @writer.generation, see announced()
 * @peek_tail:   position of the record that peek gave; the consumer
 * @tail_generation: in force there, if @knows_generation; the consumer
 * @knows_generation: the consumer
 * @told_generation: read(2) has given it out; the consumer
 * @wake:        a plain irq_work: waking takes locks that a writer's context
 *               may hold, and on PREEMPT_RT locks that sleep
 * @wait:        pollers and blocked readers
 */
struct ring {
	struct ring_writer writer;
	local_t lost;
	local_t lost_total;
	struct stackid_ring_page *page;
	unsigned long size;
	unsigned int cpu;
	u64 announced_end;

	u64 peek_tail;
	u64 tail_generation;
	bool knows_generation;
	bool told_generation;
	struct irq_work wake;
	wait_queue_head_t wait;
};

static void wake(struct irq_work *work)
{
	struct ring *ring = container_of(work, struct ring, wake);

	wake_up_interruptible_all(&ring->wait);
}

struct ring *stackid_ring_create(unsigned int cpu, size_t data_size, bool user)
{
	int node = cpu_to_node(cpu);
	struct ring *ring;
	char *data;

	ring = kzalloc_node(sizeof(*ring), GFP_KERNEL, node);
	if (!ring)
		return ERR_PTR(-ENOMEM);
	ring->page = vmalloc_user(PAGE_SIZE);
	data = vmalloc_user(data_size);
	if (!ring->page || !data) {
		vfree(data);
		vfree(ring->page);
		kfree(ring);
		return ERR_PTR(-ENOMEM);
	}
	ring->size = data_size;
	ring->cpu = cpu;
	ring->writer.data = data;
	ring->writer.mask = data_size - 1;
	ring->writer.data_head = &ring->page->data_head;
	ring->writer.wake_pos = user ? stackid_ring_watermark(ring) : U64_MAX;
	init_irq_work(&ring->wake, wake);
	init_waitqueue_head(&ring->wait);
	*ring->page = (struct stackid_ring_page) {
		.magic = STACKID_RING_MAGIC,
		.version = STACKID_ABI_VERSION,
		.cpu = cpu,
		.data_offset = PAGE_SIZE,
		.data_size = data_size,
	};
	return ring;
}

void stackid_ring_destroy(struct ring *ring)
{
	irq_work_sync(&ring->wake);
	vfree(ring->writer.data);
	vfree(ring->page);
	kfree(ring);
}

struct ring_writer *stackid_ring_writer(struct ring *ring)
{
	return &ring->writer;
}

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
	if (head >= writer->wake_pos && kick(&ring->wake))
		writer->wake_pos = head + stackid_ring_watermark(ring);
}

static void put_pad(void *at, unsigned int size)
{
	((struct stackid_record *)at)->w0 = STACKID_REC_PAD | (size / 8) << 8;
}

/* What was lost is told in front of the first record that finds room again. */
static void put_lost(struct ring *ring, void *at, u64 time)
{
	struct stackid_number_record *record = at;
	long lost = local_xchg(&ring->lost, 0);

	if (!lost) {
		/* A writer that nested in this one has told it already. */
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

	local_add(lost, &ring->lost);
	local_add(lost, &ring->lost_total);
	WRITE_ONCE(writer->limit, 0);
	WRITE_ONCE(ring->page->lost, local_read(&ring->lost_total));
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

struct ring_place stackid_ring_place_announced(struct ring_writer *writer,
					       unsigned int size,
					       u64 generation)
{
	struct ring *ring = container_of(writer, struct ring, writer);
	struct stackid_generation_record *record;
	bool nested = READ_ONCE(writer->announcing);
	struct ring_place place;

	/* Nested writers must see it before the position moves. */
	WRITE_ONCE(writer->announcing, true);
	barrier();
	place = ring_place(writer, ANNOUNCE_SIZE + size, true);
	if (place.data) {
		record = place.data;
		stackid_record_init(&record->head, STACKID_REC_GENERATION,
				    ANNOUNCE_SIZE, generation, 0, 0, 0,
				    place.time);
		record->number = generation;
		/*
		 * Whoever is interrupted in here is about to announce one that
		 * differs from this by at most one: no reset ends while either
		 * is under way.  What @generation still says may be far off.
		 */
		record->previous = nested ? generation :
					    READ_ONCE(writer->generation);
		place.data += ANNOUNCE_SIZE;
		set_announced(ring, local_read(&writer->position), generation);
	}
	barrier();
	WRITE_ONCE(writer->announcing, nested);
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

/*
 * The reader may have stored anything in data_tail, and may do so now.  What it
 * says is loaded once, checked against what the kernel knows, and a record that
 * cannot be one makes the consumer go on at head: garbage costs the one who
 * made it, and no load is outside of the data.
 */
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
 * The bits in the records say which of 16, so that a consumer has to know a
 * number near the first one's.  The records that told it may have been consumed
 * by somebody else, any number of resets ago; then the next announcement in the
 * ring knows what it took over from, and without one the last one is in force.
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

/* Readers without a mapping get in a record what the control page tells. */
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

u64 stackid_ring_watermark(const struct ring *ring)
{
	return ring->size / 4;
}

u64 stackid_ring_lost(const struct ring *ring)
{
	return local_read(&ring->lost_total);
}

wait_queue_head_t *stackid_ring_wait(struct ring *ring)
{
	return &ring->wait;
}

unsigned int stackid_ring_cpu(const struct ring *ring)
{
	return ring->cpu;
}

size_t stackid_ring_data_size(const struct ring *ring)
{
	return ring->size;
}

struct stackid_ring_page *stackid_ring_control(const struct ring *ring)
{
	return ring->page;
}

int stackid_ring_mmap(struct ring *ring, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;

	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	if (!vma->vm_pgoff) {
		if (size != PAGE_SIZE)
			return -EINVAL;
		return remap_vmalloc_range(vma, ring->page, 0);
	}
	if (vma->vm_pgoff != 1 || size != ring->size)
		return -EINVAL;
	if (vma->vm_flags & VM_WRITE)
		return -EPERM;
	/* Nor later, by mprotect(2). */
	stackid_vm_flags_clear(vma, VM_MAYWRITE);
	return remap_vmalloc_range(vma, ring->writer.data, 0);
}
