// SPDX-License-Identifier: GPL-2.0
/* The recursion guard and its context levels. */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/preempt.h>
#include <linux/timer.h>

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
	struct timer_list timer;
	struct completion done;
	enum context_level level;
};

static void in_timer(struct timer_list *timer)
{
	struct elsewhere *e = container_of(timer, struct elsewhere, timer);

	e->level = context_level();
	complete(&e->done);
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

	init_completion(&e.done);
	timer_setup_on_stack(&e.timer, in_timer, 0);
	mod_timer(&e.timer, jiffies + 1);
	wait_for_completion(&e.done);
	del_timer_sync(&e.timer);
	destroy_timer_on_stack(&e.timer);
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
