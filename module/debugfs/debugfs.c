// SPDX-License-Identifier: GPL-2.0
/* The directory /sys/kernel/debug/stackid: what is in it, and for whom. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/printk.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "debugfs.h"
#include "debugfs_files.h"
#include "debugfs_readme.h"
#include "error_log.h"

static int readme_show(struct seq_file *m, void *unused)
{
	seq_puts(m, stackid_readme);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(readme);

static int error_log_show(struct seq_file *m, void *unused)
{
	struct stackid_debugfs *debugfs = m->private;

	stackid_error_log_show(debugfs->log, m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(error_log);

static const struct {
	const char *name;
	umode_t mode;
	const struct file_operations *fops;
} files[] = {
	{ "README", 0400, &readme_fops },
	{ "available_events", 0400, &stackid_available_events_fops },
	{ "events", 0600, &stackid_events_fops },
	{ "recording_on", 0600, &stackid_recording_on_fops },
	{ "buffer_size_kb", 0600, &stackid_buffer_size_kb_fops },
	{ "stacks", 0400, &stackid_stacks_fops },
	{ "stacks_raw", 0400, &stackid_stacks_raw_fops },
	{ "trace_pipe", 0400, &stackid_trace_pipe_fops },
	{ "stats", 0400, &stackid_stats_fops },
	{ "reset", 0200, &stackid_reset_fops },
	{ "error_log", 0400, &error_log_fops },
};

static int create_cpu_files(struct stackid_debugfs *debugfs)
{
	struct dentry *per_cpu = debugfs_create_dir("per_cpu", debugfs->dir);
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct debugfs_cpu *of = &debugfs->cpus[cpu];
		struct dentry *dir, *file;
		char name[16];

		of->debugfs = debugfs;
		of->cpu = cpu;
		snprintf(name, sizeof(name), "cpu%u", cpu);
		dir = debugfs_create_dir(name, per_cpu);
		file = debugfs_create_file_unsafe("ring", 0600, dir, of,
						  &stackid_cpu_ring_fops);
		if (IS_ERR(file))
			return PTR_ERR(file);
		file = debugfs_create_file("stats", 0400, dir, of,
					   &stackid_cpu_stats_fops);
		if (IS_ERR(file))
			return PTR_ERR(file);
	}
	return 0;
}

/*
 * All of them or an error: they are the only way to record, so that one which
 * is missing would be missed.  In a directory that could not be made none can.
 */
static int create_files(struct stackid_debugfs *debugfs)
{
	struct dentry *file;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		file = debugfs_create_file(files[i].name, files[i].mode,
					   debugfs->dir, debugfs, files[i].fops);
		if (IS_ERR(file))
			return PTR_ERR(file);
	}
	return create_cpu_files(debugfs);
}

static void notice_missing(int err)
{
	pr_notice("there is no debugfs directory (error %d), so that nothing can be recorded or shown; the in-kernel API works\n",
		  err);
}

struct stackid_debugfs *stackid_debugfs_create(struct recording *rec)
{
	struct stackid_debugfs *debugfs;
	int err = -ENOMEM;

	debugfs = kzalloc(struct_size(debugfs, cpus, nr_cpu_ids), GFP_KERNEL);
	if (!debugfs)
		goto err_notice;
	debugfs->rec = rec;
	debugfs->log = stackid_error_log_create();
	if (!debugfs->log)
		goto err_free;

	debugfs->dir = debugfs_create_dir(KBUILD_MODNAME, NULL);
	if (IS_ERR(debugfs->dir)) {
		err = PTR_ERR(debugfs->dir);
		goto err_log;
	}
	err = create_files(debugfs);
	if (err)
		goto err_dir;
	return debugfs;

err_dir:
	/*
	 * A file may be open already.  It can be read or written no more, but is
	 * released later, and its release looks at all of this.
	 */
	debugfs_remove(debugfs->dir);
	debugfs->dir = NULL;
	notice_missing(err);
	return debugfs;

err_log:
	stackid_error_log_destroy(debugfs->log);
err_free:
	kfree(debugfs);
err_notice:
	notice_missing(err);
	return ERR_PTR(err);
}

void stackid_debugfs_remove(struct stackid_debugfs *debugfs)
{
	if (IS_ERR_OR_NULL(debugfs))
		return;
	debugfs_remove(debugfs->dir);
	stackid_error_log_destroy(debugfs->log);
	kfree(debugfs);
}
