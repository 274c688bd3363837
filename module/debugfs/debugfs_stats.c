// SPDX-License-Identifier: GPL-2.0
/* debugfs: stats and per_cpu/cpuN/stats: the ledger, a name and a value a line. */
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>

#include "../recording/event.h"
#include "../recording/recording.h"
#include "../recording/recording_layout.h"
#include "../ring/ring.h"
#include "../ring/ring_reader.h"
#include "../table/generation.h"
#include "../table/table.h"
#include "../unwind/unwind.h"
#include "debugfs_files.h"

/* In place of a CPU's number. */
#define ALL_CPUS	UINT_MAX

static void show(struct seq_file *m, const char *name, u64 value)
{
	seq_printf(m, "%s %llu\n", name, value);
}

static u64 ledger(const struct recording *rec, unsigned int cpu,
		  enum stackid_ledger which)
{
	u64 sum = 0;

	if (cpu != ALL_CPUS)
		return stackid_recording_ledger(rec, cpu, which);
	for_each_possible_cpu(cpu)
		sum += stackid_recording_ledger(rec, cpu, which);
	return sum;
}

static u64 table_counter(const struct recording *rec, enum table_counter which)
{
	unsigned int cpu;
	u64 sum = 0;

	for_each_possible_cpu(cpu)
		sum += stackid_table_counter(rec->table, cpu, which);
	return sum;
}

static void show_ledger(struct seq_file *m, const struct recording *rec,
			unsigned int cpu)
{
	unsigned int i;

	for (i = 0; i < NR_LEDGER; i++)
		show(m, stackid_ledger_names[i], ledger(rec, cpu, i));
}

/*
 * The counters move while they are read.  Outcomes are read before the requests
 * that they come from, so that what is pending is never less than nothing.
 */
static void show_table(struct seq_file *m, const struct recording *rec)
{
	u64 counters[NR_TABLE_COUNTERS];
	unsigned int i;

	BUILD_BUG_ON(TABLE_REQUESTS);
	for (i = NR_TABLE_COUNTERS; i--; )
		counters[i] = table_counter(rec, i);
	for (i = 0; i < NR_TABLE_COUNTERS; i++)
		show(m, stackid_table_counter_names[i], counters[i]);
	show(m, "pending", counters[TABLE_REQUESTS] -
			   counters[TABLE_INSERTED] -
			   counters[TABLE_FOUND_AGAIN] -
			   counters[TABLE_FULL] -
			   counters[TABLE_NO_MEMORY] -
			   counters[TABLE_STALE]);
}

/* A recalled hit is a fast walk: of a path. */
static void show_unwinder(struct seq_file *m, const struct recording *rec)
{
	u64 recalled = 0;
	unsigned int i, cpu;

	for_each_possible_cpu(cpu)
		recalled += stackid_recording_recalled(rec, cpu);
	for (i = 0; i < NR_UNWIND_OUTCOMES; i++) {
		u64 sum = i == UNWIND_FAST ? recalled : 0;

		for_each_possible_cpu(cpu)
			sum += stackid_unwinder_counter(stackid_unwinder, cpu, i);
		show(m, stackid_unwind_names[i], sum);
	}
	show(m, "unwind_recalled", recalled);
}

static void show_generation(struct seq_file *m, const struct recording *rec)
{
	struct generation *gen = stackid_generation_get(rec->table);

	show(m, "generation", stackid_generation_number(gen));
	show(m, "stacks", stackid_generation_last_id(gen));
	show(m, "max_stacks", stackid_generation_max_stacks(gen));
	show(m, "table_bytes", stackid_generation_memory(gen));
	stackid_generation_put(gen);
}

static void show_rings(struct seq_file *m, struct recording *rec,
		       unsigned int cpu)
{
	unsigned int first = cpu == ALL_CPUS ? 0 : cpu;
	unsigned int last = cpu == ALL_CPUS ? nr_cpu_ids - 1 : cpu;
	u64 bytes = 0, waiting = 0, lost = 0;

	mutex_lock(&rec->rings_lock);
	for (cpu = first; cpu <= last; cpu++) {
		struct ring *ring = rec->rings[cpu];

		if (!ring)
			continue;
		bytes += stackid_ring_data_size(ring);
		waiting += stackid_ring_waiting(ring);
		lost += stackid_ring_lost(ring);
	}
	mutex_unlock(&rec->rings_lock);
	show(m, "ring_bytes", bytes);
	show(m, "ring_waiting", waiting);
	show(m, "ring_lost", lost);
}

static void show_events(struct seq_file *m, const struct recording *rec)
{
	struct event *event;
	u64 nr = 0;

	list_for_each_entry(event, &rec->events, link)
		nr++;
	show(m, "events", nr);

	list_for_each_entry(event, &rec->events, link) {
		if (!event->source->missed)
			continue;
		seq_printf(m, "missed:%s %llu\n", event->spec.name,
			   event->source->missed(event));
	}
}

static int stats_show(struct seq_file *m, void *unused)
{
	struct stackid_debugfs *debugfs = m->private;
	struct recording *rec = debugfs->rec;

	mutex_lock(&rec->lock);
	show_ledger(m, rec, ALL_CPUS);
	show_table(m, rec);
	show_generation(m, rec);
	show_unwinder(m, rec);
	show(m, "recording_on", rec->on);
	show_rings(m, rec, ALL_CPUS);
	show_events(m, rec);
	mutex_unlock(&rec->lock);
	return 0;
}

static int stats_open(struct inode *inode, struct file *file)
{
	return single_open(file, stats_show, inode->i_private);
}

const struct file_operations stackid_stats_fops = {
	.owner = THIS_MODULE,
	.open = stats_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};

static int cpu_stats_show(struct seq_file *m, void *unused)
{
	const struct debugfs_cpu *of = m->private;
	struct recording *rec = of->debugfs->rec;

	mutex_lock(&rec->lock);
	show_ledger(m, rec, of->cpu);
	show_rings(m, rec, of->cpu);
	mutex_unlock(&rec->lock);
	return 0;
}

static int cpu_stats_open(struct inode *inode, struct file *file)
{
	return single_open(file, cpu_stats_show, inode->i_private);
}

const struct file_operations stackid_cpu_stats_fops = {
	.owner = THIS_MODULE,
	.open = cpu_stats_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};
