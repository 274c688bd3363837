// SPDX-License-Identifier: GPL-2.0
/* The arena. */
#include <kunit/test.h>

#include "../module/table/arena.h"

#define MAX_CHUNKS 12

static int arena_test_init(struct kunit *test)
{
	struct arena *arena = kunit_kzalloc(test, sizeof(*arena), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, arena);
	KUNIT_ASSERT_EQ(test, stackid_arena_init(arena, MAX_CHUNKS), 0);
	test->priv = arena;
	return 0;
}

static void arena_test_exit(struct kunit *test)
{
	if (test->priv)
		stackid_arena_exit(test->priv);
}

/* How many allocations of this size succeed. */
static unsigned int use_up(struct arena *arena, unsigned int size)
{
	unsigned int n = 0;

	while (stackid_arena_alloc(arena, size))
		n++;
	return n;
}

static void handles_are_aligned_memory_that_does_not_overlap(struct kunit *test)
{
	struct arena *arena = test->priv;
	u32 handles[200];
	unsigned int i, size;

	for (i = 0; i < ARRAY_SIZE(handles); i++) {
		size = 8 + 40 * (i % 41);
		handles[i] = stackid_arena_alloc(arena, size);
		KUNIT_ASSERT_NE(test, handles[i], 0U);
		memset(stackid_arena_ptr(arena, handles[i]), i & 0xff, size);
	}
	for (i = 0; i < ARRAY_SIZE(handles); i++) {
		u8 *p = stackid_arena_ptr(arena, handles[i]);

		size = 8 + 40 * (i % 41);
		KUNIT_EXPECT_EQ(test, (unsigned long)p % 8, 0UL);
		KUNIT_EXPECT_NULL(test, memchr_inv(p, i & 0xff, size));
	}
}

static void the_reserve_is_there_from_the_beginning(struct kunit *test)
{
	struct arena *arena = test->priv;

	KUNIT_EXPECT_GE(test, arena->nr_chunks, 1U + ARENA_RESERVE);
	KUNIT_EXPECT_FALSE(test, stackid_arena_needs_refill(arena));
}

static void a_used_up_arena_gives_none_until_it_is_refilled(struct kunit *test)
{
	struct arena *arena = test->priv;
	unsigned int first = use_up(arena, ARENA_CHUNK_SIZE - 8);

	KUNIT_EXPECT_EQ(test, first, arena->nr_chunks);
	KUNIT_EXPECT_TRUE(test, stackid_arena_needs_refill(arena));
	stackid_arena_refill(arena);
	KUNIT_EXPECT_FALSE(test, stackid_arena_needs_refill(arena));
	KUNIT_EXPECT_NE(test, stackid_arena_alloc(arena, 8), 0U);
}

static void the_bound_is_reached_and_never_passed(struct kunit *test)
{
	struct arena *arena = test->priv;
	unsigned int n = 0, round;

	for (round = 0; round < 2 * MAX_CHUNKS; round++) {
		n += use_up(arena, ARENA_CHUNK_SIZE - 8);
		stackid_arena_refill(arena);
	}
	KUNIT_EXPECT_EQ(test, n, MAX_CHUNKS);
	KUNIT_EXPECT_FALSE(test, stackid_arena_needs_refill(arena));
	KUNIT_EXPECT_EQ(test, stackid_arena_memory(arena),
			MAX_CHUNKS * (ARENA_CHUNK_SIZE + sizeof(void *)));
}

static void refilling_leaves_what_was_written(struct kunit *test)
{
	struct arena *arena = test->priv;
	u32 handle = stackid_arena_alloc(arena, 64);
	void *before = stackid_arena_ptr(arena, handle);

	memset(before, 0x5a, 64);
	use_up(arena, 1024);
	stackid_arena_refill(arena);

	KUNIT_EXPECT_PTR_EQ(test, stackid_arena_ptr(arena, handle), before);
	KUNIT_EXPECT_NULL(test, memchr_inv(before, 0x5a, 64));
}

static void room_is_told_as_an_alloc_would_find_it(struct kunit *test)
{
	struct arena *arena = test->priv;
	unsigned int size = 1024;
	bool room;

	do {
		room = stackid_arena_has_room(arena, size);
		KUNIT_ASSERT_EQ(test, room,
				stackid_arena_alloc(arena, size) != 0);
	} while (room);
	KUNIT_EXPECT_TRUE(test, stackid_arena_refill(arena));
	KUNIT_EXPECT_TRUE(test, stackid_arena_has_room(arena, size));
}

static struct kunit_case arena_cases[] = {
	KUNIT_CASE(handles_are_aligned_memory_that_does_not_overlap),
	KUNIT_CASE(the_reserve_is_there_from_the_beginning),
	KUNIT_CASE(a_used_up_arena_gives_none_until_it_is_refilled),
	KUNIT_CASE(the_bound_is_reached_and_never_passed),
	KUNIT_CASE(refilling_leaves_what_was_written),
	KUNIT_CASE(room_is_told_as_an_alloc_would_find_it),
	{}
};

static struct kunit_suite arena_suite = {
	.name = "stackid_arena",
	.init = arena_test_init,
	.exit = arena_test_exit,
	.test_cases = arena_cases,
};

kunit_test_suite(arena_suite);

MODULE_LICENSE("GPL");
