// SPDX-License-Identifier: GPL-2.0
/*
 * A user of the API for the tests: it saves made-up stacks wherever it is told
 * to, and looks after each save whether the id stands for that stack.
 *
 * What it is told is a line written to its parameter "do":
 *
 *	save CONTEXT NR DEPTH	NR new stacks of DEPTH frames, from CONTEXT: task,
 *				softirq, hardirq, off (a task, interrupts off)
 *	fill NR DEPTH		NR new stacks of the table of debugfs, with interrupts off
 *				all the while, so that one irq_work has to insert them
 *	probe FUNCTION NR	NR new stacks from a kprobe on FUNCTION, where it
 *				is called in a hard interrupt
 *	contention NR		likewise from the tracepoint contention_end
 *	interrupt FUNCTION	one save; where it first calls FUNCTION a hard
 *				interrupt comes and calls saver_leaf by 256 ways
 *	background MS		some saves from each context every MS milliseconds
 *	reset			its own table's
 *	table NR		another table: made, NR stacks saved, reset, as many
 *				saved, and destroyed
 *	quiet			end the probe, the tracepoint and the background
 *
 * Everything is saved to the table that debugfs shows and to one of its own.
 */
#include <linux/err.h>
#include <linux/hash.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <linux/workqueue.h>

#include <stackid.h>

#define TREE_DEPTH	8
/* How many stacks the background takes turns with. */
#define FAMILIAR	256

static struct stackid_table *own_table;
/* One "do" at a time. */
static DEFINE_MUTEX(lock);
static atomic_t serial = ATOMIC_INIT(FAMILIAR);

static atomic_t saves = ATOMIC_INIT(0);
static atomic_t ids = ATOMIC_INIT(0);
static atomic_t wrong = ATOMIC_INIT(0);
static atomic_t interrupted = ATOMIC_INIT(0);

static int get_atomic(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%d\n", atomic_read(kp->arg));
}

static const struct kernel_param_ops counter_ops = { .get = get_atomic };

module_param_cb(saves, &counter_ops, &saves, 0444);
MODULE_PARM_DESC(saves, "Calls of stackid_save() so far");
module_param_cb(ids, &counter_ops, &ids, 0444);
MODULE_PARM_DESC(ids, "How many of them gave an id");
module_param_cb(wrong, &counter_ops, &wrong, 0444);
MODULE_PARM_DESC(wrong, "How many ids stood for another stack");
module_param_cb(interrupted, &counter_ops, &interrupted, 0444);
MODULE_PARM_DESC(interrupted, "How many saves were interrupted as \"interrupt\" says");

static unsigned long frame(unsigned int number, unsigned int i)
{
	unsigned long base = (unsigned long)kfree;

	if (i == 0)
		return base + (number & 0xffff);
	if (i == 1)
		return base + (number >> 16);
	return base + i;
}

/* Any context. */
static void save(struct stackid_table *table, unsigned int number,
		 unsigned int depth)
{
	unsigned long entries[32];
	unsigned int i;
	u64 generation;
	int got;
	u32 id;

	depth = clamp(depth, 2U, (unsigned int)ARRAY_SIZE(entries));
	for (i = 0; i < depth; i++)
		entries[i] = frame(number, i);
	atomic_inc(&saves);
	id = stackid_save(table, entries, depth, &generation);
	if (!id)
		return;
	atomic_inc(&ids);
	memset(entries, 0, sizeof(entries));
	got = stackid_fetch(table, generation, id, entries,
			    ARRAY_SIZE(entries));
	if (got == -ESTALE)
		return;
	for (i = 0; i < depth && got == depth; i++)
		if (entries[i] != frame(number, i))
			got = 0;
	if (got != depth)
		atomic_inc(&wrong);
}

static void save_to_both(unsigned int number, unsigned int depth)
{
	save(NULL, number, depth);
	save(own_table, number, depth);
}

/* Contexts */

/* What to do there; one at a time, under the lock. */
static void (*errand)(void);
static unsigned int errand_nr, errand_depth;

static void do_tasklet(struct tasklet_struct *unused)
{
	errand();
}

static DECLARE_TASKLET(tasklet, do_tasklet);

static void do_irq_work(struct irq_work *unused)
{
	errand();
}

static struct irq_work hardirq = IRQ_WORK_INIT_HARD(do_irq_work);

static int do_in(const char *context, void (*what)(void))
{
	unsigned long flags;

	errand = what;
	if (!strcmp(context, "task")) {
		what();
	} else if (!strcmp(context, "off")) {
		local_irq_save(flags);
		what();
		local_irq_restore(flags);
	} else if (!strcmp(context, "softirq")) {
		tasklet_schedule(&tasklet);
		tasklet_kill(&tasklet);
	} else if (!strcmp(context, "hardirq")) {
		irq_work_queue(&hardirq);
		irq_work_sync(&hardirq);
	} else {
		return -EINVAL;
	}
	return 0;
}

static void save_new(void)
{
	unsigned int i;

	for (i = 0; i < errand_nr; i++)
		save_to_both(atomic_inc_return(&serial), errand_depth);
}

/* In small portions: interrupts shall not be off for long. */
static int do_save(const char *context, unsigned int nr, unsigned int depth)
{
	int ret = 0;

	errand_depth = depth;
	for (; nr && !ret; nr -= errand_nr) {
		errand_nr = min(nr, 16U);
		ret = do_in(context, save_new);
		cond_resched();
	}
	return ret;
}

static void do_fill(unsigned int nr, unsigned int depth)
{
	unsigned long flags;

	local_irq_save(flags);
	for (; nr; nr--)
		save(NULL, atomic_inc_return(&serial), depth);
	local_irq_restore(flags);
}

/* Probes */

static atomic_t left = ATOMIC_INIT(0);

static void hit_in_hardirq(void)
{
	if (in_hardirq() && atomic_dec_if_positive(&left) >= 0)
		save_to_both(atomic_inc_return(&serial), 8);
}

static int pre_handler(struct kprobe *unused, struct pt_regs *regs)
{
	hit_in_hardirq();
	return 0;
}

NOKPROBE_SYMBOL(pre_handler);

static char probed[KSYM_NAME_LEN];
static struct kprobe probe;
static bool probing;

static int do_probe(const char *function, unsigned int nr,
		    kprobe_pre_handler_t handler)
{
	int ret;

	if (probing)
		return -EBUSY;
	strscpy(probed, function, sizeof(probed));
	probe = (struct kprobe) {
		.symbol_name = probed, .pre_handler = handler,
	};
	atomic_set(&left, nr);
	ret = register_kprobe(&probe);
	probing = !ret;
	return ret;
}

static void end_probe(void)
{
	if (probing)
		unregister_kprobe(&probe);
	probing = false;
}

static struct tracepoint *contention_end;

static void hit_contention(void *data, void *contended, int ret)
{
	hit_in_hardirq();
}

static void find_contention_end(struct tracepoint *tp, void *found)
{
	if (!strcmp(tp->name, "contention_end"))
		*(struct tracepoint **)found = tp;
}

static int do_contention(unsigned int nr)
{
	struct tracepoint *tp = NULL;
	int ret;

	if (contention_end)
		return -EBUSY;
	for_each_kernel_tracepoint(find_contention_end, &tp);
	if (!tp)
		return -ENOENT;
	atomic_set(&left, nr);
	ret = tracepoint_probe_register(tp, hit_contention, NULL);
	if (!ret)
		contention_end = tp;
	return ret;
}

static void end_contention(void)
{
	if (!contention_end)
		return;
	tracepoint_probe_unregister(contention_end, hit_contention, NULL);
	tracepoint_synchronize_unregister();
	contention_end = NULL;
}

/* A save that is interrupted */

static struct task_struct *to_interrupt;

/* For an event of stackid's: a kprobe on it. */
static noinline void saver_leaf(void)
{
	asm volatile("");
}

/* The two calls return to two places, so that each leaf has a stack of its own. */
static noinline void branch(unsigned int depth)
{
	if (!depth) {
		saver_leaf();
	} else {
		branch(depth - 1);
		asm volatile("");
		branch(depth - 1);
	}
	asm volatile("");
}

static void climb(struct irq_work *unused)
{
	if (READ_ONCE(to_interrupt) == current)
		atomic_inc(&interrupted);
	branch(TREE_DEPTH);
}

static struct irq_work interrupt = IRQ_WORK_INIT_HARD(climb);
static bool interrupt_sent;

/* It comes when the breakpoint has returned to where it hit. */
static int send_interrupt(struct kprobe *unused, struct pt_regs *regs)
{
	if (READ_ONCE(to_interrupt) == current && !interrupt_sent) {
		interrupt_sent = true;
		irq_work_queue(&interrupt);
	}
	return 0;
}

NOKPROBE_SYMBOL(send_interrupt);

static int do_interrupt(const char *function)
{
	int ret = do_probe(function, 0, send_interrupt);

	if (ret)
		return ret;
	interrupt_sent = false;
	WRITE_ONCE(to_interrupt, current);
	/* Of more frames than a leaf, so that it finds no room where they do not. */
	save(NULL, atomic_inc_return(&serial), 32);
	WRITE_ONCE(to_interrupt, NULL);
	irq_work_sync(&interrupt);
	end_probe();
	return 0;
}

/* Background */

static unsigned int interval;
static void work_in_background(struct work_struct *unused);
static DECLARE_DELAYED_WORK(background, work_in_background);

/* Old and new ones, and where this is called from. */
static atomic_t drawn;

static void save_some(void)
{
	unsigned int i;
	u64 generation;

	/* On PREEMPT_RT the kernel's random numbers are behind a lock that sleeps. */
	for (i = 0; i < 4; i++)
		save_to_both(hash_32(atomic_inc_return(&drawn), 32) % FAMILIAR, 12);
	save_to_both(atomic_inc_return(&serial), 12);
	stackid_save_current(NULL, 0, &generation);
	stackid_save_current(own_table, 0, &generation);
}

static void work_in_background(struct work_struct *unused)
{
	static const char *const contexts[] = {
		"task", "off", "softirq", "hardirq",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(contexts); i++)
		do_in(contexts[i], save_some);
	queue_delayed_work(system_unbound_wq, &background,
			   msecs_to_jiffies(interval));
}

static void quiet(void)
{
	cancel_delayed_work_sync(&background);
	interval = 0;
	end_contention();
	end_probe();
}

static int do_table(unsigned int nr)
{
	struct stackid_table *table = stackid_table_create(1024, 1);
	unsigned int i;
	int ret;

	if (IS_ERR(table))
		return PTR_ERR(table);
	for (i = 0; i < nr; i++)
		save(table, atomic_inc_return(&serial), 8);
	ret = stackid_reset(table);
	for (i = 0; i < nr; i++)
		save(table, atomic_inc_return(&serial), 8);
	stackid_table_destroy(table);
	return ret;
}

/* The lock is held. */
static int carry_out(const char *line)
{
	char name[64];
	unsigned int a, b;

	/* The errand is the background's while that works. */
	if (!strncmp(line, "quiet", 5)) {
		quiet();
		return 0;
	}
	if (!strncmp(line, "reset", 5))
		return stackid_reset(own_table);
	if (sscanf(line, "table %u", &a) == 1)
		return do_table(a);
	if (interval)
		return -EBUSY;
	if (sscanf(line, "save %63s %u %u", name, &a, &b) == 3)
		return do_save(name, a, b);
	if (sscanf(line, "fill %u %u", &a, &b) == 2 && a <= 1000) {
		do_fill(a, b);
		return 0;
	}
	if (sscanf(line, "probe %63s %u", name, &a) == 2)
		return do_probe(name, a, pre_handler);
	if (sscanf(line, "contention %u", &a) == 1)
		return do_contention(a);
	if (sscanf(line, "interrupt %63s", name) == 1)
		return do_interrupt(name);
	if (sscanf(line, "background %u", &a) == 1 && a) {
		interval = a;
		queue_delayed_work(system_unbound_wq, &background, 0);
		return 0;
	}
	return -EINVAL;
}

static int set_do(const char *line, const struct kernel_param *kp)
{
	int ret;

	if (!own_table)
		return -EAGAIN;
	mutex_lock(&lock);
	ret = carry_out(line);
	mutex_unlock(&lock);
	return ret;
}

static const struct kernel_param_ops do_ops = { .set = set_do };

module_param_cb(do, &do_ops, NULL, 0200);
MODULE_PARM_DESC(do, "What to do, see the top of stackid_saver.c");

static unsigned int max_stacks = 16384;
module_param(max_stacks, uint, 0444);
MODULE_PARM_DESC(max_stacks, "Bound of its own table (default 16384)");

static int __init stackid_saver_init(void)
{
	struct stackid_table *table;

	table = stackid_table_create(max_stacks, 16);
	if (IS_ERR(table))
		return PTR_ERR(table);
	own_table = table;
	return 0;
}

static void __exit stackid_saver_exit(void)
{
	quiet();
	stackid_table_destroy(own_table);
}

module_init(stackid_saver_init);
module_exit(stackid_saver_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A user of stackid's API, for its tests");
