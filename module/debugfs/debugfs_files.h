/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the directory share; for debugfs*.c and trace_pipe.c only.
 *
 * Every file has struct stackid_debugfs as its inode's private data, those in
 * per_cpu/cpuN have struct debugfs_cpu.
 *
 * Under lockdown the kernel refuses to open a file that can be written or whose
 * operations have an mmap or an ioctl.  So only per_cpu/cpuN/ring has an mmap,
 * no file has an ioctl, and what only shows text has no write.
 */
#ifndef _STACKID_DEBUGFS_FILES_H
#define _STACKID_DEBUGFS_FILES_H

#include <linux/fs.h>
#include <linux/types.h>

struct dentry;
struct error_log;
struct recording;
struct stackid_debugfs;

struct debugfs_cpu {
	struct stackid_debugfs *debugfs;
	unsigned int cpu;
};

/**
 * struct stackid_debugfs - the directory
 * @rec:  what it shows and controls
 * @log:  behind error_log
 * @dir:  /sys/kernel/debug/stackid, NULL if it could not be made whole
 * @cpus: nr_cpu_ids of them; only those of possible CPUs have files
 *
 * Constant from create to remove.
 */
struct stackid_debugfs {
	struct recording *rec;
	struct error_log *log;
	struct dentry *dir;
	struct debugfs_cpu cpus[];
};

extern const struct file_operations stackid_available_events_fops;
extern const struct file_operations stackid_buffer_size_kb_fops;
extern const struct file_operations stackid_cpu_ring_fops;
extern const struct file_operations stackid_cpu_stats_fops;
extern const struct file_operations stackid_events_fops;
extern const struct file_operations stackid_recording_on_fops;
extern const struct file_operations stackid_reset_fops;
extern const struct file_operations stackid_stacks_fops;
extern const struct file_operations stackid_stacks_raw_fops;
extern const struct file_operations stackid_stats_fops;
extern const struct file_operations stackid_trace_pipe_fops;

#endif /* _STACKID_DEBUGFS_FILES_H */
