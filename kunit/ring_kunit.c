// SPDX-License-Identifier: GPL-2.0
/*
 * The ring.  Most tests read it as user space does: through the control page
 * and the data, by what include/uapi/stackid.h says and nothing else.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/prandom.h>
#include <linux/preempt.h>

#include "../module/ring/record.h"
#include "../module/ring/ring.h"
#include "../module/ring/ring_reader.h"
#include "../module/ring/ring_writer.h"

#define DATA_SIZE PAGE_SIZE

/**
 * struct ring_test - a ring and both of its users
 * @control: as a reader's mapping has it
 * @data:    likewise
 * @written: number of the next record, carried in its pid
 * @random:  the same in each run
 */
struct ring_test {
	struct ring *ring;
	struct stackid_ring_page *control;
	const char *data;
	u32 written;
	struct rnd_state random;
};

static u32 random_below(struct ring_test *t, u32 bound)
{
	return prandom_u32_state(&t->random) % bound;
}

/* A record of which every byte is its number. */
static void fill_record(struct ring_slot *slot, unsigned int size, u32 number)
{
	stackid_record_init(slot->data, STACKID_REC_EVENT, size, 1, 1, 0,
			    number & 0xffff, slot->time);
	memset(slot->data + 16, number & 0xff, size - 16);
}

static bool write_record(struct ring_test *t, unsigned int size)
{
	struct ring_slot slot;
	bool room;

	preempt_disable();
	room = stackid_ring_reserve(t->ring, size, true, &slot);
	if (room) {
		fill_record(&slot, size, t->written++);
		stackid_ring_commit(&slot);
	}
	preempt_enable();
	return room;
}

static unsigned int fill_up(struct ring_test *t, unsigned int size)
{
	unsigned int n = 0;

	while (write_record(t, size))
		n++;
	return n;
}

/* The reader: the next record that is no PAD, or NULL. */
static const struct stackid_record *next_record(struct kunit *test,
						struct ring_test *t)
{
	while (t->control->data_tail != t->control->data_head) {
		unsigned long offset = t->control->data_tail % DATA_SIZE;
		const struct stackid_record *r =
			(const void *)(t->data + offset);

		KUNIT_ASSERT_GT(test, stackid_rec_size(r), 0U);
		KUNIT_ASSERT_LE(test, offset + stackid_rec_size(r), DATA_SIZE);
		KUNIT_ASSERT_LE(test, stackid_rec_size(r),
				t->control->data_head - t->control->data_tail);
		if (stackid_rec_type(r) != STACKID_REC_PAD)
			return r;
		t->control->data_tail += stackid_rec_size(r);
	}
	return NULL;
}

static void consume(struct ring_test *t, const struct stackid_record *r)
{
	t->control->data_tail += stackid_rec_size(r);
}

static void expect_whole(struct kunit *test, const struct stackid_record *r,
			 u32 number)
{
	KUNIT_EXPECT_EQ(test, stackid_rec_type(r), STACKID_REC_EVENT);
	KUNIT_ASSERT_EQ(test, stackid_rec_pid(r), number & 0xffff);
	KUNIT_EXPECT_NULL(test, memchr_inv(r + 1, number & 0xff,
					   stackid_rec_size(r) - 16));
}

static void drop_everything(struct ring_test *t)
{
	t->control->data_tail = t->control->data_head;
}

static int ring_test_init(struct kunit *test)
{
	struct ring_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->ring = stackid_ring_create(0, DATA_SIZE, true);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, t->ring);
	test->priv = t;
	t->control = stackid_ring_control(t->ring);
	prandom_seed_state(&t->random, 17);
	/* The first record lies at the data's beginning. */
	write_record(t, 16);
	t->data = (const char *)stackid_ring_peek(t->ring);
	drop_everything(t);
	t->written = 0;
	return 0;
}

static void ring_test_exit(struct kunit *test)
{
	struct ring_test *t = test->priv;

	if (t)
		stackid_ring_destroy(t->ring);
}

static void the_control_page_describes_the_ring(struct kunit *test)
{
	struct ring *ring = stackid_ring_create(0, 4 * PAGE_SIZE, true);
	const struct stackid_ring_page *page = stackid_ring_control(ring);

	KUNIT_EXPECT_EQ(test, page->magic, STACKID_RING_MAGIC);
	KUNIT_EXPECT_EQ(test, page->version, STACKID_ABI_VERSION);
	KUNIT_EXPECT_EQ(test, page->cpu, 0U);
	KUNIT_EXPECT_EQ(test, page->data_offset, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, page->data_size, 4 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, page->data_head, 0ULL);
	KUNIT_EXPECT_EQ(test, page->data_tail, 0ULL);
	KUNIT_EXPECT_EQ(test, page->lost, 0ULL);
	stackid_ring_destroy(ring);
}

static void a_record_comes_out_as_it_went_in(struct kunit *test)
{
	struct ring_test *t = test->priv;
	const struct stackid_record *r;

	KUNIT_ASSERT_TRUE(test, write_record(t, 48));
	r = next_record(test, t);

	KUNIT_ASSERT_NOT_NULL(test, r);
	KUNIT_EXPECT_EQ(test, stackid_rec_size(r), 48U);
	expect_whole(test, r, 0);
	consume(t, r);
	KUNIT_EXPECT_NULL(test, next_record(test, t));
}

static void nothing_is_seen_before_its_commit(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct ring_slot slot;

	preempt_disable();
	KUNIT_EXPECT_TRUE(test, stackid_ring_reserve(t->ring, 24, true, &slot));
	KUNIT_EXPECT_NULL(test, next_record(test, t));
	KUNIT_EXPECT_NULL(test, stackid_ring_peek(t->ring));
	fill_record(&slot, 24, 0);
	stackid_ring_commit(&slot);
	preempt_enable();
	KUNIT_EXPECT_NOT_NULL(test, next_record(test, t));
}

/* As when an interrupt's event and an NMI's nest in a task's. */
static void nested_records_are_seen_when_the_outermost_is_done(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct ring_slot task, irq, nmi, irq2;
	const struct stackid_record *r;
	u64 time = 0;
	u32 i;

	preempt_disable();
	stackid_ring_reserve(t->ring, 24, true, &task);
	stackid_ring_reserve(t->ring, 32, true, &irq);
	stackid_ring_reserve(t->ring, 40, true, &nmi);
	fill_record(&nmi, 40, 2);
	stackid_ring_commit(&nmi);
	KUNIT_EXPECT_NULL(test, next_record(test, t));
	fill_record(&irq, 32, 1);
	stackid_ring_commit(&irq);
	stackid_ring_reserve(t->ring, 48, true, &irq2);
	fill_record(&irq2, 48, 3);
	stackid_ring_commit(&irq2);
	KUNIT_EXPECT_NULL(test, next_record(test, t));
	fill_record(&task, 24, 0);
	stackid_ring_commit(&task);
	preempt_enable();

	for (i = 0; i < 4; i++) {
		r = next_record(test, t);
		KUNIT_ASSERT_NOT_NULL(test, r);
		expect_whole(test, r, i);
		KUNIT_EXPECT_GE(test, stackid_rec_time_bits(r), time);
		time = stackid_rec_time_bits(r);
		consume(t, r);
	}
	KUNIT_EXPECT_NULL(test, next_record(test, t));
}

static void a_refused_nested_record_does_not_publish_the_outer_one(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct ring_slot outer, inner;
	const struct stackid_record *r;

	preempt_disable();
	stackid_ring_reserve(t->ring, RING_MAX_RECORD, true, &outer);
	KUNIT_EXPECT_TRUE(test, stackid_ring_reserve(t->ring, 1024, true,
						     &inner));
	fill_record(&inner, 1024, 1);
	stackid_ring_commit(&inner);
	KUNIT_EXPECT_FALSE(test, stackid_ring_reserve(t->ring, RING_MAX_RECORD,
						      true, &inner));
	KUNIT_EXPECT_NULL(test, next_record(test, t));
	fill_record(&outer, RING_MAX_RECORD, 0);
	stackid_ring_commit(&outer);
	preempt_enable();

	r = next_record(test, t);
	KUNIT_ASSERT_NOT_NULL(test, r);
	expect_whole(test, r, 0);
}

/* With records of all sizes the end of the data is met at every offset. */
static void records_stay_whole_round_after_round(struct kunit *test)
{
	struct ring_test *t = test->priv;
	const struct stackid_record *r;
	u64 time = 0;
	u32 read = 0;
	int i;

	for (i = 0; i < 20000; i++) {
		unsigned int size = 16 + 8 * random_below(t, 70);

		KUNIT_ASSERT_TRUE(test, write_record(t, size));
		if (t->control->data_head - t->control->data_tail <
		    DATA_SIZE / 2 && random_below(t, 4))
			continue;
		while ((r = next_record(test, t))) {
			expect_whole(test, r, read++);
			KUNIT_ASSERT_GE(test, stackid_rec_time_bits(r), time);
			time = stackid_rec_time_bits(r);
			consume(t, r);
		}
	}
	KUNIT_EXPECT_GT(test, t->control->data_head, 100 * DATA_SIZE);
	KUNIT_EXPECT_EQ(test, t->control->lost, 0ULL);
}

static void the_end_that_is_too_short_is_padded(struct kunit *test)
{
	struct ring_test *t = test->priv;
	const struct stackid_record *r;
	u64 head;

	/* From 16: up to 4080, which leaves 16 bytes. */
	KUNIT_ASSERT_TRUE(test, write_record(t, RING_MAX_RECORD));
	KUNIT_ASSERT_TRUE(test, write_record(t, RING_MAX_RECORD));
	KUNIT_ASSERT_TRUE(test, write_record(t, 80));
	drop_everything(t);
	head = t->control->data_head;
	KUNIT_ASSERT_EQ(test, head % DATA_SIZE, DATA_SIZE - 16);
	KUNIT_ASSERT_TRUE(test, write_record(t, 24));

	r = (const void *)(t->data + DATA_SIZE - 16);
	KUNIT_EXPECT_EQ(test, stackid_rec_type(r), STACKID_REC_PAD);
	KUNIT_EXPECT_EQ(test, stackid_rec_size(r), 16U);
	KUNIT_EXPECT_EQ(test, t->control->data_head, head + 16 + 24);
	KUNIT_EXPECT_PTR_EQ(test, (const char *)next_record(test, t), t->data);
	KUNIT_EXPECT_PTR_EQ(test, (const char *)stackid_ring_peek(t->ring),
			    t->data);
}

static void a_pad_of_8_bytes_is_enough(struct kunit *test)
{
	struct ring_test *t = test->priv;

	KUNIT_ASSERT_TRUE(test, write_record(t, RING_MAX_RECORD));
	KUNIT_ASSERT_TRUE(test, write_record(t, RING_MAX_RECORD));
	KUNIT_ASSERT_TRUE(test, write_record(t, 88));
	drop_everything(t);
	KUNIT_ASSERT_EQ(test, t->control->data_head % DATA_SIZE, DATA_SIZE - 8);
	KUNIT_ASSERT_TRUE(test, write_record(t, 16));

	KUNIT_EXPECT_PTR_EQ(test, (const char *)next_record(test, t), t->data);
	KUNIT_EXPECT_PTR_EQ(test, (const char *)stackid_ring_peek(t->ring),
			    t->data);
}

static void the_whole_ring_can_be_filled(struct kunit *test)
{
	struct ring_test *t = test->priv;

	KUNIT_EXPECT_EQ(test, fill_up(t, 16), DATA_SIZE / 16);
	KUNIT_EXPECT_EQ(test, t->control->data_head - t->control->data_tail,
			DATA_SIZE);
}

static void a_full_ring_drops_the_new_and_keeps_the_old(struct kunit *test)
{
	struct ring_test *t = test->priv;
	unsigned int written = fill_up(t, 64), i;
	const struct stackid_record *r;

	KUNIT_EXPECT_FALSE(test, write_record(t, 64));
	for (i = 0; i < written; i++) {
		r = next_record(test, t);
		KUNIT_ASSERT_NOT_NULL(test, r);
		expect_whole(test, r, i);
		consume(t, r);
	}
	KUNIT_EXPECT_NULL(test, next_record(test, t));
}

static void losses_are_told_exactly_before_the_next_record(struct kunit *test)
{
	struct ring_test *t = test->priv;
	unsigned int written = fill_up(t, 64);
	const struct stackid_record *r;
	int i;

	for (i = 0; i < 41; i++)	/* with the one that ended fill_up() */
		write_record(t, 64);
	KUNIT_EXPECT_EQ(test, t->control->lost, 42ULL);
	KUNIT_EXPECT_EQ(test, stackid_ring_lost(t->ring), 42ULL);
	drop_everything(t);
	KUNIT_ASSERT_TRUE(test, write_record(t, 64));

	r = next_record(test, t);
	KUNIT_ASSERT_EQ(test, stackid_rec_type(r), STACKID_REC_LOST);
	KUNIT_EXPECT_EQ(test, stackid_rec_size(r), 24U);
	KUNIT_EXPECT_EQ(test,
			((const struct stackid_number_record *)r)->number,
			42ULL);
	consume(t, r);
	r = next_record(test, t);
	expect_whole(test, r, written);
	consume(t, r);
	/* Told once. */
	write_record(t, 64);
	expect_whole(test, next_record(test, t), written + 1);
}

static void an_uncounted_loss_is_not_told(struct kunit *test)
{
	struct ring_test *t = test->priv;
	unsigned int written = DATA_SIZE / 16, i;
	struct ring_slot slot;

	for (i = 0; i < written; i++)
		write_record(t, 16);
	preempt_disable();
	KUNIT_EXPECT_FALSE(test, stackid_ring_reserve(t->ring, 16, false,
						      &slot));
	preempt_enable();
	drop_everything(t);
	write_record(t, 16);

	KUNIT_EXPECT_EQ(test, t->control->lost, 0ULL);
	expect_whole(test, next_record(test, t), written);
}

/* What a reader adds up, until the ring is empty or @limit records are read. */
static void read_some(struct kunit *test, struct ring_test *t,
		      unsigned int limit, u64 *read, u64 *lost)
{
	const struct stackid_record *r;

	while (limit-- && (r = next_record(test, t))) {
		if (stackid_rec_type(r) == STACKID_REC_LOST)
			*lost += ((const struct stackid_number_record *)
				  r)->number;
		else
			expect_whole(test, r, (*read)++);
		consume(t, r);
	}
}

static void read_and_lost_add_up_to_offered(struct kunit *test)
{
	struct ring_test *t = test->priv;
	u64 offered = 0, read = 0, lost = 0;

	while (offered < 50000) {
		unsigned int burst = random_below(t, 200);

		for (; burst; burst--, offered++)
			write_record(t, 16 + 8 * random_below(t, 20));
		read_some(test, t, random_below(t, 150), &read, &lost);
	}
	/* One more after all is read, so that the last loss is in a LOST record. */
	read_some(test, t, UINT_MAX, &read, &lost);
	KUNIT_ASSERT_TRUE(test, write_record(t, 16));
	offered++;
	read_some(test, t, UINT_MAX, &read, &lost);

	KUNIT_EXPECT_EQ(test, read, (u64)t->written);
	KUNIT_EXPECT_EQ(test, read + lost, offered);
	KUNIT_EXPECT_EQ(test, lost, t->control->lost);
	KUNIT_EXPECT_GT(test, lost, 1000ULL);
}

static void a_tail_outside_of_the_ring_counts_as_full(struct kunit *test)
{
	struct ring_test *t = test->priv;
	u64 head, lost = 1;
	int i;

	/* So far that head - size is no negative number. */
	for (i = 0; i < 200; i++) {
		write_record(t, 24);
		drop_everything(t);
	}
	/* The last sane one is good for no more than what was free by it. */
	t->control->data_tail = 1;
	for (i = 0; write_record(t, 16); i++)
		KUNIT_ASSERT_LT(test, i, DATA_SIZE / 16);
	head = t->control->data_head;
	for (i = 0; i < 5000; i++) {
		u64 wild = (u64)prandom_u32_state(&t->random) << 32 |
			   prandom_u32_state(&t->random);

		if (i % 2)	/* near misses, too */
			wild = head + (i % 4 == 1 ? 1 + wild % 64 :
						    -DATA_SIZE - 1 - wild % 64);
		t->control->data_tail = wild;
		KUNIT_ASSERT_FALSE(test, write_record(t, 16));
		lost++;
	}
	KUNIT_EXPECT_EQ(test, t->control->data_head, head);
	KUNIT_EXPECT_EQ(test, t->control->lost, lost);

	t->control->data_tail = head;
	KUNIT_EXPECT_TRUE(test, write_record(t, 16));
	KUNIT_EXPECT_EQ(test, stackid_rec_type(next_record(test, t)),
			STACKID_REC_LOST);
}

/*
 * Whatever the reader stores: what peek gives is inside of the data (behind it
 * is an unmapped page), and the ring works again once the tail is sane.
 */
static void wild_tails_do_no_harm(struct kunit *test)
{
	struct ring_test *t = test->priv;
	const struct stackid_record *r;
	unsigned long offset;
	int i;

	for (i = 0; i < 100000; i++) {
		u64 tail = t->control->data_head;

		switch (random_below(t, 6)) {
		case 0:
			tail = (u64)prandom_u32_state(&t->random) << 32 |
			       prandom_u32_state(&t->random);
			break;
		case 1:
			tail -= random_below(t, 2 * DATA_SIZE);
			break;
		case 2:
			tail += random_below(t, 2 * DATA_SIZE);
			break;
		case 3:
			tail -= 8 * random_below(t, DATA_SIZE / 8);
			break;
		default:
			break;
		}
		t->control->data_tail = tail;
		write_record(t, 16 + 8 * random_below(t, 100));
		r = stackid_ring_peek(t->ring);
		if (!r)
			continue;
		offset = (const char *)r - t->data;
		KUNIT_ASSERT_LT(test, offset, DATA_SIZE);
		KUNIT_ASSERT_LE(test, offset + stackid_rec_size(r), DATA_SIZE);
		if (random_below(t, 2))
			stackid_ring_advance(t->ring, stackid_rec_size(r));
	}
	drop_everything(t);
	KUNIT_ASSERT_TRUE(test, write_record(t, 32));
	r = next_record(test, t);
	while (stackid_rec_type(r) == STACKID_REC_LOST) {
		consume(t, r);
		r = next_record(test, t);
	}
	expect_whole(test, r, t->written - 1);
}

static void peek_and_advance_give_each_record_once(struct kunit *test)
{
	struct ring_test *t = test->priv;
	const struct stackid_record *r;
	u32 i, read = 0;

	for (i = 0; i < 5000; i++) {
		write_record(t, 16 + 8 * random_below(t, 30));
		if (i % 5)
			continue;
		while ((r = stackid_ring_peek(t->ring))) {
			KUNIT_ASSERT_PTR_EQ(test, stackid_ring_peek(t->ring), r);
			expect_whole(test, r, read++);
			stackid_ring_advance(t->ring, stackid_rec_size(r));
		}
	}
	KUNIT_EXPECT_EQ(test, t->control->lost, 0ULL);
	while ((r = stackid_ring_peek(t->ring))) {
		expect_whole(test, r, read++);
		stackid_ring_advance(t->ring, stackid_rec_size(r));
	}
	KUNIT_EXPECT_EQ(test, read, t->written);
}

static void waiting_counts_what_is_not_yet_consumed(struct kunit *test)
{
	struct ring_test *t = test->priv;

	KUNIT_EXPECT_EQ(test, stackid_ring_waiting(t->ring), 0ULL);
	write_record(t, 16);
	write_record(t, 64);
	KUNIT_EXPECT_EQ(test, stackid_ring_waiting(t->ring), 80ULL);
	consume(t, next_record(test, t));
	KUNIT_EXPECT_EQ(test, stackid_ring_waiting(t->ring), 64ULL);
	t->control->data_tail = t->control->data_head + 1;
	KUNIT_EXPECT_EQ(test, stackid_ring_waiting(t->ring), 0ULL);
}

/* Nested writers, which come between the steps of another. */
static unsigned int interrupts_left;

static void interrupt(struct ring *ring)
{
	struct ring_slot slot;

	/* No hit comes from inside the handling of another. */
	if (!interrupts_left)
		return;
	interrupts_left--;
	stackid_ring_test_interrupt = NULL;
	if (stackid_ring_reserve(ring, 16, false, &slot)) {
		stackid_record_init(slot.data, STACKID_REC_EVENT, 16, 1, 2, 0,
				    0, slot.time);
		stackid_ring_commit(&slot);
	}
	stackid_ring_test_interrupt = interrupt;
}

/* Between the steps only those writers are interrupted that have to look twice. */
static bool write_interrupted(struct ring_test *t, unsigned int interrupts,
			      struct ring_place *place)
{
	struct ring_writer *writer = stackid_ring_writer(t->ring);

	preempt_disable();
	writer->limit = 0;
	interrupts_left = interrupts;
	stackid_ring_test_interrupt = interrupt;
	*place = ring_place(writer, 16, true);
	stackid_ring_test_interrupt = NULL;
	if (place->data) {
		stackid_record_init(place->data, STACKID_REC_EVENT, 16, 1, 1, 0,
				    0, place->time);
		ring_leave(writer);
	}
	preempt_enable();
	return place->data;
}

static void a_writer_survives_interrupts_and_gives_up_at_last(struct kunit *test)
{
	struct ring_test *t = test->priv;
	const struct stackid_record *r;
	struct ring_place place;
	unsigned int nr = 0;

	KUNIT_EXPECT_TRUE(test, write_interrupted(t, 5, &place));
	while ((r = next_record(test, t))) {
		KUNIT_EXPECT_EQ(test, stackid_rec_event(r), nr < 5 ? 2U : 1U);
		nr++;
		consume(t, r);
	}
	KUNIT_EXPECT_EQ(test, nr, 6U);

	KUNIT_EXPECT_FALSE(test, write_interrupted(t, 100000, &place));
	KUNIT_EXPECT_EQ(test, (int)place.why, (int)RING_CONTENDED);
	KUNIT_EXPECT_EQ(test, t->control->lost, 0ULL);
	for (nr = 0; (r = next_record(test, t)); nr++)
		consume(t, r);
	KUNIT_EXPECT_GT(test, nr, 10U);
	KUNIT_EXPECT_LT(test, nr, 100U);
	/* And it goes on as before. */
	KUNIT_EXPECT_TRUE(test, write_record(t, 32));
	KUNIT_EXPECT_NOT_NULL(test, next_record(test, t));
}

/* An event as event.c writes it. */
static bool write_event_of(struct ring_test *t, u64 generation)
{
	struct ring_writer *writer = stackid_ring_writer(t->ring);
	struct ring_place place;

	preempt_disable();
	if (writer->generation != generation)
		place = stackid_ring_place_announced(writer, 16, generation);
	else
		place = ring_place(writer, 16, true);
	if (place.data) {
		stackid_record_init(place.data, STACKID_REC_EVENT, 16,
				    generation, 1, 0, generation, place.time);
		ring_leave(writer);
	}
	preempt_enable();
	return place.data;
}

/* Its pid tells what the generation has to be; true if it is. */
static bool is_decoded(const struct stackid_record *r, u64 near)
{
	return stackid_rec_full_generation(r, near) == stackid_rec_pid(r);
}

static void a_consumer_knows_the_generation_after_any_number_of_resets(struct kunit *test)
{
	static const u64 generations[] = { 1, 17, 18, 50, 51, 1000, 1016 };
	struct ring_test *t = test->priv;
	const struct stackid_record *r;
	unsigned int consumed, i;

	/* Wherever one reader stops, the next one goes on. */
	for (consumed = 0; consumed <= 3 * ARRAY_SIZE(generations); consumed++) {
		unsigned int nr = 0;
		u64 near;

		for (i = 0; i < ARRAY_SIZE(generations); i++) {
			write_event_of(t, 2000 * consumed + generations[i]);
			write_event_of(t, 2000 * consumed + generations[i]);
		}
		for (i = 0; i < consumed; i++)
			consume(t, next_record(test, t));
		stackid_ring_begin(t->ring);
		near = t->control->generation;
		for (; (r = stackid_ring_peek(t->ring)); nr++) {
			if (stackid_rec_type(r) == STACKID_REC_GENERATION) {
				const struct stackid_generation_record *g =
					(const void *)r;

				near = g->number;
			} else {
				KUNIT_ASSERT_TRUE(test, is_decoded(r, near));
				KUNIT_ASSERT_TRUE(test, is_decoded(r,
					stackid_ring_generation(t->ring)));
			}
			stackid_ring_advance(t->ring, stackid_rec_size(r));
		}
		KUNIT_EXPECT_EQ(test, nr + consumed,
				3U * ARRAY_SIZE(generations));
	}
	/* Nothing is left: what was announced last is in force. */
	stackid_ring_begin(t->ring);
	KUNIT_EXPECT_EQ(test, t->control->generation,
			2000 * (consumed - 1) + 1016ULL);
}

/* All that is there, from @near on; the number of events. */
static unsigned int expect_decoded(struct kunit *test, struct ring_test *t,
				   u64 near)
{
	const struct stackid_record *r;
	unsigned int events = 0;

	while ((r = next_record(test, t))) {
		if (stackid_rec_type(r) == STACKID_REC_GENERATION)
			near = ((const struct stackid_generation_record *)r)->number;
		if (stackid_rec_type(r) == STACKID_REC_EVENT) {
			events++;
			KUNIT_EXPECT_TRUE(test, is_decoded(r, near));
		}
		consume(t, r);
	}
	return events;
}

static void an_event_comes_with_its_generation_or_not_at_all(struct kunit *test)
{
	struct ring_test *t = test->priv;
	unsigned int room, i, written = 0, read = 0;
	const struct stackid_record *r;

	for (room = 0; room <= 128; room += 8) {
		u64 generation = 1 + 32 * room, end;

		/* The last one finds no room: a loss is owed from here on. */
		while (write_event_of(t, generation))
			written++;
		end = t->control->data_head - DATA_SIZE + room;
		stackid_ring_begin(t->ring);
		while (t->control->data_tail < end && (r = next_record(test, t))) {
			read += stackid_rec_type(r) == STACKID_REC_EVENT;
			consume(t, r);
		}
		for (i = 0; i < 3; i++)
			written += write_event_of(t, generation + 16);
		stackid_ring_begin(t->ring);
		read += expect_decoded(test, t, t->control->generation);
	}
	KUNIT_EXPECT_EQ(test, read, written);
}

static struct kunit_case ring_cases[] = {
	KUNIT_CASE(the_control_page_describes_the_ring),
	KUNIT_CASE(a_record_comes_out_as_it_went_in),
	KUNIT_CASE(nothing_is_seen_before_its_commit),
	KUNIT_CASE(nested_records_are_seen_when_the_outermost_is_done),
	KUNIT_CASE(a_refused_nested_record_does_not_publish_the_outer_one),
	KUNIT_CASE(records_stay_whole_round_after_round),
	KUNIT_CASE(the_end_that_is_too_short_is_padded),
	KUNIT_CASE(a_pad_of_8_bytes_is_enough),
	KUNIT_CASE(the_whole_ring_can_be_filled),
	KUNIT_CASE(a_full_ring_drops_the_new_and_keeps_the_old),
	KUNIT_CASE(losses_are_told_exactly_before_the_next_record),
	KUNIT_CASE(an_uncounted_loss_is_not_told),
	KUNIT_CASE(read_and_lost_add_up_to_offered),
	KUNIT_CASE(a_tail_outside_of_the_ring_counts_as_full),
	KUNIT_CASE(wild_tails_do_no_harm),
	KUNIT_CASE(peek_and_advance_give_each_record_once),
	KUNIT_CASE(waiting_counts_what_is_not_yet_consumed),
	KUNIT_CASE(a_writer_survives_interrupts_and_gives_up_at_last),
	KUNIT_CASE(a_consumer_knows_the_generation_after_any_number_of_resets),
	KUNIT_CASE(an_event_comes_with_its_generation_or_not_at_all),
	{}
};

static struct kunit_suite ring_suite = {
	.name = "stackid_ring",
	.init = ring_test_init,
	.exit = ring_test_exit,
	.test_cases = ring_cases,
};

kunit_test_suite(ring_suite);

MODULE_LICENSE("GPL");
