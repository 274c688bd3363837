// SPDX-License-Identifier: GPL-2.0
/* The recursion guard and its context levels. */
#include <kunit/test.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/preempt.h>

#include "../module/guard.h"

static void one_level_is_entered_once(struct kunit *test)
{
	struct guard guard = {};

	KUNIT_EXPECT_TRUE(test, guard_enter(&guard, LEVEL_TASK));
	KUNIT_EXPECT_FALSE(test, guard_enter(&guard, LEVEL_TASK));
	guard_leave(&guard, LEVEL_TASK);
	KUNIT_EXPECT_TRUE(test, guard_enter(&guard, LEVEL_TASK));
}

static void the_levels_do_not_shut_each_other_out(struct kunit *test)
{
	struct guard guard = {};
	int level;

	for (level = 0; level < NR_LEVELS; level++)
		KUNIT_EXPECT_TRUE(test, guard_enter(&guard, level));
	guard_leave(&guard, LEVEL_HARDIRQ);
	for (level = 0; level < NR_LEVELS; level++)
		KUNIT_EXPECT_EQ(test, guard_enter(&guard, level),
				level == LEVEL_HARDIRQ);
}

static void a_task_stays_one_with_everything_off(struct kunit *test)
{
	enum context_level plain, no_bottom_halves, no_interrupts;
	unsigned long flags;

	preempt_disable();
	plain = context_level();
	preempt_enable();
	local_bh_disable();
	no_bottom_halves = context_level();
	local_bh_enable();
	local_irq_save(flags);
	no_interrupts = context_level();
	local_irq_restore(flags);

	KUNIT_EXPECT_EQ(test, (int)plain, (int)LEVEL_TASK);
	KUNIT_EXPECT_EQ(test, (int)no_bottom_halves, (int)LEVEL_TASK);
	KUNIT_EXPECT_EQ(test, (int)no_interrupts, (int)LEVEL_TASK);
}

struct elsewhere {
	struct irq_work work;
	struct tasklet_struct tasklet;
	enum context_level level;
};

/* PREEMPT_RT runs it in a thread that may be preempted. */
static void in_softirq_of(struct tasklet_struct *tasklet)
{
	struct elsewhere *e = container_of(tasklet, struct elsewhere, tasklet);

	preempt_disable();
	e->level = context_level();
	preempt_enable();
}

static void in_irq_work(struct irq_work *work)
{
	container_of(work, struct elsewhere, work)->level = context_level();
}

static void interrupts_are_told_from_softirqs(struct kunit *test)
{
	struct elsewhere e = { .work = IRQ_WORK_INIT_HARD(in_irq_work) };

	irq_work_queue(&e.work);
	irq_work_sync(&e.work);
	KUNIT_EXPECT_EQ(test, (int)e.level, (int)LEVEL_HARDIRQ);

	tasklet_setup(&e.tasklet, in_softirq_of);
	tasklet_schedule(&e.tasklet);
	tasklet_kill(&e.tasklet);	/* waits until it has run */
	KUNIT_EXPECT_EQ(test, (int)e.level, (int)LEVEL_SOFTIRQ);
}

/* What x86 adds to preempt_count() when it enters a breakpoint, or an NMI. */
#define NMI_ENTERED	(NMI_OFFSET + HARDIRQ_OFFSET)

static void a_breakpoint_belongs_to_the_level_that_it_is_hit_in(struct kunit *test)
{
	enum context_level nmi, task, nmi_in_breakpoint, breakpoint_in_nmi, after;

	preempt_disable();
	preempt_count_add(NMI_ENTERED);
	nmi = context_level();
	breakpoint_enter();
	task = context_level();
	preempt_count_add(NMI_ENTERED);
	nmi_in_breakpoint = context_level();
	preempt_count_sub(NMI_ENTERED);
	breakpoint_leave();

	preempt_count_add(NMI_ENTERED);
	breakpoint_enter();
	breakpoint_in_nmi = context_level();
	breakpoint_leave();
	preempt_count_sub(2 * NMI_ENTERED);
	after = context_level();
	preempt_enable();

	KUNIT_EXPECT_EQ(test, (int)nmi, (int)LEVEL_NMI);
	KUNIT_EXPECT_EQ(test, (int)task, (int)LEVEL_TASK);
	KUNIT_EXPECT_EQ(test, (int)nmi_in_breakpoint, (int)LEVEL_NMI);
	KUNIT_EXPECT_EQ(test, (int)breakpoint_in_nmi, (int)LEVEL_NMI);
	KUNIT_EXPECT_EQ(test, (int)after, (int)LEVEL_TASK);
}

static struct kunit_case guard_cases[] = {
	KUNIT_CASE(one_level_is_entered_once),
	KUNIT_CASE(the_levels_do_not_shut_each_other_out),
	KUNIT_CASE(a_task_stays_one_with_everything_off),
	KUNIT_CASE(interrupts_are_told_from_softirqs),
	KUNIT_CASE(a_breakpoint_belongs_to_the_level_that_it_is_hit_in),
	{}
};

static struct kunit_suite guard_suite = {
	.name = "stackid_guard",
	.test_cases = guard_cases,
};

kunit_test_suite(guard_suite);

MODULE_LICENSE("GPL");
