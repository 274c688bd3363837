// SPDX-License-Identifier: GPL-2.0
/* The table: one stack, one id; one id, one stack. */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/irqflags.h>
#include <linux/prandom.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "../module/table/generation.h"
#include "../module/table/insert.h"
#include "../module/table/table.h"

#define KERNEL_PC	0xffffffff81000000UL

struct table_test {
	struct stackid_table *table;
	struct stack stack;
	struct stack other;
};

static void fill(struct stack *stack, unsigned long base, unsigned int depth)
{
	unsigned int i;

	stackid_stack_begin(stack, false);
	for (i = 0; i < depth; i++)
		stackid_stack_add(stack, base + 16 * i);
	stackid_stack_end(stack);
}

static u32 lookup(struct table_test *t, const struct stack *stack)
{
	u64 generation;
	u32 id;

	preempt_disable();
	id = stackid_table_lookup(t->table, stack, &generation, NULL);
	preempt_enable();
	return id;
}

static u64 current_generation(struct table_test *t)
{
	u64 generation;

	preempt_disable();
	stackid_table_lookup(t->table, &t->stack, &generation, NULL);
	preempt_enable();
	return generation;
}

static int insert_into(struct table_test *t, const struct stack *stack,
		       u64 generation)
{
	int id;

	preempt_disable();
	id = stackid_insert_here(stackid_table_queues(t->table), stack,
				 generation);
	preempt_enable();
	return id;
}

/* Gives the arena's worker time, as a miss gets its id at a later hit. */
static int insert(struct table_test *t, const struct stack *stack)
{
	u64 generation = current_generation(t);
	int tries = 5, id;

	do {
		id = insert_into(t, stack, generation);
		if (id == -ENOMEM)
			msleep(20);
	} while (id == -ENOMEM && --tries);
	return id;
}

static u64 counter(struct table_test *t, enum table_counter which)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += stackid_table_counter(t->table, cpu, which);
	return sum;
}

static void use_table(struct kunit *test, unsigned int max_stacks,
		      unsigned int max_memory_mb)
{
	struct table_test *t = test->priv;

	if (t->table)
		stackid_table_destroy(t->table);
	t->table = NULL;
	t->table = stackid_table_create(max_stacks, max_memory_mb);
	if (IS_ERR(t->table))
		t->table = NULL;
	KUNIT_ASSERT_NOT_NULL(test, t->table);
}

static int table_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct table_test), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, test->priv);
	use_table(test, 32768, 64);
	return 0;
}

static void table_test_exit(struct kunit *test)
{
	struct table_test *t = test->priv;

	if (t && t->table)
		stackid_table_destroy(t->table);
}

static void an_unknown_stack_has_no_id(struct kunit *test)
{
	struct table_test *t = test->priv;
	u64 generation = 0;
	bool full = true;

	fill(&t->stack, KERNEL_PC, 7);
	preempt_disable();
	KUNIT_EXPECT_EQ(test, stackid_table_lookup(t->table, &t->stack,
						   &generation, &full), 0U);
	preempt_enable();
	KUNIT_EXPECT_EQ(test, generation, 1ULL);
	KUNIT_EXPECT_FALSE(test, full);
}

static void lookup_after_insert_returns_same_id(struct kunit *test)
{
	struct table_test *t = test->priv;
	int id;

	fill(&t->stack, KERNEL_PC, 7);
	id = insert(t, &t->stack);

	KUNIT_ASSERT_GT(test, id, 0);
	KUNIT_EXPECT_EQ(test, lookup(t, &t->stack), (u32)id);
}

static void inserting_again_finds_the_same_id(struct kunit *test)
{
	struct table_test *t = test->priv;
	int id;

	fill(&t->stack, KERNEL_PC, 7);
	id = insert(t, &t->stack);

	KUNIT_EXPECT_EQ(test, insert(t, &t->stack), id);
	KUNIT_EXPECT_EQ(test, counter(t, TABLE_INSERTED), 1ULL);
	KUNIT_EXPECT_EQ(test, counter(t, TABLE_FOUND_AGAIN), 1ULL);
}

static void ids_are_dense_in_insertion_order(struct kunit *test)
{
	struct table_test *t = test->priv;
	struct generation *gen;
	int i;

	for (i = 1; i <= 1000; i++) {
		fill(&t->stack, KERNEL_PC + 0x1000 * i, i % 20 + 1);
		KUNIT_ASSERT_EQ(test, insert(t, &t->stack), i);
	}
	gen = stackid_generation_get(t->table);
	KUNIT_EXPECT_EQ(test, stackid_generation_last_id(gen), 1000U);
	for (i = 1; i <= 1000; i++) {
		const struct stackid_stack *block;

		fill(&t->stack, KERNEL_PC + 0x1000 * i, i % 20 + 1);
		block = stackid_generation_stack(gen, i);
		KUNIT_ASSERT_NOT_NULL(test, block);
		KUNIT_EXPECT_EQ(test, block->id, (u32)i);
		KUNIT_EXPECT_TRUE(test, stackid_stack_equals_block(&t->stack,
								   block));
	}
	stackid_generation_put(gen);
}

static void there_is_no_stack_but_for_ids_that_were_given(struct kunit *test)
{
	struct table_test *t = test->priv;
	struct generation *gen;

	fill(&t->stack, KERNEL_PC, 7);
	insert(t, &t->stack);
	gen = stackid_generation_get(t->table);

	KUNIT_EXPECT_NULL(test, stackid_generation_stack(gen, 0));
	KUNIT_EXPECT_NOT_NULL(test, stackid_generation_stack(gen, 1));
	KUNIT_EXPECT_NULL(test, stackid_generation_stack(gen, 2));
	KUNIT_EXPECT_NULL(test, stackid_generation_stack(gen, U32_MAX));
	stackid_generation_put(gen);
}

static void expect_another_id(struct kunit *test)
{
	struct table_test *t = test->priv;
	int id = insert(t, &t->stack);
	int other;

	KUNIT_EXPECT_EQ(test, lookup(t, &t->other), 0U);
	other = insert(t, &t->other);
	KUNIT_EXPECT_EQ(test, other, id + 1);
	KUNIT_EXPECT_EQ(test, lookup(t, &t->stack), (u32)id);
	KUNIT_EXPECT_EQ(test, lookup(t, &t->other), (u32)other);
}

static void a_stack_with_one_other_pc_has_another_id(struct kunit *test)
{
	struct table_test *t = test->priv;
	unsigned int i;

	for (i = 0; i < 12; i++) {
		unsigned int j;

		fill(&t->stack, KERNEL_PC + 0x10000 * i, 12);
		stackid_stack_begin(&t->other, false);
		for (j = 0; j < 12; j++)
			stackid_stack_add(&t->other,
					  t->stack.pcs[j] + (i == j));
		stackid_stack_end(&t->other);
		expect_another_id(test);
	}
}

static void a_deeper_stack_has_another_id(struct kunit *test)
{
	struct table_test *t = test->priv;

	fill(&t->stack, KERNEL_PC, 7);
	fill(&t->other, KERNEL_PC, 8);
	expect_another_id(test);
}

static void an_exact_first_pc_makes_another_id(struct kunit *test)
{
	struct table_test *t = test->priv;

	fill(&t->stack, KERNEL_PC, 7);
	t->other = t->stack;
	t->other.flags |= STACKID_STACK_EXACT;
	stackid_stack_end(&t->other);
	expect_another_id(test);
	/* Also if both lie in one bucket. */
	fill(&t->stack, KERNEL_PC + 8, 7);
	t->other = t->stack;
	t->other.flags |= STACKID_STACK_EXACT;
	expect_another_id(test);
}

static void cut_stacks_that_differ_out_of_sight_do_not_merge(struct kunit *test)
{
	struct table_test *t = test->priv;
	int i;

	fill(&t->stack, KERNEL_PC, STACKID_MAX_DEPTH);
	t->other = t->stack;
	for (i = 0; i < 3; i++) {
		stackid_stack_add(&t->stack, KERNEL_PC);
		stackid_stack_add(&t->other, KERNEL_PC + (i == 1));
	}
	stackid_stack_end(&t->stack);
	stackid_stack_end(&t->other);
	KUNIT_ASSERT_EQ(test, t->stack.depth, t->other.depth);
	expect_another_id(test);
	/* Also with one hash. */
	fill(&t->stack, KERNEL_PC + 8, STACKID_MAX_DEPTH);
	stackid_stack_add(&t->stack, KERNEL_PC);
	stackid_stack_end(&t->stack);
	t->other = t->stack;
	t->other.digest ^= 1ULL << 40;
	expect_another_id(test);
}

static void a_cut_stack_is_not_its_visible_part(struct kunit *test)
{
	struct table_test *t = test->priv;

	fill(&t->stack, KERNEL_PC, STACKID_MAX_DEPTH);
	fill(&t->other, KERNEL_PC, STACKID_MAX_DEPTH + 1);
	expect_another_id(test);
	t->other.depth++;
	KUNIT_EXPECT_EQ(test, lookup(t, &t->other), 0U);
}

static void low_pcs_are_told_from_their_sign_extensions(struct kunit *test)
{
	struct table_test *t = test->priv;
	struct generation *gen;

	fill(&t->stack, KERNEL_PC, 7);
	fill(&t->other, (u32)KERNEL_PC, 7);
	t->other.hash = t->stack.hash;
	expect_another_id(test);

	gen = stackid_generation_get(t->table);
	KUNIT_EXPECT_EQ(test, stackid_block_pc(stackid_generation_stack(gen, 1),
					       6), KERNEL_PC + 96);
	KUNIT_EXPECT_EQ(test, stackid_block_pc(stackid_generation_stack(gen, 2),
					       6), (u32)KERNEL_PC + 96UL);
	stackid_generation_put(gen);
}

/*
 * Each has the same digest, so the same bucket and hash: the last PC is chosen
 * to make up for what the first one changed.
 */
static void fill_colliding(struct stack *stack, unsigned int i, u64 digest)
{
	u64 multiplier = stackid_digest_add(0, 1);
	u64 inverse = 1;
	u64 before;
	int round;

	for (round = 0; round < 6; round++)	/* Newton, modulo 2^64 */
		inverse *= 2 - multiplier * inverse;
	before = stackid_digest_add(stackid_hash_key, KERNEL_PC + i);
	stackid_stack_begin(stack, false);
	stackid_stack_add(stack, KERNEL_PC + i);
	stackid_stack_add(stack, (digest * inverse) ^ rol64(before, 32));
	stackid_stack_end(stack);
}

static void stacks_with_one_hash_have_their_own_ids(struct kunit *test)
{
	struct table_test *t = test->priv;
	u64 digest = 0xfeedfacecafebeefULL;
	int i;

	for (i = 0; i < 300; i++) {
		fill_colliding(&t->stack, i, digest);
		KUNIT_ASSERT_EQ(test, t->stack.digest, digest);
		KUNIT_ASSERT_EQ(test, lookup(t, &t->stack), 0U);
		KUNIT_ASSERT_EQ(test, insert(t, &t->stack), i + 1);
	}
	for (i = 0; i < 300; i++) {
		fill_colliding(&t->stack, i, digest);
		KUNIT_ASSERT_EQ(test, lookup(t, &t->stack), i + 1U);
		KUNIT_ASSERT_EQ(test, stackid_find(t->table, t->stack.pcs,
						   t->stack.nr, NULL), i + 1U);
	}
}

#define PLAIN_STACKS	20000
#define PLAIN_BUCKETS	4096

/**
 * struct plain_table - what the table has to agree with
 * @stacks: all that were made so far, by id - 1
 * @first:  in each bucket, an id
 * @next:   by id - 1, an id
 */
struct plain_table {
	struct stack *stacks;
	u32 nr;
	u32 first[PLAIN_BUCKETS];
	u32 next[PLAIN_STACKS];
};

static u32 plain_bucket(const struct stack *stack)
{
	u32 sum = stack->depth + stack->flags;
	unsigned int i;

	for (i = 0; i < stack->nr; i++)
		sum = sum * 31 + (u32)stack->pcs[i] + (u32)(stack->pcs[i] >> 32);
	return sum % PLAIN_BUCKETS;
}

static bool plain_equal(const struct stack *a, const struct stack *b)
{
	return a->nr == b->nr && a->depth == b->depth && a->flags == b->flags &&
	       (!(a->flags & STACKID_STACK_CUT) || a->digest == b->digest) &&
	       !memcmp(a->pcs, b->pcs, a->nr * sizeof(*a->pcs));
}

static u32 plain_find(struct plain_table *plain, const struct stack *stack)
{
	u32 id;

	for (id = plain->first[plain_bucket(stack)]; id;
	     id = plain->next[id - 1])
		if (plain_equal(&plain->stacks[id - 1], stack))
			break;
	return id;
}

static u32 plain_insert(struct plain_table *plain, const struct stack *stack)
{
	u32 bucket = plain_bucket(stack);

	plain->stacks[plain->nr] = *stack;
	plain->next[plain->nr] = plain->first[bucket];
	plain->first[bucket] = ++plain->nr;
	return plain->nr;
}

/* New, or like an earlier one: the same, a part of it, or with a change. */
static void random_stack(struct rnd_state *random, struct plain_table *plain,
			 struct stack *stack)
{
	const struct stack *old = NULL;
	unsigned int kind = prandom_u32_state(random) % 10;
	unsigned int depth = prandom_u32_state(random) % 40 + 1;
	unsigned int i, keep = 0;

	if (plain->nr && kind < 7)
		old = &plain->stacks[prandom_u32_state(random) % plain->nr];
	if (old && kind == 0) {
		*stack = *old;
		return;
	}
	if (old && kind == 1) {
		old = &plain->stacks[prandom_u32_state(random) %
				     min(plain->nr, 64U)];
		fill_colliding(stack, prandom_u32_state(random) % 5000,
			       old->digest);
		return;
	}
	if (kind == 9 && depth == 1)
		depth = STACKID_MAX_DEPTH + prandom_u32_state(random) % 3;
	stackid_stack_begin(stack, prandom_u32_state(random) % 4 == 0);
	if (old)
		keep = prandom_u32_state(random) % (old->nr + 1);
	for (i = 0; i < keep; i++)
		stackid_stack_add(stack, old->pcs[i]);
	for (; i < depth; i++)
		stackid_stack_add(stack, KERNEL_PC +
				  prandom_u32_state(random) % 64);
	if (kind == 8)
		stackid_stack_add(stack, prandom_u32_state(random) % 64);
	stackid_stack_end(stack);
}

static void the_table_agrees_with_a_plain_one(struct kunit *test)
{
	struct table_test *t = test->priv;
	struct plain_table *plain;
	struct rnd_state random;
	u32 repeats = 0, id;

	plain = kunit_kzalloc(test, sizeof(*plain), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, plain);
	plain->stacks = vmalloc(PLAIN_STACKS * sizeof(struct stack));
	KUNIT_ASSERT_NOT_NULL(test, plain->stacks);
	prandom_seed_state(&random, 42);

	while (plain->nr < PLAIN_STACKS) {
		random_stack(&random, plain, &t->stack);
		id = plain_find(plain, &t->stack);
		repeats += id != 0;
		if (lookup(t, &t->stack) != id) {
			KUNIT_FAIL(test, "stack %u: not id %u", plain->nr, id);
			break;
		}
		if (!id)
			id = plain_insert(plain, &t->stack);
		if (insert(t, &t->stack) != id) {
			KUNIT_FAIL(test, "stack %u: not made %u", plain->nr, id);
			break;
		}
	}
	for (id = 1; id <= plain->nr; id++) {
		if (lookup(t, &plain->stacks[id - 1]) == id)
			continue;
		KUNIT_FAIL(test, "stack %u has lost its id", id);
		break;
	}
	vfree(plain->stacks);
	KUNIT_EXPECT_GT(test, repeats, 500U);
}

static void a_full_table_still_answers(struct kunit *test)
{
	struct table_test *t = test->priv;
	bool full = false;
	u64 generation;
	int i;

	use_table(test, STACKID_MAX_STACKS_MIN, 1);
	for (i = 1; i <= STACKID_MAX_STACKS_MIN; i++) {
		fill(&t->stack, KERNEL_PC + 8 * i, 7);
		KUNIT_EXPECT_EQ(test, insert(t, &t->stack), i);
	}
	fill(&t->other, KERNEL_PC + 8 * i, 7);
	KUNIT_EXPECT_EQ(test, insert(t, &t->other), -ENOSPC);
	KUNIT_EXPECT_EQ(test, counter(t, TABLE_FULL), 1ULL);

	preempt_disable();
	KUNIT_EXPECT_EQ(test, stackid_table_lookup(t->table, &t->other,
						   &generation, &full), 0U);
	preempt_enable();
	KUNIT_EXPECT_TRUE(test, full);
	for (i = 1; i <= STACKID_MAX_STACKS_MIN; i++) {
		fill(&t->stack, KERNEL_PC + 8 * i, 7);
		KUNIT_EXPECT_EQ(test, lookup(t, &t->stack), (u32)i);
		KUNIT_EXPECT_EQ(test, insert(t, &t->stack), i);
	}
}

static void the_memory_bound_holds_and_lookups_go_on(struct kunit *test)
{
	struct table_test *t = test->priv;
	struct generation *gen;
	bool full = false;
	u64 generation;
	int i, nr;

	use_table(test, 65536, 1);
	for (nr = 0; nr < 65536; nr++) {
		/* 8 bytes for each PC: a good KiB for each stack. */
		fill(&t->stack, 0x1000 * nr, STACKID_MAX_DEPTH);
		if (insert(t, &t->stack) < 0)
			break;
	}
	KUNIT_EXPECT_EQ(test, insert(t, &t->stack), -ENOMEM);
	KUNIT_EXPECT_GT(test, counter(t, TABLE_NO_MEMORY), 0ULL);
	/* So that nobody queues what can not be inserted. */
	preempt_disable();
	KUNIT_EXPECT_EQ(test, stackid_table_lookup(t->table, &t->stack,
						   &generation, &full), 0U);
	preempt_enable();
	KUNIT_EXPECT_TRUE(test, full);
	KUNIT_EXPECT_GT(test, nr, 300);
	gen = stackid_generation_get(t->table);
	KUNIT_EXPECT_LE(test, stackid_generation_memory(gen),
			(size_t)1 << 20);
	stackid_generation_put(gen);
	for (i = 0; i < nr; i++) {
		fill(&t->stack, 0x1000 * i, STACKID_MAX_DEPTH);
		KUNIT_ASSERT_EQ(test, lookup(t, &t->stack), i + 1U);
	}
}

static void reset_starts_over_at_id_1(struct kunit *test)
{
	struct table_test *t = test->priv;

	fill(&t->stack, KERNEL_PC, 7);
	fill(&t->other, KERNEL_PC + 8, 7);
	insert(t, &t->stack);
	KUNIT_ASSERT_EQ(test, stackid_reset(t->table), 0);

	KUNIT_EXPECT_EQ(test, current_generation(t), 2ULL);
	KUNIT_EXPECT_EQ(test, lookup(t, &t->stack), 0U);
	KUNIT_EXPECT_EQ(test, insert(t, &t->other), 1);
	KUNIT_EXPECT_EQ(test, insert(t, &t->stack), 2);
}

static void a_held_generation_outlives_its_end(struct kunit *test)
{
	struct table_test *t = test->priv;
	struct generation *old, *new;

	fill(&t->stack, KERNEL_PC, 7);
	insert(t, &t->stack);
	old = stackid_generation_get(t->table);
	KUNIT_EXPECT_FALSE(test, stackid_generation_ended(old));
	stackid_reset(t->table);
	fill(&t->other, KERNEL_PC + 8, 9);
	insert(t, &t->other);
	new = stackid_generation_get(t->table);

	KUNIT_EXPECT_TRUE(test, stackid_generation_ended(old));
	KUNIT_EXPECT_EQ(test, stackid_generation_number(old), 1ULL);
	KUNIT_EXPECT_EQ(test, stackid_generation_last_id(old), 1U);
	KUNIT_EXPECT_TRUE(test, stackid_stack_equals_block(&t->stack,
			stackid_generation_stack(old, 1)));
	KUNIT_EXPECT_FALSE(test, stackid_generation_ended(new));
	KUNIT_EXPECT_EQ(test, stackid_generation_number(new), 2ULL);
	KUNIT_EXPECT_TRUE(test, stackid_stack_equals_block(&t->other,
			stackid_generation_stack(new, 1)));
	KUNIT_EXPECT_GE(test, stackid_generation_start_time(new),
			stackid_generation_start_time(old));
	stackid_generation_put(old);
	stackid_generation_put(new);
}

static void an_insert_that_a_reset_overtook_is_stale(struct kunit *test)
{
	struct table_test *t = test->priv;

	fill(&t->stack, KERNEL_PC, 7);
	stackid_reset(t->table);

	KUNIT_EXPECT_EQ(test, insert_into(t, &t->stack, 1), -ESTALE);
	KUNIT_EXPECT_EQ(test, counter(t, TABLE_STALE), 1ULL);
	KUNIT_EXPECT_EQ(test, lookup(t, &t->stack), 0U);
	KUNIT_EXPECT_EQ(test, insert_into(t, &t->stack, 2), 1);
}

static void bounds_are_checked(struct kunit *test)
{
	static const unsigned int bad[][2] = {
		{ 0, 64 }, { STACKID_MAX_STACKS_MIN - 1, 64 },
		{ STACKID_MAX_STACKS_MAX + 1, 64 }, { UINT_MAX, 64 },
		{ 65536, 0 }, { 65536, STACKID_MAX_MEMORY_MB_MAX + 1 },
		{ 65536, UINT_MAX },
		/* The index alone takes more. */
		{ STACKID_MAX_STACKS_MAX, 32 },
	};
	struct stackid_table *table;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		table = stackid_table_create(bad[i][0], bad[i][1]);
		KUNIT_EXPECT_TRUE(test, table == ERR_PTR(-EINVAL));
	}
	table = stackid_table_create(STACKID_MAX_STACKS_MAX,
			stackid_table_min_memory_mb(STACKID_MAX_STACKS_MAX));
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, table);
	stackid_table_destroy(table);
}

static void has_pc_sees_every_frame_and_no_neighbour(struct kunit *test)
{
	struct table_test *t = test->priv;

	fill(&t->stack, KERNEL_PC, 3);	/* + 0, 16, 32 */
	insert(t, &t->stack);

	KUNIT_EXPECT_TRUE(test, stackid_table_has_pc(t->table, KERNEL_PC, 1));
	KUNIT_EXPECT_TRUE(test, stackid_table_has_pc(t->table,
						     KERNEL_PC + 17, 16));
	KUNIT_EXPECT_TRUE(test, stackid_table_has_pc(t->table, KERNEL_PC - 64,
						     65));
	KUNIT_EXPECT_FALSE(test, stackid_table_has_pc(t->table, KERNEL_PC - 64,
						      64));
	KUNIT_EXPECT_FALSE(test, stackid_table_has_pc(t->table, KERNEL_PC + 33,
						      4096));
	KUNIT_EXPECT_FALSE(test, stackid_table_has_pc(t->table, KERNEL_PC + 16,
						      0));
}

static struct kunit_case table_cases[] = {
	KUNIT_CASE(an_unknown_stack_has_no_id),
	KUNIT_CASE(lookup_after_insert_returns_same_id),
	KUNIT_CASE(inserting_again_finds_the_same_id),
	KUNIT_CASE(ids_are_dense_in_insertion_order),
	KUNIT_CASE(there_is_no_stack_but_for_ids_that_were_given),
	KUNIT_CASE(a_stack_with_one_other_pc_has_another_id),
	KUNIT_CASE(a_deeper_stack_has_another_id),
	KUNIT_CASE(an_exact_first_pc_makes_another_id),
	KUNIT_CASE(cut_stacks_that_differ_out_of_sight_do_not_merge),
	KUNIT_CASE(a_cut_stack_is_not_its_visible_part),
	KUNIT_CASE(low_pcs_are_told_from_their_sign_extensions),
	KUNIT_CASE(stacks_with_one_hash_have_their_own_ids),
	KUNIT_CASE(the_table_agrees_with_a_plain_one),
	KUNIT_CASE(a_full_table_still_answers),
	KUNIT_CASE(the_memory_bound_holds_and_lookups_go_on),
	KUNIT_CASE(reset_starts_over_at_id_1),
	KUNIT_CASE(a_held_generation_outlives_its_end),
	KUNIT_CASE(an_insert_that_a_reset_overtook_is_stale),
	KUNIT_CASE(bounds_are_checked),
	KUNIT_CASE(has_pc_sees_every_frame_and_no_neighbour),
	{}
};

static struct kunit_suite table_suite = {
	.name = "stackid_table",
	.init = table_test_init,
	.exit = table_test_exit,
	.test_cases = table_cases,
};

kunit_test_suite(table_suite);

MODULE_LICENSE("GPL");
