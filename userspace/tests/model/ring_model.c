// SPDX-License-Identifier: GPL-2.0
/*
 * The ring: what must hold in every state, and at the end of every interleaving.
 *
 *  - From data_tail to head lie whole records, each hit's at most once, in the order
 *    of their times, and each as it was written.
 *  - head and data_head never go back, nothing is reserved or written in what the
 *    consumer has not freed, and no limit reaches further.
 *  - At the end all is published, and each hit has been consumed once or counted:
 *    offered = consumed + LOST + not yet told + contended.
 */
#include "ring_hit.h"

#include "../../../module/ring/record.h"
#include "../../../module/ring/ring.h"
#include "../../../module/ring/ring_reader.h"
#include "../../../module/ring/ring_writer.h"

/* A hit gives up its place this often at most, whatever the ring's size. */
#define MOST_TRIES	70

struct ring_book *book;

u64 book_offer(u64 generation)
{
	u64 number = ++book->offered;

	model_expect(number < MAX_HITS, "more than %d hits", MAX_HITS - 1);
	book->fate[number] = OFFERED;
	book->of[number] = generation;
	model_saw(number);
	model_note("hit %d", (int)number);
	return number;
}

void book_write(u64 number)
{
	book->fate[number] = WRITTEN;
}

void book_lose(u64 number, enum fate fate)
{
	book->fate[number] = fate;
	model_note("hit %d is %s", (int)number, fate == LOST ? "lost" : "contended");
}

static void expect_written(const struct stackid_record *record)
{
	u64 number = stackid_rec_pid(record);

	model_expect(stackid_rec_size(record) == HIT_SIZE && number &&
		     number <= book->offered && *(const u64 *)(record + 1) == ~number,
		     "a record that no hit has written: %llx %llx %llx",
		     record->w0, record->w1, *(const u64 *)(record + 1));
	model_expect(book->fate[number] == WRITTEN || book->fate[number] == CONSUMED,
		     "hit %d is readable, and its fate is %d", (int)number,
		     book->fate[number]);
}

static bool is_hit(const struct stackid_record *record)
{
	return stackid_rec_type(record) == (STACKID_REC_EVENT | STACKID_REC_VALUES);
}

static void consume_generation(const struct stackid_generation_record *record)
{
	/* The first one of read(2) says what is in force. */
	if (book->known)
		model_expect(record->previous + 1 >= book->known &&
			     record->previous <= book->known + 1,
			     "generation %d is said to come after %d, and was in %d",
			     (int)record->number, (int)record->previous,
			     (int)book->known);
	book->known = record->number;
}

void book_consume(const struct stackid_record *record)
{
	u64 number = stackid_rec_pid(record), generation;

	switch (stackid_rec_type(record)) {
	case STACKID_REC_PAD:
		return;
	case STACKID_REC_GENERATION:
		consume_generation((const void *)record);
		return;
	case STACKID_REC_LOST:
		book->lost += ((const struct stackid_number_record *)record)->number;
		break;
	default:
		model_expect(is_hit(record), "a record of type %d",
			     (int)stackid_rec_type(record));
		expect_written(record);
		model_expect(book->fate[number] == WRITTEN, "hit %d is consumed twice",
			     (int)number);
		book->fate[number] = CONSUMED;
		model_note("consumes hit %d", (int)number);
		/* The value nearest to the known one. */
		generation = book->known +
			     ((stackid_rec_generation(record) - book->known + 8) & 0xf) - 8;
		model_expect(generation == book->of[number],
			     "hit %d is of generation %d and is read as of %d",
			     (int)number, book->of[number], (int)generation);
	}
	model_expect(stackid_rec_time_bits(record) >= book->last_time,
		     "times go back from %d to %d", (int)book->last_time,
		     (int)stackid_rec_time_bits(record));
	book->last_time = stackid_rec_time_bits(record);
}

/* What a consumer that began now would find. */
static void check_records(const struct ring *ring, u64 tail, u64 head)
{
	u64 time = 0;
	bool seen[MAX_HITS] = {};

	while (tail != head) {
		unsigned long offset = tail & ring->writer.mask;
		const struct stackid_record *record =
			(const void *)(ring->writer.data + offset);
		unsigned int size = stackid_rec_size(record);

		model_expect(size && size <= head - tail && size <= ring->size - offset,
			     "a record of %d bytes, %d before head, %d before the end",
			     size, (int)(head - tail), (int)(ring->size - offset));
		if (is_hit(record)) {
			u64 number = stackid_rec_pid(record);

			expect_written(record);
			model_expect(!seen[number], "hit %d is there twice",
				     (int)number);
			seen[number] = true;
		}
		if (stackid_rec_type(record) != STACKID_REC_PAD) {
			model_expect(stackid_rec_time_bits(record) >= time,
				     "times go back from %d to %d", (int)time,
				     (int)stackid_rec_time_bits(record));
			time = stackid_rec_time_bits(record);
		}
		tail += size;
	}
}

static void check_tail_believed(const struct ring *ring, u64 tail, u64 head)
{
	const struct ring_writer *writer = &ring->writer;
	u64 position = writer->position.count;

	model_expect(position - tail <= ring->size,
		     "%d bytes are reserved of %d, of which the consumer has freed all but %d",
		     (int)(position - tail), (int)ring->size, (int)(head - tail));
	model_expect(writer->limit <= tail + ring->size,
		     "the limit is %d bytes beyond what is free",
		     (int)(writer->limit - tail - ring->size));
	check_records(ring, tail, head);
}

static void check_heads(void)
{
	const struct ring *ring = book->ring;
	const struct ring_writer *writer = &ring->writer;
	u64 position = writer->position.count;

	model_expect(writer->head >= book->head_was,
		     "head goes back from %d to %d", (int)book->head_was,
		     (int)writer->head);
	model_expect(ring->page->data_head >= book->data_head_was,
		     "data_head goes back from %d to %d",
		     (int)book->data_head_was, (int)ring->page->data_head);
	model_expect(writer->head <= position && ring->page->data_head <= writer->head,
		     "position %d, head %d, data_head %d: out of order",
		     (int)position, (int)writer->head, (int)ring->page->data_head);
	model_expect(writer->nest.count || !ring->lost.count || !writer->limit,
		     "%ld lost, and the next record is written without saying so",
		     ring->lost.count);
}

static void check(void)
{
	const struct ring *ring = book->ring;

	check_heads();
	check_tail_believed(ring, ring->page->data_tail, ring->writer.head);
}

/* No write may reach what a consumer may be reading, nor leave the data. */
static void on_write(const void *at, size_t size)
{
	const struct ring *ring = book->ring;
	const struct ring_writer *writer = &ring->writer;
	unsigned long offset = (const char *)at - writer->data;
	u64 in_lap = (offset - writer->head) & writer->mask;

	if (at == &writer->head)
		book->head_was = writer->head;
	if (at == writer->data_head)
		book->data_head_was = *writer->data_head;
	/* Behind the data there is room, so that it can be told. */
	if (offset >= ring->size + 64)
		return;
	model_expect(offset + size <= ring->size, "a write beyond the data's end");
	model_expect(in_lap < writer->position.count - writer->head,
		     "a write where nothing is reserved: %d bytes behind head, position %d",
		     (int)in_lap, (int)(writer->position.count - writer->head));
}

/* @from: a position, so that the data's end comes soon; consumed up to there. */
static void make_ring(size_t size, u64 from)
{
	struct ring *ring;

	book = model_alloc_book(sizeof(*book));
	ring = stackid_ring_create(0, size, true);
	model_alloc(64);
	book->ring = ring;
	book->generation = 20;
	book->known = 20;
	ring->writer.generation = 20;
	ring->writer.position.count = from;
	ring->writer.head = from;
	ring->page->data_head = from;
	ring->page->data_tail = from;
	ring->announced_end = from;
	model_on_write = on_write;
	model_on_clock = NULL;
}

static void setup_small(void)
{
	make_ring(128, 1024 + 72);
}

/* To the last byte, the sixth is lost; the next record needs a LOST and a PAD. */
static void setup_full(void)
{
	int i;

	make_ring(128, 1024 + 96);
	for (i = 0; i < 6; i++)
		ring_hit();
}

/* Since the last hit on this CPU there have been more resets than 4 bits can tell. */
static void setup_old_generation(void)
{
	make_ring(256, 1024);
	ring_hit();
	book->generation += 9;
}

static void hit_twice(void)
{
	ring_hit();
	model_forget(1);
	ring_hit();
}

static void hit_once_or_twice(void)
{
	ring_hit();
	model_forget(1);
	if (model_full)
		ring_hit();
}

static void hit_three_times(void)
{
	hit_twice();
	model_forget(2);
	ring_hit();
}

static void read_kernel(void)
{
	ring_read_kernel(3);
}

static void begin_and_read_one(void)
{
	ring_read_kernel(1);
}

static void reset(void)
{
	if (model_full)
		ring_reset();
}

static void read_user(void)
{
	/* It begins by saying so. */
	book->known = 0;
	ring_read_user(1);
}

static void read_mapped(void)
{
	ring_read_mapped(model_full ? 2 : 1);
}

/* The rest is read, and then every hit is somewhere. */
static void end(void)
{
	struct ring *ring = book->ring;
	u64 count[CONTENDED + 1] = {}, i;
	const struct stackid_record *record;

	model_expect(!ring->writer.nest.count, "nest is %ld", ring->writer.nest.count);
	model_expect((u64)ring->writer.position.count == ring->writer.head &&
		     ring->page->data_head == ring->writer.head,
		     "%d bytes are not published and nobody is writing",
		     (int)(ring->writer.position.count - ring->page->data_head));
	while ((record = stackid_ring_peek(ring))) {
		/* As one that begins here would, who knows nothing else. */
		stackid_ring_begin(ring);
		book->known = stackid_ring_generation(ring);
		book_consume(record);
		stackid_ring_advance(ring, stackid_rec_size(record));
	}
	model_expect(ring->page->data_tail == ring->writer.head,
		     "the consumer stops before head");
	for (i = 1; i <= book->offered; i++)
		count[book->fate[i]]++;
	model_expect(!count[OFFERED] && !count[WRITTEN],
		     "%d hits are neither recorded nor lost",
		     (int)(count[OFFERED] + count[WRITTEN]));
	model_expect(book->lost + ring->lost.count == count[LOST],
		     "%d are lost; LOST records say %d, and %ld are untold",
		     (int)count[LOST], (int)book->lost, ring->lost.count);
	model_expect((u64)ring->lost_total.count == count[LOST] &&
		     ring->page->lost == count[LOST],
		     "%d are lost; lost_total is %ld, the control page says %d",
		     (int)count[LOST], ring->lost_total.count,
		     (int)ring->page->lost);
}

/* A consumer that writes garbage harms itself only. */
static void hostile(void)
{
	ring_store_tail(0);
	ring_store_tail(U64_MAX - 7);
	ring_store_tail(book->ring->writer.head + 16);
	ring_store_tail(book->ring->writer.head);
}

static void check_hostile(void)
{
	const struct ring_writer *writer = &book->ring->writer;

	check_heads();
	model_expect(writer->position.count - writer->head <= book->ring->size,
		     "more is reserved than the ring has");
	model_expect(!writer->limit || writer->limit <= writer->position.count + book->ring->size,
		     "the limit is %d bytes behind position: data_tail was believed",
		     (int)(writer->limit - writer->position.count));
}

static void end_hostile(void)
{
	while (stackid_ring_peek(book->ring))
		stackid_ring_advance(book->ring,
				     stackid_rec_size(stackid_ring_peek(book->ring)));
}

/* A breakpoint on the clock, whose handler passes a tracepoint. */
static void breakpoint(void)
{
	/* What hits in there is kept out by the guard of its level. */
	if (book->in_breakpoint)
		return;
	book->in_breakpoint = true;
	ring_hit();
	book->in_breakpoint = false;
}

static void setup_breakpoint(void)
{
	make_ring(8192, 1024);
	model_on_clock = breakpoint;
}

static void end_breakpoint(void)
{
	model_expect(book->offered <= 2 * MOST_TRIES,
		     "a hit gave up its place %d times",
		     (int)book->offered - 2);
	end();
}

const struct scenario ring_scenarios[] = {
	{
		.name = "nesting",
		.what = "writers nest in writers, also at the data's end, until it is full",
		.setup = setup_small,
		.run = { [TASK] = hit_three_times, [IRQ] = ring_hit, [NMI] = ring_hit },
		.times = { { [IRQ] = 1, [NMI] = 1 }, { [IRQ] = 2, [NMI] = 2 } },
		.check = check, .end = end,
	}, {
		.name = "full",
		.what = "writers nest where nothing has room, and a consumer frees some",
		.setup = setup_full,
		.run = { [TASK] = hit_once_or_twice, [IRQ] = ring_hit, [NMI] = ring_hit,
			 [READER] = read_kernel },
		.times = { { [NMI] = 1 }, { [IRQ] = 1, [NMI] = 1 } },
		.check = check, .end = end,
	}, {
		.name = "read",
		.what = "the same, and the consumer is read(2)",
		.setup = setup_full,
		.run = { [TASK] = hit_once_or_twice, [IRQ] = ring_hit, [NMI] = ring_hit,
			 [READER] = read_user },
		.times = { { [NMI] = 0 }, { [IRQ] = 1, [NMI] = 1 } },
		.check = check, .end = end,
	}, {
		.name = "mapped",
		.what = "the same, and the consumer has mapped the ring",
		.setup = setup_full,
		.run = { [TASK] = hit_once_or_twice, [IRQ] = ring_hit, [NMI] = ring_hit,
			 [READER] = read_mapped },
		.times = { { [NMI] = 1 }, { [IRQ] = 1, [NMI] = 1 } },
		.check = check, .end = end,
	}, {
		.name = "hostile",
		.what = "the same, and the consumer writes garbage to data_tail",
		.setup = setup_full,
		.run = { [TASK] = hit_twice, [IRQ] = ring_hit, [NMI] = ring_hit,
			 [READER] = hostile },
		.times = { { [NMI] = 1 }, { [IRQ] = 1, [NMI] = 1 } },
		.check = check_hostile, .end = end_hostile,
	}, {
		.name = "announcing",
		.what = "generations are announced where writers nest and a reset comes",
		.setup = setup_old_generation,
		.run = { [TASK] = hit_once_or_twice, [IRQ] = ring_hit, [NMI] = ring_hit,
			 [RESETTER] = ring_reset },
		.times = { { [NMI] = 1 }, { [IRQ] = 1, [NMI] = 1 } },
		.check = check, .end = end,
	}, {
		.name = "generations",
		.what = "a consumer begins where a generation is announced and a reset comes",
		.setup = setup_old_generation,
		.run = { [TASK] = hit_once_or_twice,
			 [READER] = begin_and_read_one, [RESETTER] = reset },
		.check = check, .end = end,
	}, {
		.name = "breakpoint",
		.what = "a breakpoint on the clock makes a hit in every reservation",
		.setup = setup_breakpoint,
		.run = { [TASK] = ring_hit, [NMI] = ring_hit },
		.times = { { [NMI] = 0 }, { [NMI] = 1 } },
		.check = check, .end = end_breakpoint,
	},
	{}
};
