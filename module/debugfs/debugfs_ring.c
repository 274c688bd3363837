// SPDX-License-Identifier: GPL-2.0
/*
 * debugfs: per_cpu/cpuN/ring: a CPU's ring for one consumer, by mmap or read.
 *
 * debugfs' own wrapping of file operations has no mmap, so this file does
 * without and itself holds off its removal (debugfs_file_get) in each operation.
 */
#include <linux/capability.h>
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "../recording/recording_rings.h"
#include "../ring/ring.h"
#include "../ring/ring_reader.h"
#include "debugfs_files.h"
#include "error_log.h"

/*
 * A blocked read(2) looks this often by itself: writers wake it up only at the
 * watermark.
 */
#define LOOK_INTERVAL	(HZ / 10)

/**
 * struct ring_file - an open ring
 * @rec:  which it was claimed of
 * @ring: claimed from open to release; a mapping holds the file open, too
 */
struct ring_file {
	struct recording *rec;
	struct ring *ring;
	/** @lock: one read(2) at a time, as the ring has one consumer */
	struct mutex lock;
};

static int refuse_open(const struct debugfs_cpu *of, int err,
		       struct refusal *why)
{
	if (err == -EBUSY)
		stackid_refuse(why, err, -1,
			       "The ring of CPU %u has a reader already: another open per_cpu/cpu%u/ring, or trace_pipe.",
			       of->cpu, of->cpu);
	if (err == -EBUSY || err == -ENOMEM)
		stackid_error_log_add(of->debugfs->log, "per_cpu ring", NULL, 0,
				      why);
	return err;
}

static int ring_open(struct inode *inode, struct file *file)
{
	const struct debugfs_cpu *of = inode->i_private;
	struct recording *rec = of->debugfs->rec;
	struct ring_file *rf;
	struct refusal why;
	struct ring *ring;

	if (!capable(CAP_SYSLOG))
		return -EPERM;

	rf = kzalloc(sizeof(*rf), GFP_KERNEL);
	if (!rf)
		return -ENOMEM;
	ring = stackid_recording_claim_ring(rec, of->cpu, &why);
	if (IS_ERR(ring)) {
		kfree(rf);
		return refuse_open(of, PTR_ERR(ring), &why);
	}
	rf->rec = rec;
	rf->ring = ring;
	mutex_init(&rf->lock);
	file->private_data = rf;
	return stream_open(inode, file);
}

static int ring_release(struct inode *inode, struct file *file)
{
	struct ring_file *rf = file->private_data;

	stackid_recording_release_ring(rf->rec, rf->ring);
	kfree(rf);
	return 0;
}

static ssize_t ring_read_locked(struct ring_file *rf, char __user *buf,
				size_t count, bool nonblock)
{
	ssize_t ret;

	if (nonblock) {
		if (!mutex_trylock(&rf->lock))
			return -EAGAIN;
	} else if (mutex_lock_interruptible(&rf->lock)) {
		return -ERESTARTSYS;
	}

	while (!(ret = stackid_ring_read(rf->ring, buf, count))) {
		if (nonblock) {
			ret = -EAGAIN;
			break;
		}
		ret = wait_event_interruptible_timeout(*stackid_ring_wait(rf->ring),
						       stackid_ring_waiting(rf->ring),
						       LOOK_INTERVAL);
		if (ret < 0)
			break;
		/* What waits may be nothing to read, if data_tail is wild. */
		if (signal_pending(current)) {
			ret = -ERESTARTSYS;
			break;
		}
		cond_resched();
	}
	mutex_unlock(&rf->lock);
	return ret;
}

static ssize_t ring_read(struct file *file, char __user *buf, size_t count,
			 loff_t *ppos)
{
	struct dentry *dentry = file->f_path.dentry;
	ssize_t ret;

	if (!count)
		return 0;
	ret = debugfs_file_get(dentry);
	if (ret)
		return ret;
	ret = ring_read_locked(file->private_data, buf, count,
			       file->f_flags & O_NONBLOCK);
	debugfs_file_put(dentry);
	return ret;
}

static __poll_t ring_poll(struct file *file, struct poll_table_struct *pt)
{
	struct dentry *dentry = file->f_path.dentry;
	struct ring_file *rf = file->private_data;
	__poll_t mask = 0;

	if (debugfs_file_get(dentry))
		return EPOLLERR | EPOLLHUP;
	poll_wait(file, stackid_ring_wait(rf->ring), pt);
	if (stackid_ring_waiting(rf->ring) >= stackid_ring_watermark(rf->ring))
		mask = EPOLLIN | EPOLLRDNORM;
	debugfs_file_put(dentry);
	return mask;
}

static int ring_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct dentry *dentry = file->f_path.dentry;
	struct ring_file *rf = file->private_data;
	int ret;

	ret = debugfs_file_get(dentry);
	if (ret)
		return ret;
	ret = stackid_ring_mmap(rf->ring, vma);
	debugfs_file_put(dentry);
	return ret;
}

const struct file_operations stackid_cpu_ring_fops = {
	.owner = THIS_MODULE,
	.open = ring_open,
	.read = ring_read,
	.poll = ring_poll,
	.mmap = ring_mmap,
	.release = ring_release,
};
