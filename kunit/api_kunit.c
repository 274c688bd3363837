// SPDX-License-Identifier: GPL-2.0
/*
 * The in-kernel API.  On User Mode Linux a CPU cannot interrupt itself: what a
 * save with interrupts on queues is served with the next tick, and the save may
 * return 0.  The example module shows the rest on a real kernel.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/irq_work.h>
#include <linux/irqflags.h>

#include "../include/stackid.h"
#include "../module/stack.h"
#include "../module/table/insert.h"
#include "../module/table/table.h"
#include "../module/table/table_layout.h"

#define KERNEL_PC	0xffffffff81000000UL
#define DEPTH		9

struct api_test {
	struct stackid_table *table;
	unsigned long entries[300];
	unsigned long fetched[STACKID_MAX_DEPTH + 2];
};

static int api_test_init(struct kunit *test)
{
	struct api_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->table = stackid_table_create(16, 1);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, t->table);
	for (i = 0; i < ARRAY_SIZE(t->entries); i++)
		t->entries[i] = KERNEL_PC + 32 * i;
	test->priv = t;
	return 0;
}

static void api_test_exit(struct kunit *test)
{
	struct api_test *t = test->priv;

	if (t)
		stackid_table_destroy(t->table);
}

static u64 counter(struct api_test *t, enum table_counter which)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += stackid_table_counter(t->table, cpu, which);
	return sum;
}

static u32 save_later(struct api_test *t, unsigned int nr)
{
	unsigned long flags;
	u32 id;

	local_irq_save(flags);
	id = stackid_save(t->table, t->entries, nr, NULL);
	local_irq_restore(flags);
	stackid_insert_flush(stackid_table_queues(t->table));
	return id;
}

static void with_interrupts_off_a_save_is_deferred_and_counted(struct kunit *test)
{
	struct api_test *t = test->priv;
	u64 generation = 0;

	KUNIT_EXPECT_EQ(test, save_later(t, DEPTH), 0U);
	KUNIT_EXPECT_EQ(test, counter(t, TABLE_SAVE_DEFERRED), 1ULL);
	KUNIT_EXPECT_EQ(test, stackid_save(t->table, t->entries, DEPTH,
					   &generation), 1U);
	KUNIT_EXPECT_EQ(test, generation, 1ULL);
	KUNIT_EXPECT_EQ(test, counter(t, TABLE_SAVE_HIT), 1ULL);
	KUNIT_EXPECT_EQ(test, counter(t, TABLE_SAVE_CALLS), 2ULL);
}

struct hard_save {
	struct irq_work work;
	struct api_test *t;
	u32 id;
};

static void save_in_hardirq(struct irq_work *work)
{
	struct hard_save *save = container_of(work, struct hard_save, work);

	save->id = stackid_save(save->t->table, save->t->entries, DEPTH, NULL);
}

static void in_a_hard_interrupt_a_save_inserts_directly(struct kunit *test)
{
	struct hard_save save = {
		.work = IRQ_WORK_INIT_HARD(save_in_hardirq),
		.t = test->priv,
	};

	irq_work_queue(&save.work);
	irq_work_sync(&save.work);

	KUNIT_EXPECT_EQ(test, save.id, 1U);
	KUNIT_EXPECT_EQ(test, counter(save.t, TABLE_SAVE_DIRECT), 1ULL);
	KUNIT_EXPECT_EQ(test, counter(save.t, TABLE_SAVE_INSERTED), 1ULL);
	KUNIT_EXPECT_EQ(test, counter(save.t, TABLE_SAVE_QUEUED), 0ULL);
}

static void save_under_the_lock(struct irq_work *work)
{
	struct hard_save *save = container_of(work, struct hard_save, work);

	raw_spin_lock(&save->t->table->lock);
	save->t->table->inserting = true;
	save->id = stackid_save(save->t->table, save->t->entries, DEPTH, NULL);
	save->t->table->inserting = false;
	raw_spin_unlock(&save->t->table->lock);
}

/* As a probe does that hits while an insert holds the lock. */
static void a_save_does_not_wait_for_a_lock_that_may_be_its_own(struct kunit *test)
{
	struct hard_save save = {
		.work = IRQ_WORK_INIT_HARD(save_under_the_lock),
		.t = test->priv,
	};

	irq_work_queue(&save.work);
	irq_work_sync(&save.work);
	stackid_insert_flush(stackid_table_queues(save.t->table));

	KUNIT_EXPECT_EQ(test, save.id, 0U);
	KUNIT_EXPECT_EQ(test, counter(save.t, TABLE_SAVE_DEFERRED), 1ULL);
	KUNIT_EXPECT_EQ(test, counter(save.t, TABLE_SAVE_DIRECT), 0ULL);
	KUNIT_EXPECT_EQ(test, stackid_find(save.t->table, save.t->entries, DEPTH,
					   NULL), 1U);
}

/* More than fit into the memory that a table begins with. */
#define MANY_STACKS	8192

struct many_saves {
	struct irq_work work;
	struct api_test *t;
	struct stackid_table *table;
	unsigned int saved;
};

static void save_many_in_hardirq(struct irq_work *work)
{
	struct many_saves *many = container_of(work, struct many_saves, work);
	unsigned long *entries = many->t->entries;
	unsigned int i;

	for (i = 0; i < 512 && many->saved < MANY_STACKS; i++) {
		entries[0] = KERNEL_PC + 64 * many->saved;
		if (!stackid_save(many->table, entries, DEPTH, NULL))
			break;
		many->saved++;
	}
}

static void saves_from_hard_interrupts_alone_get_their_memory(struct kunit *test)
{
	struct many_saves many = {
		.work = IRQ_WORK_INIT_HARD(save_many_in_hardirq),
		.t = test->priv,
	};
	unsigned int i;

	many.table = stackid_table_create(MANY_STACKS, 8);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, many.table);
	for (i = 0; i < 500 && many.saved < MANY_STACKS; i++) {
		irq_work_queue(&many.work);
		irq_work_sync(&many.work);
		/* The worker that brings more. */
		msleep(20);
	}
	stackid_table_destroy(many.table);
	KUNIT_EXPECT_EQ(test, many.saved, MANY_STACKS);
}

static void find_neither_inserts_nor_counts_as_a_save(struct kunit *test)
{
	struct api_test *t = test->priv;
	u64 generation = 0;

	KUNIT_EXPECT_EQ(test, stackid_find(t->table, t->entries, DEPTH,
					   &generation), 0U);
	KUNIT_EXPECT_EQ(test, generation, 1ULL);
	KUNIT_EXPECT_EQ(test, stackid_find(t->table, t->entries, DEPTH, NULL),
			0U);
	KUNIT_EXPECT_EQ(test, counter(t, TABLE_SAVE_CALLS), 0ULL);
	save_later(t, DEPTH);
	KUNIT_EXPECT_EQ(test, stackid_find(t->table, t->entries, DEPTH, NULL),
			1U);
	KUNIT_EXPECT_EQ(test, stackid_find(t->table, t->entries, DEPTH - 1,
					   NULL), 0U);
}

static void fetch_gives_the_stack_back(struct kunit *test)
{
	struct api_test *t = test->priv;

	save_later(t, DEPTH);
	KUNIT_EXPECT_EQ(test, stackid_fetch(t->table, 1, 1, t->fetched,
					    ARRAY_SIZE(t->fetched)), DEPTH);
	KUNIT_EXPECT_EQ(test, memcmp(t->fetched, t->entries,
				     DEPTH * sizeof(*t->entries)), 0);
	KUNIT_EXPECT_EQ(test, t->fetched[DEPTH], 0UL);
}

static void fetch_writes_no_more_than_there_is_room_for(struct kunit *test)
{
	struct api_test *t = test->priv;

	save_later(t, DEPTH);
	KUNIT_EXPECT_EQ(test, stackid_fetch(t->table, 1, 1, t->fetched, 4),
			DEPTH);
	KUNIT_EXPECT_EQ(test, t->fetched[3], t->entries[3]);
	KUNIT_EXPECT_EQ(test, t->fetched[4], 0UL);
	KUNIT_EXPECT_EQ(test, stackid_fetch(t->table, 1, 1, NULL, 0), DEPTH);
}

static void fetch_tells_unknown_ids_from_past_generations(struct kunit *test)
{
	struct api_test *t = test->priv;

	save_later(t, DEPTH);
	KUNIT_EXPECT_EQ(test, stackid_fetch(t->table, 1, 0, NULL, 0), -ENOENT);
	KUNIT_EXPECT_EQ(test, stackid_fetch(t->table, 1, 2, NULL, 0), -ENOENT);
	KUNIT_EXPECT_EQ(test, stackid_fetch(t->table, 2, 1, NULL, 0), -ESTALE);
	stackid_reset(t->table);
	KUNIT_EXPECT_EQ(test, stackid_fetch(t->table, 1, 1, NULL, 0), -ESTALE);
	KUNIT_EXPECT_EQ(test, stackid_fetch(t->table, 2, 1, NULL, 0), -ENOENT);
}

static void a_stack_of_more_than_128_frames_is_kept_cut(struct kunit *test)
{
	struct api_test *t = test->priv;

	save_later(t, 300);
	KUNIT_EXPECT_EQ(test, stackid_find(t->table, t->entries, 300, NULL),
			1U);
	KUNIT_EXPECT_EQ(test, stackid_find(t->table, t->entries, 299, NULL),
			0U);
	KUNIT_EXPECT_EQ(test, stackid_fetch(t->table, 1, 1, t->fetched,
					    ARRAY_SIZE(t->fetched)), 300);
	KUNIT_EXPECT_EQ(test, t->fetched[STACKID_MAX_DEPTH - 1],
			t->entries[STACKID_MAX_DEPTH - 1]);
	KUNIT_EXPECT_EQ(test, t->fetched[STACKID_MAX_DEPTH], 0UL);
}

/* The same stack as @entries, made frame by frame. */
static struct stack *make_stack(struct kunit *test,
				const unsigned long *entries, unsigned int nr)
{
	struct stack *stack = kunit_kzalloc(test, sizeof(*stack), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, stack);
	stackid_stack_begin(stack, false);
	for (i = 0; i < nr; i++)
		stackid_stack_add(stack, entries[i]);
	stackid_stack_end(stack);
	return stack;
}

static int insert(struct stackid_table *table, const struct stack *stack)
{
	int id;

	preempt_disable();
	id = stackid_insert_here(stackid_table_queues(table), stack, 1);
	preempt_enable();
	return id;
}

static u32 lookup(struct stackid_table *table, const struct stack *stack)
{
	u64 generation;
	u32 id;

	preempt_disable();
	id = stackid_table_lookup(table, stack, &generation, NULL);
	preempt_enable();
	return id;
}

/*
 * @entries against the stack that was made of them, and against those that
 * differ from them in one frame, or have one frame less.
 */
static void check_entries(struct kunit *test, unsigned long *entries,
			  unsigned int nr)
{
	struct stackid_table *table = stackid_table_create(16, 1);
	struct stack *stack = make_stack(test, entries, nr);
	unsigned int i;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, table);
	KUNIT_EXPECT_EQ(test, stackid_find(table, entries, nr, NULL), 0U);
	KUNIT_EXPECT_EQ(test, insert(table, stack), 1);
	KUNIT_EXPECT_EQ(test, stackid_find(table, entries, nr, NULL), 1U);
	KUNIT_EXPECT_EQ(test, stackid_save(table, entries, nr, NULL), 1U);
	for (i = 0; i < nr; i++) {
		static const unsigned long bits[] = { 1, 1UL << 31, 1UL << 40 };
		unsigned long bit = bits[i % ARRAY_SIZE(bits)];

		entries[i] ^= bit;
		KUNIT_EXPECT_EQ(test, stackid_find(table, entries, nr, NULL),
				0U);
		entries[i] ^= bit;
	}
	if (nr)
		KUNIT_EXPECT_EQ(test, stackid_find(table, entries, nr - 1,
						   NULL), 0U);
	stackid_table_destroy(table);
}

static void check_depths(struct kunit *test, unsigned long *entries)
{
	static const unsigned int depths[] = { 0, 1, 2, 7, 8, 127, 128, 129, 1000 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(depths); i++)
		check_entries(test, entries, depths[i]);
}

static void entries_are_the_stack_that_is_made_of_them(struct kunit *test)
{
	unsigned long *entries = kunit_kcalloc(test, 1000, sizeof(*entries),
					       GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, entries);
	for (i = 0; i < 1000; i++)
		entries[i] = KERNEL_PC + 32 * i;
	check_depths(test, entries);
	/* With one PC out of the top 2 GiB, at either end. */
	entries[0] = 0xffffffff7fffffffUL;
	check_depths(test, entries);
	entries[0] = KERNEL_PC;
	entries[7] = (u32)KERNEL_PC;
	entries[127] = (u32)KERNEL_PC;
	entries[999] = (u32)KERNEL_PC;
	check_depths(test, entries);
	for (i = 0; i < 1000; i++)
		entries[i] = 0xffff800000000000UL + 32 * i;
	check_depths(test, entries);
}

static void saved_entries_are_found_as_a_stack(struct kunit *test)
{
	static const unsigned int depths[] = { 1, 8, 128, 129, 300 };
	struct api_test *t = test->priv;
	unsigned int i, id = 0;

	for (i = 0; i < ARRAY_SIZE(depths); i++) {
		save_later(t, depths[i]);
		t->entries[0] ^= 1UL << 32;
		save_later(t, depths[i]);
		KUNIT_EXPECT_EQ(test, lookup(t->table, make_stack(test,
				t->entries, depths[i])), id + 2);
		t->entries[0] ^= 1UL << 32;
		KUNIT_EXPECT_EQ(test, lookup(t->table, make_stack(test,
				t->entries, depths[i])), id + 1);
		id += 2;
	}
	KUNIT_EXPECT_EQ(test, counter(t, TABLE_SAVE_HIT), 0ULL);
}

static void an_exact_stack_is_not_found_as_entries(struct kunit *test)
{
	struct api_test *t = test->priv;
	struct stack *stack = make_stack(test, t->entries, DEPTH);

	/* In one bucket. */
	stack->flags |= STACKID_STACK_EXACT;
	KUNIT_EXPECT_EQ(test, insert(t->table, stack), 1);
	KUNIT_EXPECT_EQ(test, stackid_find(t->table, t->entries, DEPTH, NULL),
			0U);
	stack->flags = 0;
	KUNIT_EXPECT_EQ(test, insert(t->table, stack), 2);
	KUNIT_EXPECT_EQ(test, stackid_find(t->table, t->entries, DEPTH, NULL),
			2U);
}

static void what_cannot_be_saved_is_refused_and_counted(struct kunit *test)
{
	struct api_test *t = test->priv;
	unsigned int i;

	KUNIT_EXPECT_EQ(test, save_later(t, 0), 0U);
	KUNIT_EXPECT_EQ(test, counter(t, TABLE_SAVE_REFUSED), 1ULL);
	for (i = 1; i <= 17; i++)
		save_later(t, i);
	KUNIT_EXPECT_EQ(test, counter(t, TABLE_SAVE_REFUSED), 2ULL);
	KUNIT_EXPECT_EQ(test, save_later(t, 16), 16U);
}

static void the_sums_of_the_ledger_hold(struct kunit *test)
{
	struct api_test *t = test->priv;
	unsigned int i;

	for (i = 0; i < 200; i++) {
		save_later(t, i % 23);
		/* With interrupts on: inserted or deferred, as the tick has it. */
		stackid_save(t->table, t->entries + i % 5, i % 7, NULL);
		if (i == 100)
			stackid_reset(t->table);
	}
	stackid_insert_flush(stackid_table_queues(t->table));

	KUNIT_EXPECT_EQ(test, counter(t, TABLE_SAVE_CALLS), 400ULL);
	KUNIT_EXPECT_EQ(test, counter(t, TABLE_SAVE_CALLS),
			counter(t, TABLE_SAVE_HIT) +
			counter(t, TABLE_SAVE_INSERTED) +
			counter(t, TABLE_SAVE_DEFERRED) +
			counter(t, TABLE_SAVE_REFUSED));
	KUNIT_EXPECT_EQ(test, counter(t, TABLE_REQUESTS),
			counter(t, TABLE_SAVE_QUEUED) +
			counter(t, TABLE_SAVE_DIRECT));
	KUNIT_EXPECT_EQ(test, counter(t, TABLE_REQUESTS),
			counter(t, TABLE_INSERTED) +
			counter(t, TABLE_FOUND_AGAIN) +
			counter(t, TABLE_FULL) +
			counter(t, TABLE_NO_MEMORY) +
			counter(t, TABLE_STALE));
	KUNIT_EXPECT_GT(test, counter(t, TABLE_INSERTED), 16ULL);
}

static struct kunit_case api_cases[] = {
	KUNIT_CASE(with_interrupts_off_a_save_is_deferred_and_counted),
	KUNIT_CASE(in_a_hard_interrupt_a_save_inserts_directly),
	KUNIT_CASE(a_save_does_not_wait_for_a_lock_that_may_be_its_own),
	KUNIT_CASE(saves_from_hard_interrupts_alone_get_their_memory),
	KUNIT_CASE(find_neither_inserts_nor_counts_as_a_save),
	KUNIT_CASE(fetch_gives_the_stack_back),
	KUNIT_CASE(fetch_writes_no_more_than_there_is_room_for),
	KUNIT_CASE(fetch_tells_unknown_ids_from_past_generations),
	KUNIT_CASE(a_stack_of_more_than_128_frames_is_kept_cut),
	KUNIT_CASE(entries_are_the_stack_that_is_made_of_them),
	KUNIT_CASE(saved_entries_are_found_as_a_stack),
	KUNIT_CASE(an_exact_stack_is_not_found_as_entries),
	KUNIT_CASE(what_cannot_be_saved_is_refused_and_counted),
	KUNIT_CASE(the_sums_of_the_ledger_hold),
	{}
};

static struct kunit_suite api_suite = {
	.name = "stackid_api",
	.init = api_test_init,
	.exit = api_test_exit,
	.test_cases = api_cases,
};

kunit_test_suite(api_suite);

MODULE_LICENSE("GPL");
