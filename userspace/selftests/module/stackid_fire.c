// SPDX-License-Identifier: GPL-2.0
/*
 * Hits whose stacks are known, from each context of each CPU at once.
 *
 * A shot is a number, the stack, and a context.  It climbs a tree of calls: each bit
 * of the number, from the lowest, says whether fire_left() or fire_right() is called
 * next, so that a stack tells its number to whoever reads it.  At its end a shot
 * hits the tracepoint stackid_fire:stackid_fire, or the kprobe at the place in
 * fire_int3() that the parameter "int3_at" tells, with the number and the context
 * (<< 32) as argument 1.  All contexts and CPUs draw from the same few numbers.
 *
 * What is written to the parameter "probe", FUNCTION or FUNCTION+OFFSET, is probed by
 * this module, and each hit of that is one of the tracepoint, with the argument 0.
 *
 * The reference: debugfs stackid_fire/fired counts the shots, by context and number,
 * and by CPU.
 */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <asm/local.h>
#ifdef CONFIG_X86
#include <asm/apic.h>
#include <asm/nmi.h>
#endif

#include "pinned_timer.h"

#define CREATE_TRACE_POINTS
#include "stackid_fire_trace.h"

/* From the task's arming of it: it comes in the middle of one of the next shots. */
#define TIMER_NS	50000

enum context { TASK, SOFTIRQ, IRQ_WORK, HRTIMER, INT3, NMI, NR_CONTEXTS };

static const char *const names[NR_CONTEXTS] = {
	"task", "softirq", "irq_work", "hrtimer", "int3", "nmi",
};

static unsigned int stacks = 256;
module_param(stacks, uint, 0444);
MODULE_PARM_DESC(stacks, "From how many stacks each context draws, 2 to 65536 (default 256)");

static unsigned int seed = 1;
module_param(seed, uint, 0444);
MODULE_PARM_DESC(seed, "Of what is drawn");

static char *contexts = "task,softirq,irq_work,hrtimer,int3,nmi";
module_param(contexts, charp, 0444);
MODULE_PARM_DESC(contexts, "Which of task,softirq,irq_work,hrtimer,int3,nmi fire (default all)");

static char *cpus = "";
module_param(cpus, charp, 0444);
MODULE_PARM_DESC(cpus, "List of CPUs that fire (default all)");

/**
 * struct gun - one CPU's
 * @task:     fires in task context, and what raises the others
 * @tasklet:  fires in a softirq
 * @irq_work: fires in a hard interrupt
 * @timer:    fires in a timer's
 * @rnd:      one of each context, because they interrupt each other
 * @fired:    shots, in any context of this CPU
 */
struct gun {
	struct task_struct *task;
	struct tasklet_struct tasklet;
	struct irq_work irq_work;
	struct hrtimer timer;
	struct rnd_state rnd[NR_CONTEXTS];
	local_t fired;
};

static DEFINE_PER_CPU(struct gun, guns);
static atomic_t *fired[NR_CONTEXTS];
static bool fires[NR_CONTEXTS];
static cpumask_t firing_cpus;
static unsigned int depth;
/* Read by each shot, so that none is counted after stop(). */
static bool running;
/* One start or stop at a time. */
static DEFINE_MUTEX(lock);

/* Of shots that have begun, so that each is counted where it hits. */
static void count(u64 shot)
{
	atomic_inc(&fired[shot >> 32][(u32)shot]);
	local_inc(&this_cpu_ptr(&guns)->fired);
}

/*
 * For the kprobes: at the first instruction, behind what is ftrace's, the argument is
 * where a function's first one is.
 */
static noinline __noclone void fire_int3(u64 shot)
{
	asm volatile("nop" : : "r" (shot));
}

static int int3_handler(struct kprobe *unused, struct pt_regs *regs)
{
	count(regs_get_kernel_argument(regs, 0));
	return 0;
}
NOKPROBE_SYMBOL(int3_handler);

static void post_handler(struct kprobe *unused, struct pt_regs *regs,
			 unsigned long flags)
{
}
NOKPROBE_SYMBOL(post_handler);

/* It counts the hits; a kprobe with a post_handler is never made a jump. */
static struct kprobe int3 = {
	.symbol_name = "stackid_fire:fire_int3",
	.pre_handler = int3_handler,
	.post_handler = post_handler,
};

static char int3_at[32];
module_param_string(int3_at, int3_at, sizeof(int3_at), 0444);
MODULE_PARM_DESC(int3_at, "Where int3 hits; not to be set");

/* How long what belongs to ftrace is differs between kernels and architectures. */
static int register_int3(void)
{
	static const unsigned int offsets[] = { 5, 9, 8, 12 };
	unsigned int i;
	int ret = -EINVAL;

	for (i = 0; ret && i < ARRAY_SIZE(offsets); i++) {
		int3.offset = offsets[i];
		int3.addr = NULL;
		int3.flags = 0;
		ret = register_kprobe(&int3);
	}
	snprintf(int3_at, sizeof(int3_at), "stackid_fire:fire_int3+%u", int3.offset);
	return ret;
}

static int hit_tracepoint(struct kprobe *unused, struct pt_regs *regs)
{
	trace_stackid_fire(0);
	return 0;
}
NOKPROBE_SYMBOL(hit_tracepoint);

static char probed[KSYM_NAME_LEN];
static struct kprobe probe;

static void end_probe(void)
{
	if (probed[0])
		unregister_kprobe(&probe);
	probed[0] = '\0';
}

static int set_probe(const char *text, const struct kernel_param *kp)
{
	unsigned int offset = 0;
	int ret = 0;
	char *plus;

	mutex_lock(&lock);
	end_probe();
	strscpy(probed, text, sizeof(probed));
	strim(probed);
	plus = strchr(probed, '+');
	if (plus) {
		*plus++ = '\0';
		ret = kstrtouint(plus, 0, &offset);
	}
	probe = (struct kprobe) {
		.symbol_name = probed,
		.offset = offset,
		.pre_handler = hit_tracepoint,
	};
	if (!ret && probed[0])
		ret = register_kprobe(&probe);
	if (ret)
		probed[0] = '\0';
	mutex_unlock(&lock);
	return ret;
}

static const struct kernel_param_ops probe_ops = { .set = set_probe };

module_param_cb(probe, &probe_ops, NULL, 0200);
MODULE_PARM_DESC(probe, "Where each hit is one of the tracepoint; empty for nowhere");

static void fire_left(u32 rest, unsigned int left, u64 shot);
static void fire_right(u32 rest, unsigned int left, u64 shot);

static __always_inline void climb(u32 rest, unsigned int left, u64 shot)
{
	if (!left) {
		if (shot >> 32 == INT3) {
			fire_int3(shot);
		} else {
			count(shot);
			trace_stackid_fire(shot);
		}
	} else if (rest & 1) {
		fire_right(rest >> 1, left - 1, shot);
	} else {
		fire_left(rest >> 1, left - 1, shot);
	}
	/* No tail call. */
	barrier();
}

/* The comments keep the compiler from making one function of both. */
static noinline __noclone void fire_left(u32 rest, unsigned int left, u64 shot)
{
	asm volatile("# left");
	climb(rest, left, shot);
}

static noinline __noclone void fire_right(u32 rest, unsigned int left, u64 shot)
{
	asm volatile("# right");
	climb(rest, left, shot);
}

static void fire(enum context context)
{
	u32 number;

	/* Also for stop(), and so that count() and the hit are of one CPU. */
	preempt_disable_notrace();
	if (fires[context] && READ_ONCE(running)) {
		number = prandom_u32_state(&this_cpu_ptr(&guns)->rnd[context]);
		number %= stacks;
		climb(number, depth, (u64)context << 32 | number);
	}
	preempt_enable_notrace();
}

/* A breakpoint, with interrupts off: its random numbers are not shared. */
static void fire_breakpoint(void)
{
	unsigned long flags;

	local_irq_save(flags);
	fire(INT3);
	local_irq_restore(flags);
}

static void fire_softirq(struct tasklet_struct *unused)
{
	fire(SOFTIRQ);
	fire_breakpoint();
}

static void fire_irq_work(struct irq_work *unused)
{
	fire(IRQ_WORK);
}

static enum hrtimer_restart fire_timer(struct hrtimer *timer)
{
	struct gun *gun = container_of(timer, struct gun, timer);

	fire(HRTIMER);
	fire_breakpoint();
	if (fires[IRQ_WORK])
		irq_work_queue(&gun->irq_work);
	if (fires[SOFTIRQ])
		tasklet_schedule(&gun->tasklet);
	return HRTIMER_NORESTART;
}

#ifdef CONFIG_X86
/* Sent or by the machine's monitor. */
static int fire_nmi(unsigned int type, struct pt_regs *regs)
{
	fire(NMI);
	return NMI_HANDLED;
}

static void send_nmi(unsigned int cpu)
{
	u32 apic_id = per_cpu(x86_cpu_to_apicid, cpu);
	unsigned long flags;

	/* In two steps, and the kernel's own IPIs in interrupts take the same. */
	local_irq_save(flags);
	if (x2apic_enabled()) {
		wrmsr(APIC_BASE_MSR + (APIC_ICR >> 4), APIC_DM_NMI, apic_id);
	} else {
		while (native_apic_mem_read(APIC_ICR) & APIC_ICR_BUSY)
			cpu_relax();
		native_apic_mem_write(APIC_ICR2, apic_id << 24);
		native_apic_mem_write(APIC_ICR, APIC_DM_NMI);
	}
	local_irq_restore(flags);
}

static int claim_nmis(void)
{
	return register_nmi_handler(NMI_LOCAL, fire_nmi, 0, "stackid_fire");
}

static void unclaim_nmis(void)
{
	unregister_nmi_handler(NMI_LOCAL, "stackid_fire");
}
#else
static void send_nmi(unsigned int cpu)
{
}

static int claim_nmis(void)
{
	return 0;
}

static void unclaim_nmis(void)
{
}
#endif

static int fire_task(void *data)
{
	struct gun *gun = data;
	struct rnd_state *rnd = &gun->rnd[TASK];
	unsigned int i;

	for (i = 0; !kthread_should_stop(); i++) {
		fire(TASK);
		fire_breakpoint();
		if (fires[IRQ_WORK])
			irq_work_queue(&gun->irq_work);
		/*
		 * Not by itself: on a slow emulator a CPU would do nothing else,
		 * and no grace period would ever end.
		 */
		if ((fires[HRTIMER] || fires[SOFTIRQ]) &&
		    !hrtimer_active(&gun->timer))
			hrtimer_start(&gun->timer, ns_to_ktime(TIMER_NS),
				      HRTIMER_MODE_REL_PINNED_HARD);
		if (fires[NMI] && i % 2 == 0) {
			unsigned int to = cpumask_any_and_distribute(&firing_cpus,
								     cpu_online_mask);

			/* Also to itself, in the middle of the next shot. */
			if (to < nr_cpu_ids)
				send_nmi(to);
		}
		cond_resched();
		/* The readers and everybody else. */
		if (i % 64 == 0)
			usleep_range(500, 1000 + prandom_u32_state(rnd) % 2000);
	}
	return 0;
}

static void stop(void)
{
	unsigned int cpu;

	WRITE_ONCE(running, false);
	/* Interrupts and NMIs have preemption off. */
	synchronize_rcu();
	for_each_cpu(cpu, &firing_cpus) {
		struct gun *gun = per_cpu_ptr(&guns, cpu);

		if (!gun->task)
			continue;
		kthread_stop(gun->task);
		gun->task = NULL;
		hrtimer_cancel(&gun->timer);
		irq_work_sync(&gun->irq_work);
		tasklet_kill(&gun->tasklet);
	}
}

static int start(void)
{
	unsigned int cpu;

	WRITE_ONCE(running, true);
	for_each_cpu(cpu, &firing_cpus) {
		struct gun *gun = per_cpu_ptr(&guns, cpu);
		struct task_struct *task;

		if (!cpu_online(cpu))
			continue;
		task = kthread_create_on_cpu(fire_task, gun, cpu,
					     "stackid_fire/%u");
		if (IS_ERR(task)) {
			stop();
			return PTR_ERR(task);
		}
		gun->task = task;
		sched_set_normal(task, 10);
		wake_up_process(task);
	}
	return 0;
}

static int set_run(const char *text, const struct kernel_param *kp)
{
	int ret;
	bool on;

	ret = kstrtobool(text, &on);
	if (ret)
		return ret;
	/* Not before init has been through. */
	if (!fired[0])
		return -EAGAIN;
	mutex_lock(&lock);
	if (on && !running)
		ret = start();
	else if (!on && running)
		stop();
	mutex_unlock(&lock);
	return ret;
}

static int get_run(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%d\n", READ_ONCE(running));
}

static const struct kernel_param_ops run_ops = { .set = set_run, .get = get_run };

module_param_cb(run, &run_ops, NULL, 0600);
MODULE_PARM_DESC(run, "1 starts, 0 stops and waits for the last shot");

static int fired_show(struct seq_file *m, void *unused)
{
	unsigned int cpu, i, j;

	for_each_possible_cpu(cpu)
		seq_printf(m, "cpu %u %lu\n", cpu,
			   local_read(&per_cpu_ptr(&guns, cpu)->fired));
	for (i = 0; i < NR_CONTEXTS; i++)
		for (j = 0; j < stacks; j++)
			seq_printf(m, "shot %s %u %d\n", names[i], j,
				   atomic_read(&fired[i][j]));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(fired);

static struct dentry *dir;

static int parse(void)
{
	char *copy, *rest, *word;
	int ret = 0;

	if (stacks < 2 || stacks > 65536) {
		pr_err("stackid_fire: stacks=%u is out of range, give 2 to 65536\n",
		       stacks);
		return -EINVAL;
	}
	cpumask_copy(&firing_cpus, cpu_online_mask);
	if (*cpus && cpulist_parse(cpus, &firing_cpus)) {
		pr_err("stackid_fire: cpus=%s is no list of CPUs, such as 0,2-3\n", cpus);
		return -EINVAL;
	}
	copy = kstrdup(contexts, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	rest = copy;
	while (!ret && (word = strsep(&rest, ","))) {
		int i = match_string(names, NR_CONTEXTS, word);

		if (i < 0) {
			pr_err("stackid_fire: \"%s\" is no context, give task,softirq,irq_work,hrtimer,int3,nmi\n",
			       word);
			ret = -EINVAL;
		} else {
			fires[i] = true;
		}
	}
	kfree(copy);
	return ret;
}

static void prepare_gun(unsigned int cpu)
{
	struct gun *gun = per_cpu_ptr(&guns, cpu);
	unsigned int i;

	for (i = 0; i < NR_CONTEXTS; i++)
		prandom_seed_state(&gun->rnd[i], (u64)seed << 16 | cpu << 4 | i);
	tasklet_setup(&gun->tasklet, fire_softirq);
	gun->irq_work = IRQ_WORK_INIT_HARD(fire_irq_work);
	set_up_pinned_timer(&gun->timer, fire_timer);
}

static int __init stackid_fire_init(void)
{
	unsigned int cpu, i;
	atomic_t *all;
	int ret;

	ret = parse();
	if (ret)
		return ret;
	depth = max(ilog2(roundup_pow_of_two(stacks)), 1);
	all = vzalloc(array3_size(NR_CONTEXTS, stacks, sizeof(*all)));
	if (!all)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		prepare_gun(cpu);
	for (i = NR_CONTEXTS; i--;)
		fired[i] = all + i * stacks;
	ret = register_int3();
	if (ret)
		goto err_free;
	ret = claim_nmis();
	if (ret)
		goto err_kprobe;
	dir = debugfs_create_dir("stackid_fire", NULL);
	debugfs_create_file("fired", 0400, dir, NULL, &fired_fops);
	return 0;

err_kprobe:
	unregister_kprobe(&int3);
err_free:
	vfree(all);
	return ret;
}

static void __exit stackid_fire_exit(void)
{
	end_probe();
	stop();
	debugfs_remove(dir);
	unclaim_nmis();
	unregister_kprobe(&int3);
	vfree(fired[0]);
}

module_init(stackid_fire_init);
module_exit(stackid_fire_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Hits with known stacks from every context, for stackid's tests");
