// SPDX-License-Identifier: GPL-2.0
/* Decoding single records, and walking them. */
#include <string.h>

#include "../lib/data/records.h"
#include "canned.h"
#include "test.h"

#define SECOND 1000000000ULL

static const struct canned_stack stack3 = {
	.nr = 3,
	.pcs = { 0xffffffff81000010, 0xffffffff81000020, 0xffffffff81000030 },
};

static struct record_walk walk_of(const struct canned *canned)
{
	return (struct record_walk) {
		.data = canned->data,
		.size = canned->size,
		.generation = 1,
		.now = canned->last_time,
	};
}

static void fields_come_back(void)
{
	struct canned canned = { };
	struct canned_hit hit = {
		.type = STACKID_REC_EVENT,
		.generation = 13,
		.event = STACKID_MAX_EVENT,
		.id = (1 << STACKID_ID_BITS) - 1,
		.pid = (1 << STACKID_PID_BITS) - 1,
		.time = 0x00fedcba98765432,
		.nr_values = 2,
		.values = { 0xfeedfacecafebeef, 7 },
	};
	const struct stackid_record *r;

	canned_event(&canned, &hit, NULL);
	r = (const void *)canned.data;
	CHECK_EQUAL(stackid_rec_type(r), STACKID_REC_EVENT | STACKID_REC_VALUES);
	CHECK_EQUAL(stackid_rec_size(r), 32);
	CHECK_EQUAL(stackid_rec_generation(r), 13);
	CHECK_EQUAL(stackid_rec_event(r), hit.event);
	CHECK_EQUAL(stackid_rec_id(r), hit.id);
	CHECK_EQUAL(stackid_rec_pid(r), hit.pid);
	CHECK_EQUAL(stackid_rec_time_bits(r), hit.time);
	CHECK_EQUAL(stackid_record_nr_values(r), 2);
	CHECK_EQUAL(stackid_rec_values(r)[0], hit.values[0]);
	CHECK_EQUAL(stackid_rec_values(r)[1], hit.values[1]);
	canned_free(&canned);
}

static void check_time(uint64_t written, uint64_t now)
{
	struct canned canned = { };
	struct canned_hit hit = { .type = STACKID_REC_EVENT, .time = written };

	canned_event(&canned, &hit, NULL);
	CHECK_EQUAL(stackid_rec_time((const void *)canned.data, now), written);
	canned_free(&canned);
}

/* Whichever of the two clocks was read a little earlier. */
static void times_are_unwrapped(void)
{
	uint64_t period = 1ULL << STACKID_TIME_BITS;

	check_time(0, 0);
	check_time(1000000000, 1000000001);
	check_time(1000000000, 999999999);
	check_time(period - 1, period + 5);
	check_time(period + 5, period - 1);
	check_time(3 * period, 3 * period + period / 2);
	check_time(3 * period, 3 * period - period / 2 + 1);
}

static void check_generation(uint64_t number, uint64_t near)
{
	struct canned canned = { };
	struct canned_hit hit = {
		.type = STACKID_REC_EVENT,
		.generation = number,
	};

	canned_event(&canned, &hit, NULL);
	CHECK_EQUAL(stackid_rec_full_generation((const void *)canned.data,
						near), number);
	canned_free(&canned);
}

static void generations_are_the_nearest(void)
{
	for (uint64_t near = 8; near < 60; near++) {
		for (uint64_t number = near - 7; number <= near + 7; number++)
			check_generation(number, near);
	}
	check_generation(1ULL << 40, (1ULL << 40) - 3);
	check_generation((1ULL << 40) - 3, 1ULL << 40);
}

static void walk_follows_generations(void)
{
	const uint64_t numbers[] = { 1, 2, 2, 9, 16, 17, 1000, 1001, 999 };
	struct canned canned = { };
	const struct stackid_record *r;
	struct record_walk walk;

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		struct canned_hit hit = {
			.type = STACKID_REC_EVENT,
			.generation = numbers[i],
			.id = 1,
		};

		/* Further than four bits reach: it needs the full number. */
		if (numbers[i] == 1000)
			canned_number(&canned, STACKID_REC_GENERATION, 1000, 0,
				      1000);
		canned_event(&canned, &hit, NULL);
	}
	walk = walk_of(&canned);
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		do {
			CHECK(stackid_records_next(&walk, &r) == WALK_RECORD);
		} while (!stackid_record_is_hit(r) && !test_failures);
		CHECK_EQUAL(walk.generation, numbers[i]);
	}
	CHECK(stackid_records_next(&walk, &r) == WALK_END);
	canned_free(&canned);
}

static void walk_ignores_generations_of_losses(void)
{
	struct canned canned = { };
	struct canned_hit hit = {
		.type = STACKID_REC_EVENT,
		.generation = 7,
		.id = 1,
	};
	const struct stackid_record *r;
	struct record_walk walk;

	/* The kernel leaves the bits of a LOST record at 0. */
	canned_number(&canned, STACKID_REC_LOST, 0, 1, 5);
	canned_event(&canned, &hit, NULL);
	walk = walk_of(&canned);
	walk.generation = 7;
	CHECK(stackid_records_next(&walk, &r) == WALK_RECORD);
	CHECK_EQUAL(walk.generation, 7);
	CHECK(stackid_records_next(&walk, &r) == WALK_RECORD);
	CHECK_EQUAL(walk.generation, 7);
	canned_free(&canned);
}

static void walk_skips_pads_and_unknown_types(void)
{
	struct canned canned = { };
	struct canned_hit hit = { .type = STACKID_REC_EVENT, .id = 1 };
	uint64_t unknown[4] = { 15 | 4 << 8, 1, 2, 3 };
	const struct stackid_record *r;
	struct record_walk walk;
	unsigned int nr = 0;

	canned_pad(&canned, 8);
	canned_event(&canned, &hit, NULL);
	canned_append(&canned, unknown, sizeof(unknown));
	canned_pad(&canned, 2040);
	canned_event(&canned, &hit, NULL);
	canned_pad(&canned, 24);
	walk = walk_of(&canned);
	while (stackid_records_next(&walk, &r) == WALK_RECORD)
		nr++;
	CHECK_EQUAL(nr, 2);
	CHECK_EQUAL(walk.position, canned.size);
	canned_free(&canned);
}

static void stacks_come_back(void)
{
	struct canned_stack stacks[] = {
		stack3,
		{ .nr = 2, .flags = STACKID_STACK_PC64, .pcs = { 1, ~0ULL } },
		{ .nr = 1, .flags = STACKID_STACK_CUT, .depth = 200,
		  .digest = 99, .pcs = { 0xffffffff80000000 } },
		{ .nr = 3, .flags = STACKID_STACK_CUT | STACKID_STACK_PC64 |
				    STACKID_STACK_EXACT,
		  .depth = 129, .digest = 1, .pcs = { 1, 2, 3 } },
		{ .nr = 3, .flags = STACKID_STACK_CUT | STACKID_STACK_MARKED,
		  .depth = 129, .digest = 1, .marks = 1 << 1,
		  .pcs = { 0xffffffff80000000, 0xffffffff80000001,
			   0xffffffff80000002 } },
		{ .nr = 0 },
	};
	struct canned canned = { };
	const struct stackid_record *r;
	struct record_walk walk;

	for (size_t i = 0; i < ARRAY_SIZE(stacks); i++) {
		struct canned_hit hit = {
			.type = STACKID_REC_EVENT_STACK,
			.nr_values = i % 5,
			.values = { i, 1, 2, 3 },
		};

		canned_event(&canned, &hit, &stacks[i]);
	}
	walk = walk_of(&canned);
	for (size_t i = 0; i < ARRAY_SIZE(stacks); i++) {
		const struct stackid_stack *block;

		CHECK(stackid_records_next(&walk, &r) == WALK_RECORD);
		block = stackid_record_stack(r);
		CHECK(block);
		if (!block)
			break;
		CHECK_EQUAL(stackid_record_nr_values(r), i % 5);
		if (i % 5)
			CHECK_EQUAL(stackid_rec_values(r)[0], i);
		CHECK_EQUAL(block->nr, stacks[i].nr);
		CHECK_EQUAL(block->depth, stacks[i].depth ? stacks[i].depth :
							    stacks[i].nr);
		for (unsigned int f = 0; f < block->nr; f++) {
			CHECK_EQUAL(stackid_block_pc(block, f),
				    stacks[i].pcs[f]);
			CHECK_EQUAL(stackid_stack_is_exact(block, f),
				    f ? stacks[i].marks >> f & 1 :
					!!(block->flags & STACKID_STACK_EXACT));
		}
	}
	CHECK(stackid_records_next(&walk, &r) == WALK_END);
	canned_free(&canned);
}

/* Whatever the size field says, nothing is read outside of the data. */
static void wrong_sizes_end_the_walk(void)
{
	struct canned_hit hit = { .type = STACKID_REC_EVENT_STACK };
	struct canned canned = { };
	const struct stackid_record *r;

	canned_event(&canned, &hit, &stack3);
	for (uint64_t words = 0; words < 256; words++) {
		uint64_t *w0 = (uint64_t *)canned.data;
		struct record_walk walk = walk_of(&canned);
		enum walk state;

		*w0 = (*w0 & ~0xff00ULL) | words << 8;
		state = stackid_records_next(&walk, &r);
		CHECK_EQUAL(state, words == canned.size / 8 ? WALK_RECORD :
							      WALK_WRONG);
	}
	canned_free(&canned);
}

static void cut_records_end_the_walk(void)
{
	struct canned_hit hit = { .type = STACKID_REC_EVENT_STACK };
	struct canned canned = { };
	const struct stackid_record *r;

	canned_event(&canned, &hit, &stack3);
	for (size_t size = 1; size < canned.size; size++) {
		struct record_walk walk = walk_of(&canned);

		walk.size = size;
		CHECK(stackid_records_next(&walk, &r) == WALK_WRONG);
	}
	canned_free(&canned);
}

static void a_block_greater_than_its_record_ends_the_walk(void)
{
	struct canned_hit hit = { .type = STACKID_REC_EVENT_STACK };
	struct canned canned = { };
	const struct stackid_record *r;
	struct stackid_stack *block;
	struct record_walk walk;

	canned_event(&canned, &hit, &stack3);
	canned_event(&canned, &hit, &stack3);
	block = (void *)(canned.data + sizeof(struct stackid_record));
	block->nr = 7;
	walk = walk_of(&canned);
	CHECK(stackid_records_next(&walk, &r) == WALK_WRONG);
	block->nr = 0xff;
	walk = walk_of(&canned);
	CHECK(stackid_records_next(&walk, &r) == WALK_WRONG);
	canned_free(&canned);
}

static const struct test tests[] = {
	TEST(fields_come_back),
	TEST(times_are_unwrapped),
	TEST(generations_are_the_nearest),
	TEST(walk_follows_generations),
	TEST(walk_ignores_generations_of_losses),
	TEST(walk_skips_pads_and_unknown_types),
	TEST(stacks_come_back),
	TEST(wrong_sizes_end_the_walk),
	TEST(cut_records_end_the_walk),
	TEST(a_block_greater_than_its_record_ends_the_walk),
};

int main(void)
{
	return test_main(tests, ARRAY_SIZE(tests));
}
