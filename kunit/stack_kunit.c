// SPDX-License-Identifier: GPL-2.0
/* A stack, and the block that it becomes. */
#include <kunit/test.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../module/stack.h"

#define KERNEL_PC	0xffffffff81000000UL
#define LOW_PC		0x0000000081000000UL

static struct stack *new_stack(struct kunit *test)
{
	struct stack *stack = kunit_kzalloc(test, sizeof(*stack), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, stack);
	return stack;
}

static struct stack *make_stack(struct kunit *test, unsigned long base,
				unsigned int depth, bool exact)
{
	struct stack *stack = new_stack(test);
	unsigned int i;

	stackid_stack_begin(stack, exact);
	for (i = 0; i < depth; i++)
		stackid_stack_add(stack, base + 16 * i);
	stackid_stack_end(stack);
	return stack;
}

/* With bytes behind it that show whether more was written than was said. */
static struct stackid_stack *make_block(struct kunit *test,
					const struct stack *stack, u32 id)
{
	unsigned int size = stackid_stack_block_size(stack);
	u8 *block = kunit_kzalloc(test, size + 8, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, block);
	memset(block, 0xa5, size + 8);
	stackid_stack_write_block(stack, id, (void *)block);
	KUNIT_ASSERT_NULL(test, memchr_inv(block + size, 0xa5, 8));
	return (void *)block;
}

/* Whether the one is a stack yet, or both are blocks. */
static bool equals(struct kunit *test, const struct stack *stack,
		   const struct stackid_stack *block)
{
	bool equal = stackid_stack_equals_block(stack, block);

	KUNIT_EXPECT_EQ(test, equal,
			stackid_blocks_equal(make_block(test, stack, 1), block));
	return equal;
}

/* As a reader of the uapi header would. */
static void read_block(struct stack *stack, const struct stackid_stack *block)
{
	unsigned int i;

	stackid_stack_begin(stack, block->flags & STACKID_STACK_EXACT);
	for (i = 0; i < block->nr; i++)
		stackid_stack_add(stack, stackid_block_pc(block, i));
	if (block->flags & STACKID_STACK_CUT) {
		stack->flags |= STACKID_STACK_CUT;
		stack->depth = block->depth;
		stack->digest = *(const u64 *)(block + 1);
	}
	for (i = 1; i < block->nr; i++)
		if (stackid_stack_is_exact(block, i))
			stackid_stack_mark(stack, i);
	stackid_stack_end(stack);
}

static void assert_round_trip(struct kunit *test, const struct stack *stack)
{
	struct stackid_stack *block = make_block(test, stack, 77);
	struct stack *back = new_stack(test);
	unsigned int i;

	KUNIT_EXPECT_EQ(test, block->id, 77U);
	KUNIT_EXPECT_EQ(test, stackid_stack_size(block),
			stackid_stack_block_size(stack));
	for (i = 0; i < stack->nr; i++)
		KUNIT_ASSERT_EQ(test, stackid_block_pc(block, i),
				stack->pcs[i]);
	read_block(back, block);
	KUNIT_EXPECT_EQ(test, back->nr, stack->nr);
	KUNIT_EXPECT_EQ(test, back->flags, stack->flags);
	KUNIT_EXPECT_EQ(test, back->depth, stack->depth);
	KUNIT_EXPECT_EQ(test, back->hash, stack->hash);
	KUNIT_EXPECT_EQ(test, back->digest, stack->digest);
	KUNIT_EXPECT_EQ(test, memcmp(back->pcs, stack->pcs,
				     stack->nr * sizeof(*stack->pcs)), 0);
	KUNIT_EXPECT_TRUE(test, equals(test, back, block));
}

static void every_depth_goes_into_a_block_and_back(struct kunit *test)
{
	unsigned int depth;

	for (depth = 0; depth <= STACKID_MAX_DEPTH + 2; depth++) {
		assert_round_trip(test, make_stack(test, KERNEL_PC, depth,
						   false));
		assert_round_trip(test, make_stack(test, LOW_PC, depth, true));
	}
}

static void pcs_of_the_top_2_gib_take_4_bytes(struct kunit *test)
{
	struct stack *even = make_stack(test, KERNEL_PC, 8, false);
	struct stack *odd = make_stack(test, KERNEL_PC, 7, false);
	struct stackid_stack *block = make_block(test, odd, 0);

	KUNIT_EXPECT_EQ(test, stackid_stack_block_size(even), 8U + 8 * 4);
	KUNIT_EXPECT_EQ(test, stackid_stack_block_size(odd), 8U + 8 * 4);
	KUNIT_EXPECT_EQ(test, block->flags & STACKID_STACK_PC64, 0);
	/* The odd stack is padded with zeros, not with what lay there. */
	KUNIT_EXPECT_EQ(test, ((u32 *)(block + 1))[7], 0U);
}

static void one_low_pc_makes_all_take_8_bytes(struct kunit *test)
{
	static const unsigned long low[] = {
		0xffffffff7fffffffUL, 0xfffffffe81000000UL, LOW_PC, 0
	};
	struct stack *stack = new_stack(test);
	struct stackid_stack *block;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(low); i++) {
		stackid_stack_begin(stack, false);
		stackid_stack_add(stack, KERNEL_PC);
		stackid_stack_add(stack, low[i]);
		stackid_stack_add(stack, KERNEL_PC);
		stackid_stack_end(stack);
		block = make_block(test, stack, 0);

		KUNIT_EXPECT_EQ(test, stackid_stack_block_size(stack),
				8U + 3 * 8);
		KUNIT_EXPECT_EQ(test, block->flags & STACKID_STACK_PC64,
				STACKID_STACK_PC64);
		KUNIT_EXPECT_EQ(test, stackid_block_pc(block, 1), low[i]);
		KUNIT_EXPECT_TRUE(test, equals(test, stack,
								   block));
	}
}

static void a_stack_of_max_depth_is_whole(struct kunit *test)
{
	struct stack *stack = make_stack(test, KERNEL_PC, STACKID_MAX_DEPTH,
					 false);

	KUNIT_EXPECT_EQ(test, stack->nr, STACKID_MAX_DEPTH);
	KUNIT_EXPECT_EQ(test, stack->depth, STACKID_MAX_DEPTH);
	KUNIT_EXPECT_EQ(test, stack->flags & STACKID_STACK_CUT, 0);
}

static void a_deeper_stack_says_that_it_was_cut(struct kunit *test)
{
	struct stack *stack = make_stack(test, KERNEL_PC,
					 STACKID_MAX_DEPTH + 1, false);
	struct stackid_stack *block = make_block(test, stack, 0);

	KUNIT_EXPECT_EQ(test, stack->nr, STACKID_MAX_DEPTH);
	KUNIT_EXPECT_EQ(test, stack->depth, STACKID_MAX_DEPTH + 1);
	KUNIT_EXPECT_EQ(test, block->flags & STACKID_STACK_CUT,
			STACKID_STACK_CUT);
	KUNIT_EXPECT_EQ(test, stackid_stack_size(block),
			16U + STACKID_MAX_DEPTH * 4);
}

static void an_endless_stack_does_not_overflow_its_depth(struct kunit *test)
{
	struct stack *stack = make_stack(test, KERNEL_PC, 0x10005, false);

	KUNIT_EXPECT_EQ(test, stack->nr, STACKID_MAX_DEPTH);
	KUNIT_EXPECT_EQ(test, stack->depth, U16_MAX);
	assert_round_trip(test, stack);
}

static void cut_stacks_differ_by_the_frames_that_are_missing(struct kunit *test)
{
	struct stack *a = make_stack(test, KERNEL_PC, STACKID_MAX_DEPTH, false);
	struct stack *b = make_stack(test, KERNEL_PC, STACKID_MAX_DEPTH, false);

	stackid_stack_add(a, KERNEL_PC);
	stackid_stack_add(b, KERNEL_PC + 1);
	stackid_stack_end(a);
	stackid_stack_end(b);

	KUNIT_EXPECT_EQ(test, memcmp(a->pcs, b->pcs, sizeof(a->pcs)), 0);
	KUNIT_EXPECT_NE(test, a->digest, b->digest);
	KUNIT_EXPECT_TRUE(test, equals(test, a,
						make_block(test, a, 1)));
	KUNIT_EXPECT_FALSE(test, equals(test, a,
						make_block(test, b, 1)));
}

static void a_block_equals_only_its_own_stack(struct kunit *test)
{
	struct stack *stack = make_stack(test, KERNEL_PC, 9, false);
	struct stackid_stack *block = make_block(test, stack, 5);
	unsigned int i;

	KUNIT_EXPECT_TRUE(test, equals(test, stack, block));
	KUNIT_EXPECT_FALSE(test, equals(test,
			make_stack(test, KERNEL_PC, 8, false), block));
	KUNIT_EXPECT_FALSE(test, equals(test,
			make_stack(test, KERNEL_PC, 10, false), block));
	KUNIT_EXPECT_FALSE(test, equals(test,
			make_stack(test, KERNEL_PC, 9, true), block));
	/* The same low halves. */
	KUNIT_EXPECT_FALSE(test, equals(test,
			make_stack(test, LOW_PC, 9, false), block));
	for (i = 0; i < 9; i++) {
		stack->pcs[i] ^= 1;
		KUNIT_EXPECT_FALSE(test,
				   equals(test, stack, block));
		stack->pcs[i] ^= 1;
	}
}

static void blocks_of_64_bit_pcs_compare_whole_pcs(struct kunit *test)
{
	struct stack *stack = make_stack(test, LOW_PC, 9, false);
	struct stackid_stack *block = make_block(test, stack, 5);
	unsigned int i;

	KUNIT_EXPECT_TRUE(test, equals(test, stack, block));
	for (i = 0; i < 9; i++) {
		stack->pcs[i] ^= 1UL << 40;
		KUNIT_EXPECT_FALSE(test,
				   equals(test, stack, block));
		stack->pcs[i] ^= 1UL << 40;
	}
}

static void the_digest_depends_on_each_frame_and_their_order(struct kunit *test)
{
	struct stack *stack = make_stack(test, KERNEL_PC, 20, false);
	struct stack *other = new_stack(test);
	unsigned int i, j;

	for (i = 0; i < 20; i++) {
		stackid_stack_begin(other, false);
		for (j = 0; j < 20; j++)
			stackid_stack_add(other, stack->pcs[j] ^ (i == j));
		stackid_stack_end(other);
		KUNIT_EXPECT_NE(test, other->digest, stack->digest);
	}
	stackid_stack_begin(other, false);
	for (j = 20; j-- > 0;)
		stackid_stack_add(other, stack->pcs[j]);
	stackid_stack_end(other);
	KUNIT_EXPECT_NE(test, other->digest, stack->digest);
}

static void marks_go_into_a_block_and_make_no_other_stack(struct kunit *test)
{
	static const unsigned int depths[] = { 2, 64, 65, 128, 130 };
	unsigned int i, mark, pc;

	for (i = 0; i < ARRAY_SIZE(depths); i++) {
		struct stack *plain = make_stack(test, KERNEL_PC, depths[i],
						 false);

		for (mark = 1; mark < plain->nr; mark += 21) {
			struct stack *stack = make_stack(test, KERNEL_PC,
							 depths[i], false);
			struct stackid_stack *block;

			stackid_stack_mark(stack, mark);
			assert_round_trip(test, stack);
			block = make_block(test, stack, 0);
			for (pc = 0; pc < stack->nr; pc++)
				KUNIT_EXPECT_EQ(test, pc == mark,
						stackid_stack_is_exact(block, pc));
			KUNIT_EXPECT_TRUE(test,
					  equals(test, plain, block));
			block = make_block(test, plain, 0);
			KUNIT_EXPECT_TRUE(test,
					  equals(test, stack, block));
		}
	}
}

static struct kunit_case stack_cases[] = {
	KUNIT_CASE(every_depth_goes_into_a_block_and_back),
	KUNIT_CASE(pcs_of_the_top_2_gib_take_4_bytes),
	KUNIT_CASE(one_low_pc_makes_all_take_8_bytes),
	KUNIT_CASE(a_stack_of_max_depth_is_whole),
	KUNIT_CASE(a_deeper_stack_says_that_it_was_cut),
	KUNIT_CASE(an_endless_stack_does_not_overflow_its_depth),
	KUNIT_CASE(cut_stacks_differ_by_the_frames_that_are_missing),
	KUNIT_CASE(a_block_equals_only_its_own_stack),
	KUNIT_CASE(blocks_of_64_bit_pcs_compare_whole_pcs),
	KUNIT_CASE(the_digest_depends_on_each_frame_and_their_order),
	KUNIT_CASE(marks_go_into_a_block_and_make_no_other_stack),
	{}
};

static struct kunit_suite stack_suite = {
	.name = "stackid_stack",
	.test_cases = stack_cases,
};

kunit_test_suite(stack_suite);

MODULE_LICENSE("GPL");
