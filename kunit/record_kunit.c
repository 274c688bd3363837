// SPDX-License-Identifier: GPL-2.0
/* The two header words of a record, and the numbers that they cut short. */
#include <kunit/test.h>

#include "../module/ring/record.h"

/* What of an event makes up its header words. */
struct fields {
	unsigned int type;
	unsigned int size;
	u64 generation;
	unsigned int event;
	u32 id;
	pid_t pid;
	u64 time;
};

static const struct fields lowest = { .size = 8 };
static const struct fields highest = {
	.type = 0xf,
	.size = 255 * 8,
	.generation = 0xf,
	.event = STACKID_MAX_EVENT,
	.id = (1U << STACKID_ID_BITS) - 1,
	.pid = (1 << STACKID_PID_BITS) - 1,
	.time = (1ULL << STACKID_TIME_BITS) - 1,
};

static void assert_round_trip(struct kunit *test, const struct fields *f)
{
	struct stackid_record r;

	memset(&r, 0xff, sizeof(r));
	stackid_record_init(&r, f->type, f->size, f->generation, f->event,
			    f->id, f->pid, f->time);
	KUNIT_EXPECT_EQ(test, stackid_rec_type(&r), f->type);
	KUNIT_EXPECT_EQ(test, stackid_rec_size(&r), f->size);
	KUNIT_EXPECT_EQ(test, stackid_rec_generation(&r), f->generation & 0xf);
	KUNIT_EXPECT_EQ(test, stackid_rec_event(&r), f->event);
	KUNIT_EXPECT_EQ(test, stackid_rec_id(&r), f->id);
	KUNIT_EXPECT_EQ(test, stackid_rec_pid(&r), (u32)f->pid);
	KUNIT_EXPECT_EQ(test, stackid_rec_time_bits(&r),
			f->time & ((1ULL << STACKID_TIME_BITS) - 1));
}

/* Each field alone at its other end: a neighbour it spills into would show. */
static void extremes_of_each_field_come_back(struct kunit *test)
{
	static const struct {
		const struct fields *base, *other;
	} ways[] = { { &lowest, &highest }, { &highest, &lowest } };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		const struct fields *base = ways[i].base;
		const struct fields *other = ways[i].other;
		struct fields f[8];
		unsigned int j;

		for (j = 0; j < ARRAY_SIZE(f); j++)
			f[j] = *base;
		f[1].type = other->type;
		f[2].size = other->size;
		f[3].generation = other->generation;
		f[4].event = other->event;
		f[5].id = other->id;
		f[6].pid = other->pid;
		f[7].time = other->time;
		for (j = 0; j < ARRAY_SIZE(f); j++)
			assert_round_trip(test, &f[j]);
	}
}

static void every_bit_of_the_time_comes_back(struct kunit *test)
{
	unsigned int bit;

	for (bit = 0; bit < 64; bit++) {
		struct fields f = lowest;

		f.time = 1ULL << bit;
		assert_round_trip(test, &f);
		f = highest;
		f.time = ~(1ULL << bit);
		assert_round_trip(test, &f);
	}
}

static void a_great_generation_keeps_its_low_bits_only(struct kunit *test)
{
	struct fields f = lowest;

	f.generation = ~0ULL - 5;
	assert_round_trip(test, &f);
}

static void the_full_time_is_the_nearest_to_now(struct kunit *test)
{
	u64 period = 1ULL << STACKID_TIME_BITS;
	u64 times[] = { 0, 1, 12345, period - 1, period, period + 7,
			5 * period - 1, 5 * period, (255ULL << 56) + 3 };
	s64 ages[] = { 0, 1, -1, 1000, -1000, period / 2, 1 - (s64)period / 2 };
	struct stackid_record r;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(times); i++) {
		stackid_record_init(&r, 1, 16, 0, 0, 0, 0, times[i]);
		for (j = 0; j < ARRAY_SIZE(ages); j++)
			KUNIT_EXPECT_EQ(test, stackid_rec_time(&r,
						times[i] + ages[j]), times[i]);
	}
}

static void the_full_generation_is_the_nearest(struct kunit *test)
{
	struct stackid_record r;
	u64 near;
	int away;

	for (near = 8; near < 60; near++) {
		for (away = -7; away <= 7; away++) {
			stackid_record_init(&r, 1, 16, near + away, 0, 0, 0, 0);
			KUNIT_EXPECT_EQ(test,
					stackid_rec_full_generation(&r, near),
					near + away);
		}
	}
}

static struct kunit_case record_cases[] = {
	KUNIT_CASE(extremes_of_each_field_come_back),
	KUNIT_CASE(every_bit_of_the_time_comes_back),
	KUNIT_CASE(a_great_generation_keeps_its_low_bits_only),
	KUNIT_CASE(the_full_time_is_the_nearest_to_now),
	KUNIT_CASE(the_full_generation_is_the_nearest),
	{}
};

static struct kunit_suite record_suite = {
	.name = "stackid_record",
	.test_cases = record_cases,
};

kunit_test_suite(record_suite);

MODULE_LICENSE("GPL");
