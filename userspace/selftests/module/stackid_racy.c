// SPDX-License-Identifier: GPL-2.0
/*
 * A data race for KCSAN to find, so that one that finds none is known to have
 * looked: two CPUs add to one number, until this module is unloaded.
 */
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>

static struct task_struct *tasks[2];
static unsigned long number;

static noinline void racy_add(void)
{
	number++;
}

static int race(void *unused)
{
	while (!kthread_should_stop()) {
		racy_add();
		cond_resched();
	}
	return 0;
}

static void stop(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tasks); i++)
		if (!IS_ERR_OR_NULL(tasks[i]))
			kthread_stop(tasks[i]);
}

static int __init stackid_racy_init(void)
{
	unsigned int i;

	if (num_online_cpus() < ARRAY_SIZE(tasks)) {
		pr_err("stackid_racy: one CPU alone has no race, boot with two\n");
		return -EINVAL;
	}
	for (i = 0; i < ARRAY_SIZE(tasks); i++) {
		tasks[i] = kthread_run_on_cpu(race, NULL, i, "stackid_racy/%u");
		if (IS_ERR(tasks[i])) {
			stop();
			return PTR_ERR(tasks[i]);
		}
	}
	return 0;
}

static void __exit stackid_racy_exit(void)
{
	stop();
}

module_init(stackid_racy_init);
module_exit(stackid_racy_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A data race for KCSAN to find");
