// SPDX-License-Identifier: GPL-2.0
/*
 * Lets one allocation or one copy from or to user space fail, of the task that
 * asks for it: "echo N > nth" in /sys/module/stackid_faults/parameters, and the
 * Nth from then on does; reading it says how many would be needed yet.
 *
 * As the kernel's own /proc/self/fail-nth, but on kernels that were built
 * without, and with per-CPU memory, which that leaves out.
 */
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/preempt.h>
#include <linux/ptrace.h>
#include <linux/sched.h>

enum kind { SLAB, PAGES, PERCPU, COPY, NR_KINDS };

/**
 * struct place - a function that is made to fail
 * @symbol:  kernels have some of them
 * @kind:    one of each has to be there
 * @flags:   number of its argument that has the gfp flags, or -1
 * @result:  what it returns when it fails; for a copy the argument 2, as nothing
 *           was copied
 * @kprobe:  on it
 */
struct place {
	const char *symbol;
	enum kind kind;
	int flags;
	long result;
	struct kprobe kprobe;
};

static struct place places[] = {
	/* Called by all of them, where they are real functions. */
	{ "should_failslab", SLAB, 1, -ENOMEM },
	{ "should_fail_alloc_page", PAGES, 0, true },
	{ "__kmalloc_noprof", SLAB, 1 },
	{ "__kmalloc_node_noprof", SLAB, 2 },
	{ "__kmalloc_node_track_caller_noprof", SLAB, 2 },
	{ "__kmalloc_cache_noprof", SLAB, 1 },
	{ "__kmalloc_cache_node_noprof", SLAB, 1 },
	{ "kmem_cache_alloc_noprof", SLAB, 1 },
	{ "kmem_cache_alloc_node_noprof", SLAB, 1 },
	{ "kmem_cache_alloc_lru_noprof", SLAB, 2 },
	{ "__alloc_pages_noprof", PAGES, 0 },
	{ "alloc_pages_bulk_noprof", PAGES, 0 },
	{ "pcpu_alloc", PERCPU, 3 },
	{ "pcpu_alloc_noprof", PERCPU, 3 },
	{ "_copy_from_user", COPY, -1 },
	{ "_copy_to_user", COPY, -1 },
};

static struct task_struct *task;
static unsigned int left;

/* Returns what the function was made to return. */
static noinline notrace void just_return(void)
{
	asm volatile("");
}

NOKPROBE_SYMBOL(just_return);

static int pre_handler(struct kprobe *kprobe, struct pt_regs *regs)
{
	struct place *place = container_of(kprobe, struct place, kprobe);
	long result = place->result;

	if (!in_task() || READ_ONCE(task) != current || !left)
		return 0;
	if (place->flags >= 0 &&
	    regs_get_kernel_argument(regs, place->flags) & __GFP_NOFAIL)
		return 0;
	if (--left)
		return 0;
	if (place->kind == COPY)
		result = regs_get_kernel_argument(regs, 2);
	regs_set_return_value(regs, result);
	instruction_pointer_set(regs, (unsigned long)just_return);
	return 1;
}

NOKPROBE_SYMBOL(pre_handler);

static int set_nth(const char *text, const struct kernel_param *unused)
{
	unsigned int nth;
	int ret = kstrtouint(text, 0, &nth);

	if (ret)
		return ret;
	WRITE_ONCE(task, NULL);
	left = nth;
	WRITE_ONCE(task, current);
	return 0;
}

/* To ask shall not be what fails. */
static int get_nth(char *buffer, const struct kernel_param *unused)
{
	WRITE_ONCE(task, NULL);
	return sprintf(buffer, "%u\n", left);
}

static const struct kernel_param_ops nth_ops = {
	.set = set_nth, .get = get_nth,
};

module_param_cb(nth, &nth_ops, NULL, 0600);
MODULE_PARM_DESC(nth, "Number of the allocation that fails next of those that the writer asks for");

static void remove_probes(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(places); i++)
		if (places[i].kprobe.addr)
			unregister_kprobe(&places[i].kprobe);
}

static int __init stackid_faults_init(void)
{
	unsigned int found[NR_KINDS] = { }, i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		struct place *place = &places[i];

		place->kprobe.symbol_name = place->symbol;
		place->kprobe.pre_handler = pre_handler;
		if (register_kprobe(&place->kprobe))
			place->kprobe.addr = NULL;
		else
			found[place->kind]++;
	}
	if (found[SLAB] && found[PAGES] && found[PERCPU])
		return 0;
	pr_err("stackid_faults: there are %u of slab's functions, %u of the pages', %u of per-CPU memory's\n",
	       found[SLAB], found[PAGES], found[PERCPU]);
	remove_probes();
	return -ENOENT;
}

static void __exit stackid_faults_exit(void)
{
	remove_probes();
}

module_init(stackid_faults_init);
module_exit(stackid_faults_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Faults one by one, for the tests");
