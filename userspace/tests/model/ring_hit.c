// SPDX-License-Identifier: GPL-2.0
/* Writers as event.c is one, and the consumers that there are. */
#include "ring_hit.h"

#include "../../../module/ring/record.h"
#include "../../../module/ring/ring.h"
#include "../../../module/ring/ring_reader.h"
#include "../../../module/ring/ring_writer.h"

void ring_hit(void)
{
	struct ring_writer *writer = stackid_ring_writer(book->ring);
	struct ring_place place;
	u64 generation, number;

	preempt_disable();
	generation = READ_ONCE(book->generation);
	number = book_offer(generation);
	if (READ_ONCE(writer->generation) != generation)
		place = stackid_ring_place_announced(writer, HIT_SIZE, generation);
	else
		place = ring_place(writer, HIT_SIZE, true);
	if (place.data) {
		stackid_record_init(place.data, STACKID_REC_EVENT | STACKID_REC_VALUES,
				    HIT_SIZE, generation, 1, 0, number, place.time);
		*(u64 *)(place.data + sizeof(struct stackid_record)) = ~number;
		book_write(number);
		ring_leave(writer);
	} else {
		book_lose(number, place.why == RING_FULL ? LOST : CONTENDED);
	}
	preempt_enable();
}

/* trace_pipe's. */
void ring_read_kernel(int records)
{
	const struct stackid_record *record;
	u64 copy[RING_MAX_RECORD / 8];
	unsigned int size;

	stackid_ring_begin(book->ring);
	model_forget(records);
	while (records--) {
		record = stackid_ring_peek(book->ring);
		if (record) {
			book->known = stackid_ring_generation(book->ring);
			size = stackid_rec_size(record);
			memcpy(copy, record, size);
			book_consume((const struct stackid_record *)copy);
			stackid_ring_advance(book->ring, size);
		}
		model_forget(records);
	}
}

static void consume_all(const char *from, const char *to)
{
	while (from < to) {
		const struct stackid_record *record = (const void *)from;

		book_consume(record);
		from += stackid_rec_size(record);
	}
}

/* read(2) */
void ring_read_user(int rounds)
{
	ssize_t size;
	u64 buf[64];

	while (rounds--) {
		size = stackid_ring_read(book->ring, (char *)buf, sizeof(buf));
		model_expect(size >= 0, "read(2) says %zd", size);
		consume_all((const char *)buf, (const char *)buf + size);
		model_forget(rounds);
	}
}

/* A mapping's, as the uapi header says. */
void ring_read_mapped(int rounds)
{
	struct stackid_ring_page *page = stackid_ring_control(book->ring);
	const char *data = book->ring->writer.data;

	while (rounds--) {
		u64 copy[RING_MAX_RECORD / 8];
		/* C */
		u64 head = smp_load_acquire(&page->data_head);
		u64 tail = READ_ONCE(page->data_tail);

		while (tail != head) {
			const struct stackid_record *record =
				(const void *)(data + tail % page->data_size);
			unsigned int size = stackid_rec_size(record);

			memcpy(copy, record, size);
			book_consume((const struct stackid_record *)copy);
			tail += size;
		}
		/* D */
		smp_store_release(&page->data_tail, tail);
		model_forget(rounds);
	}
}

void ring_store_tail(u64 tail)
{
	/* D, but for the value. */
	smp_store_release(&stackid_ring_control(book->ring)->data_tail, tail);
	model_forget(0);
}

/* stackid_reset()'s order: the new one is published, then the hits are waited for. */
void ring_reset(void)
{
	WRITE_ONCE(book->generation, book->generation + 1);
	synchronize_rcu();
	model_forget(0);
}
