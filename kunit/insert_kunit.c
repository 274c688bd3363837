// SPDX-License-Identifier: GPL-2.0
/*
 * The insert queue.  On User Mode Linux an irq_work runs with the next tick, so
 * that "later" really is later here.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>

#include "../module/ring/ring.h"
#include "../module/ring/ring_reader.h"
#include "../module/ring/ring_writer.h"
#include "../module/table/insert.h"
#include "../module/table/table.h"

#define KERNEL_PC	0xffffffff81000000UL

struct insert_test {
	struct stackid_table *table;
	struct insert_queues *queues;
	struct stack stack;
};

static int insert_test_init(struct kunit *test)
{
	struct insert_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->table = stackid_table_create(4096, 8);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, t->table);
	t->queues = stackid_table_queues(t->table);
	test->priv = t;
	return 0;
}

static void insert_test_exit(struct kunit *test)
{
	struct insert_test *t = test->priv;

	if (t)
		stackid_table_destroy(t->table);
}

static const struct stack *numbered_stack(struct insert_test *t,
					  unsigned int number)
{
	unsigned int i;

	stackid_stack_begin(&t->stack, false);
	for (i = 0; i < 7; i++)
		stackid_stack_add(&t->stack, KERNEL_PC + 64 * number + i);
	stackid_stack_end(&t->stack);
	return &t->stack;
}

static bool queue(struct insert_test *t, const struct stack *stack,
		  u64 generation)
{
	bool room;

	preempt_disable();
	room = stackid_insert_queue(t->queues, stack, generation);
	preempt_enable();
	return room;
}

static u32 lookup(struct insert_test *t, const struct stack *stack)
{
	u64 generation;
	u32 id;

	preempt_disable();
	id = stackid_table_lookup(t->table, stack, &generation, NULL);
	preempt_enable();
	return id;
}

static u64 counter(struct insert_test *t, enum table_counter which)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += stackid_table_counter(t->table, cpu, which);
	return sum;
}

static void a_queued_stack_gets_its_id(struct kunit *test)
{
	struct insert_test *t = test->priv;

	KUNIT_ASSERT_TRUE(test, queue(t, numbered_stack(t, 0), 1));
	stackid_insert_flush(t->queues);

	KUNIT_EXPECT_EQ(test, lookup(t, &t->stack), 1U);
	KUNIT_EXPECT_EQ(test, counter(t, TABLE_INSERTED), 1ULL);
}

static void with_interrupts_off_the_insert_waits(struct kunit *test)
{
	struct insert_test *t = test->priv;
	unsigned int pending, cpu;
	unsigned long flags;
	u32 id;

	local_irq_save(flags);
	cpu = smp_processor_id();
	queue(t, numbered_stack(t, 0), 1);
	id = lookup(t, &t->stack);
	pending = stackid_insert_pending(t->queues, cpu);
	local_irq_restore(flags);
	stackid_insert_flush(t->queues);

	KUNIT_EXPECT_EQ(test, id, 0U);
	KUNIT_EXPECT_EQ(test, pending, 1U);
	KUNIT_EXPECT_EQ(test, lookup(t, &t->stack), 1U);
	KUNIT_EXPECT_EQ(test, stackid_insert_pending(t->queues, cpu), 0U);
}

static void requests_are_served_in_order(struct kunit *test)
{
	struct insert_test *t = test->priv;
	unsigned long flags;
	unsigned int i;

	local_irq_save(flags);
	for (i = 0; i < 100; i++)
		queue(t, numbered_stack(t, i), 1);
	local_irq_restore(flags);
	stackid_insert_flush(t->queues);

	for (i = 0; i < 100; i++)
		KUNIT_EXPECT_EQ(test, lookup(t, numbered_stack(t, i)), i + 1);
}

static void a_full_queue_refuses_and_recovers(struct kunit *test)
{
	struct insert_test *t = test->priv;
	unsigned int queued = 0, i;
	unsigned long flags;

	local_irq_save(flags);
	while (queued < 100000 && queue(t, numbered_stack(t, queued), 1))
		queued++;
	local_irq_restore(flags);
	stackid_insert_flush(t->queues);

	KUNIT_EXPECT_GT(test, queued, 100U);
	KUNIT_EXPECT_LT(test, queued, 10000U);
	for (i = 0; i < queued; i++)
		KUNIT_ASSERT_EQ(test, lookup(t, numbered_stack(t, i)), i + 1);
	KUNIT_EXPECT_EQ(test, lookup(t, numbered_stack(t, queued)), 0U);
	KUNIT_EXPECT_TRUE(test, queue(t, numbered_stack(t, queued), 1));
	stackid_insert_flush(t->queues);
	KUNIT_EXPECT_EQ(test, lookup(t, &t->stack), queued + 1);
}

static void queueing_twice_inserts_once(struct kunit *test)
{
	struct insert_test *t = test->priv;
	unsigned long flags;

	local_irq_save(flags);
	queue(t, numbered_stack(t, 0), 1);
	queue(t, numbered_stack(t, 0), 1);
	local_irq_restore(flags);
	stackid_insert_flush(t->queues);

	KUNIT_EXPECT_EQ(test, counter(t, TABLE_INSERTED), 1ULL);
	KUNIT_EXPECT_EQ(test, counter(t, TABLE_FOUND_AGAIN), 1ULL);
	KUNIT_EXPECT_EQ(test, lookup(t, numbered_stack(t, 1)), 0U);
}

static void a_request_of_another_generation_is_stale(struct kunit *test)
{
	struct insert_test *t = test->priv;

	stackid_reset(t->table);
	queue(t, numbered_stack(t, 0), 1);
	stackid_insert_flush(t->queues);
	KUNIT_EXPECT_EQ(test, counter(t, TABLE_STALE), 1ULL);
	KUNIT_EXPECT_EQ(test, lookup(t, &t->stack), 0U);

	queue(t, &t->stack, 2);
	stackid_insert_flush(t->queues);
	KUNIT_EXPECT_EQ(test, lookup(t, &t->stack), 1U);
}

static void stacks_of_every_kind_come_through_unchanged(struct kunit *test)
{
	struct insert_test *t = test->priv;
	unsigned int depths[] = { 1, 2, 127, 128, 129, 300 };
	u32 id = 0;
	unsigned int i, j, kind;

	for (kind = 0; kind < 4; kind++) {
		for (i = 0; i < ARRAY_SIZE(depths); i++) {
			stackid_stack_begin(&t->stack, kind & 1);
			for (j = 0; j < depths[i]; j++)
				stackid_stack_add(&t->stack,
						  (kind & 2 ? 0 : KERNEL_PC) +
						  j);
			stackid_stack_end(&t->stack);
			KUNIT_ASSERT_TRUE(test, queue(t, &t->stack, 1));
			stackid_insert_flush(t->queues);
			KUNIT_EXPECT_EQ(test, lookup(t, &t->stack), ++id);
		}
	}
}

static void destroying_serves_what_is_queued_first(struct kunit *test)
{
	struct stackid_table *table = stackid_table_create(64, 1);
	struct insert_test *t = test->priv;
	unsigned long flags;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, table);
	local_irq_save(flags);
	stackid_insert_queue(stackid_table_queues(table), numbered_stack(t, 0),
			     1);
	local_irq_restore(flags);
	/* A use after free would show in the next tick. */
	stackid_table_destroy(table);
	queue(t, numbered_stack(t, 1), 1);
	stackid_insert_flush(t->queues);
	KUNIT_EXPECT_EQ(test, lookup(t, &t->stack), 1U);
}

/*
 * A writer is interrupted between reserve and commit.  What nests in it fills the
 * queue, where nothing is published yet.  Then the writer goes on and finds no
 * room: it is the one who publishes, and has to see to the rest.
 */
static void a_writer_that_finds_no_room_serves_what_nested_in_it(struct kunit *test)
{
	struct insert_test *t = test->priv;
	struct ring_writer *writer;
	unsigned int queued = 0;
	bool room;

	preempt_disable();
	writer = stackid_ring_writer(stackid_insert_test_ring(t->queues,
							      smp_processor_id()));
	local_set(&writer->nest, 1);
	while (queued < 100000 &&
	       stackid_insert_queue(t->queues, numbered_stack(t, queued), 1))
		queued++;
	preempt_enable();
	stackid_insert_flush(t->queues);
	KUNIT_EXPECT_EQ(test, lookup(t, numbered_stack(t, 0)), 0U);

	local_set(&writer->nest, 0);
	room = queue(t, numbered_stack(t, queued), 1);
	stackid_insert_flush(t->queues);

	KUNIT_EXPECT_GT(test, queued, 100U);
	KUNIT_EXPECT_FALSE(test, room);
	KUNIT_EXPECT_EQ(test, counter(t, TABLE_REQUESTS), (u64)queued);
	KUNIT_EXPECT_EQ(test, counter(t, TABLE_INSERTED), (u64)queued);
}

static struct kunit_case insert_cases[] = {
	KUNIT_CASE(a_queued_stack_gets_its_id),
	KUNIT_CASE(with_interrupts_off_the_insert_waits),
	KUNIT_CASE(requests_are_served_in_order),
	KUNIT_CASE(a_full_queue_refuses_and_recovers),
	KUNIT_CASE(queueing_twice_inserts_once),
	KUNIT_CASE(a_request_of_another_generation_is_stale),
	KUNIT_CASE(stacks_of_every_kind_come_through_unchanged),
	KUNIT_CASE(destroying_serves_what_is_queued_first),
	KUNIT_CASE(a_writer_that_finds_no_room_serves_what_nested_in_it),
	{}
};

static struct kunit_suite insert_suite = {
	.name = "stackid_insert",
	.init = insert_test_init,
	.exit = insert_test_exit,
	.test_cases = insert_cases,
};

kunit_test_suite(insert_suite);

MODULE_LICENSE("GPL");
