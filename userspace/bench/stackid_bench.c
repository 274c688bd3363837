// SPDX-License-Identifier: GPL-2.0
/*
 * What a stack costs inside the kernel: lookup, insert and memory of a table of
 * stackid, and of stackdepot beside it, with the same stacks.
 *
 * It measures while it is being loaded and writes lines "stackid_bench: TOOL
 * METRIC VALUE UNIT" to the kernel log.  Meant for a machine with one CPU on
 * which an instruction takes a nanosecond (vm/run --icount).  What it puts into
 * stackdepot stays there: that forgets nothing.
 */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/stackdepot.h>
#include <linux/stacktrace.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

#include <stackid.h>

#define MAX_FRAMES	32
/* Stacks looked up between two readings of the clock. */
#define BATCH		32
#define NR_BATCHES	64

/* Of every depth; the largest is what a table is made for. */
static const unsigned int sizes[] = { 1000, 64000, 1000000 };
static const unsigned int depths[] = { 8, 16, 32 };

/* stackdepot ends at 128 MiB: this is what it can hold of all depths. */
#define DEPOT_MAX_SIZE	64000

/* Frames and stacks for measuring memory. */
#define MEMORY_FRAMES	20
#define MEMORY_STACKS	200000

/**
 * struct bench - what is there while it measures
 * @table:   of stackid, or NULL for stackdepot
 * @depth:   frames of its stacks
 * @nr:      stacks numbered [0, @nr) are in it
 * @entries: of a batch
 */
struct bench {
	struct stackid_table *table;
	unsigned int depth;
	unsigned int nr;
	unsigned long entries[BATCH][MAX_FRAMES];
};

#define tell(tool, metric, value, unit, ...)				\
	pr_info("stackid_bench: %s " metric " %llu %s\n", tool,		\
		##__VA_ARGS__, (unsigned long long)(value), unit)

static const char *tool(const struct bench *bench)
{
	return bench->table ? "stackid" : "stackdepot";
}

/* Return addresses as the kernel's are, and always the same. */
static void fill(unsigned long *entries, unsigned int depth, u64 number)
{
	u64 x = number * 0x9e3779b97f4a7c15ULL + depth;
	unsigned int i;

	for (i = 0; i < depth; i++) {
		x = x * 6364136223846793005ULL + 1442695040888963407ULL;
		entries[i] = 0xffffffff81000000UL + (x >> 40);
	}
}

static u32 find(struct bench *bench, unsigned int i)
{
	if (bench->table)
		return stackid_find(bench->table, bench->entries[i],
				    bench->depth, NULL);
	return stack_depot_save(bench->entries[i], bench->depth, GFP_KERNEL);
}

static u32 save(struct bench *bench, unsigned int i)
{
	if (bench->table)
		return stackid_save(bench->table, bench->entries[i],
				    bench->depth, NULL);
	return stack_depot_save(bench->entries[i], bench->depth, GFP_KERNEL);
}

/* What two readings of the clock cost by themselves. */
static u64 clock_cost(void)
{
	u64 start = ktime_get_ns();

	return ktime_get_ns() - start;
}

/* @hit: find or save; inlined, so that no indirect call is measured with it. */
static __always_inline int measure_hit(struct bench *bench,
				       u32 (*hit)(struct bench *bench,
						  unsigned int i),
				       u64 *cost)
{
	unsigned int step = bench->nr / (BATCH * NR_BATCHES) ?: 1;
	unsigned long flags;
	unsigned int batch, i;
	unsigned int missing = 0;
	u64 number = 0;
	u64 spent = 0;
	u64 start;

	for (batch = 0; batch < NR_BATCHES; batch++) {
		for (i = 0; i < BATCH; i++, number += step)
			fill(bench->entries[i], bench->depth,
			     number % bench->nr);
		local_irq_save(flags);
		start = ktime_get_ns();
		for (i = 0; i < BATCH; i++)
			missing += !hit(bench, i);
		spent += ktime_get_ns() - start - clock_cost();
		local_irq_restore(flags);
		cond_resched();
	}
	*cost = spent / (BATCH * NR_BATCHES);
	if (!missing)
		return 0;
	pr_err("stackid_bench: %s has lost %u stacks of %u frames\n",
	       tool(bench), missing, bench->depth);
	return -EIO;
}

/* What was refused because the worker is behind is tried again. */
static int save_patiently(struct bench *bench, unsigned int i)
{
	unsigned int tries;

	for (tries = 0; tries < 1000; tries++) {
		if (save(bench, i))
			return 0;
		schedule_timeout_uninterruptible(1);
	}
	pr_err("stackid_bench: %s does not take stack %u of %u frames\n",
	       tool(bench), bench->nr + i, bench->depth);
	return -ENOSPC;
}

/*
 * *cost: of a stack that needed no second try, interrupts being on because they
 * do the inserting.
 */
static int grow(struct bench *bench, unsigned int nr, u64 *cost)
{
	unsigned int inserted = 0;
	u64 spent = 0;
	u64 start;

	while (bench->nr < nr) {
		unsigned int todo = min_t(unsigned int, BATCH, nr - bench->nr);
		unsigned int refused = 0;
		unsigned int i;
		int ret;

		for (i = 0; i < todo; i++)
			fill(bench->entries[i], bench->depth, bench->nr + i);
		start = ktime_get_ns();
		for (i = 0; i < todo; i++)
			refused += !save(bench, i);
		start = ktime_get_ns() - start;
		if (!refused) {
			inserted += todo;
			spent += start;
		}
		for (i = 0; refused && i < todo; i++) {
			ret = save_patiently(bench, i);
			if (ret)
				return ret;
		}
		bench->nr += todo;
		cond_resched();
	}
	if (cost)
		*cost = inserted ? spent / inserted : 0;
	return 0;
}

static int measure_sizes(struct bench *bench, unsigned int max_size)
{
	unsigned int i;
	u64 cost;
	int ret;

	for (i = 0; i < ARRAY_SIZE(sizes) && sizes[i] <= max_size; i++) {
		ret = grow(bench, sizes[i], &cost);
		if (ret)
			return ret;
		tell(tool(bench), "insert_%u_frames_%u_stacks", cost,
		     "instructions", bench->depth, sizes[i]);
		ret = measure_hit(bench, find, &cost);
		if (ret)
			return ret;
		tell(tool(bench), "hit_%u_frames_%u_stacks", cost,
		     "instructions", bench->depth, sizes[i]);
		if (!bench->table)
			continue;	/* its find is its save */
		ret = measure_hit(bench, save, &cost);
		if (ret)
			return ret;
		tell(tool(bench), "save_hit_%u_frames_%u_stacks", cost,
		     "instructions", bench->depth, sizes[i]);
	}
	return 0;
}

static u64 free_bytes(void)
{
	struct sysinfo info;

	si_meminfo(&info);
	return (u64)info.freeram * info.mem_unit;
}

static int make_table(struct bench *bench, unsigned int max_stacks)
{
	bench->table = stackid_table_create(max_stacks, 1024);
	if (!IS_ERR(bench->table))
		return 0;
	pr_err("stackid_bench: no table for %u stacks: %ld\n", max_stacks,
	       PTR_ERR(bench->table));
	return PTR_ERR(bench->table);
}

static int bench_stackid(struct bench *bench)
{
	unsigned int i;
	u64 before;
	int ret;

	for (i = 0; i < ARRAY_SIZE(depths); i++) {
		ret = make_table(bench, sizes[ARRAY_SIZE(sizes) - 1]);
		if (ret)
			return ret;
		bench->depth = depths[i];
		bench->nr = 0;
		ret = measure_sizes(bench, UINT_MAX);
		stackid_table_destroy(bench->table);
		if (ret)
			return ret;
	}

	/* All that the table takes, whoever allocated it. */
	before = free_bytes();
	ret = make_table(bench, MEMORY_STACKS);
	if (ret)
		return ret;
	bench->depth = MEMORY_FRAMES;
	bench->nr = 0;
	ret = grow(bench, MEMORY_STACKS, NULL);
	if (!ret)
		tell("stackid", "memory_%u_frames",
		     (before - free_bytes()) / MEMORY_STACKS, "bytes",
		     MEMORY_FRAMES);
	stackid_table_destroy(bench->table);
	return ret;
}

static int bench_depot(struct bench *bench)
{
	unsigned int i;
	u64 before;
	int ret;

	bench->table = NULL;
	ret = stack_depot_init();
	if (ret)
		return ret;
	for (i = 0; i < ARRAY_SIZE(depths); i++) {
		bench->depth = depths[i];
		bench->nr = 0;
		ret = measure_sizes(bench, DEPOT_MAX_SIZE);
		if (ret)
			return ret;
	}

	/* Its hash table is not counted: that was made before. */
	before = free_bytes();
	bench->depth = MEMORY_FRAMES;
	bench->nr = 0;
	ret = grow(bench, MEMORY_STACKS, NULL);
	if (!ret)
		tell("stackdepot", "memory_%u_frames",
		     (before - free_bytes()) / MEMORY_STACKS, "bytes",
		     MEMORY_FRAMES);
	return ret;
}

static noinline u32 capture_stackid(void)
{
	return stackid_save_current(NULL, 0, NULL);
}

static noinline u32 capture_depot(void)
{
	unsigned long entries[MAX_FRAMES];
	unsigned int nr;

	nr = stack_trace_save(entries, ARRAY_SIZE(entries), 0);
	return stack_depot_save(entries, nr, GFP_KERNEL);
}

/*
 * The stack of a kernel worker, walk included.  The first round has it inserted
 * and shows the walker the way; the last one counts.  All of them make their
 * calls from the same place, which is part of the stack.
 */
static noinline int bench_capture(const char *name, u32 (*capture)(void))
{
	unsigned int round, i;
	unsigned long flags;
	u64 spent = 0;
	u32 id = 0;

	for (round = 0; round < 4; round++) {
		local_irq_save(flags);
		spent = ktime_get_ns();
		for (i = 0; i < BATCH; i++)
			id = capture();
		spent = ktime_get_ns() - spent - clock_cost();
		local_irq_restore(flags);
	}
	if (!id) {
		pr_err("stackid_bench: %s gave the current stack no id\n",
		       name);
		return -EIO;
	}
	tell(name, "save_current", spent / BATCH, "instructions");
	return 0;
}

struct capture_work {
	struct work_struct work;
	int ret;
};

static void bench_captures(struct work_struct *work)
{
	struct capture_work *captures =
		container_of(work, struct capture_work, work);
	unsigned long entries[MAX_FRAMES];

	/* The function that captures and the one that has it done come on top. */
	tell("stackid", "save_current_frames",
	     stack_trace_save(entries, ARRAY_SIZE(entries), 0) + 2, "count");
	captures->ret = bench_capture("stackid", capture_stackid);
	if (!captures->ret)
		captures->ret = bench_capture("stackdepot", capture_depot);
}

/*
 * Where a worker is, not here: init text goes away, so that stackid's walker
 * does not remember it.
 */
static int run_captures(void)
{
	struct capture_work captures;

	INIT_WORK_ONSTACK(&captures.work, bench_captures);
	schedule_work(&captures.work);
	flush_work(&captures.work);
	destroy_work_on_stack(&captures.work);
	return captures.ret;
}

static int __init stackid_bench_init(void)
{
	struct bench *bench = kzalloc(sizeof(*bench), GFP_KERNEL);
	int ret;

	if (!bench)
		return -ENOMEM;
	ret = bench_stackid(bench);
	if (!ret)
		ret = bench_depot(bench);
	if (!ret)
		ret = run_captures();
	kfree(bench);
	return ret;
}

static void __exit stackid_bench_exit(void)
{
}

module_init(stackid_bench_init);
module_exit(stackid_bench_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("What stackid and stackdepot cost inside the kernel");
