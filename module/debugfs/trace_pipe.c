// SPDX-License-Identifier: GPL-2.0
/*
 * debugfs: trace_pipe: the events of all CPUs as text, consuming.
 *
 * The rings are merged by time among what is there; a record that comes to a
 * quiet ring later than one of the same time elsewhere is shown later.  What has
 * been taken from a ring is text until the reader has got all of it.
 */
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "../../include/uapi/stackid.h"
#include "../recording/recording_layout.h"
#include "../recording/recording_rings.h"
#include "../refusal.h"
#include "../ring/ring_reader.h"
#include "debugfs_files.h"
#include "error_log.h"
#include "trace_pipe_text.h"

/*
 * How often the rings are looked at when there is nothing.  They wake their
 * readers only at a watermark, which is too late for somebody who watches.
 */
#define LOOK_INTERVAL	(HZ / 20)

/**
 * struct pipe_cpu - a CPU's ring
 * @ring:       NULL until it is claimed; then constant
 * @head:       its next record, NULL if that is not known
 * @time:       of @head
 */
struct pipe_cpu {
	struct ring *ring;
	const struct stackid_record *head;
	u64 time;
};

/**
 * struct trace_pipe - an open trace_pipe
 * @debugfs:   where
 * @text:      of the record that was taken last
 * @done:      how much of it the reader has got
 * @got_text:  the reader has got something
 * @wait:      pollers
 * @tick:      looks for them
 * @cpus:      nr_cpu_ids of them
 */
struct trace_pipe {
	struct stackid_debugfs *debugfs;
	/**
	 * @lock: protects all but @debugfs, which is constant, and @wait and
	 * @tick; task context, outside of recording->lock
	 */
	struct mutex lock;
	struct trace_pipe_text text;
	size_t done;
	bool got_text;
	wait_queue_head_t wait;
	struct delayed_work tick;
	struct pipe_cpu cpus[];
};

/* The CPU with the earliest record, or NULL if all rings are empty. */
static struct pipe_cpu *earliest(struct trace_pipe *pipe)
{
	struct pipe_cpu *first = NULL;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct pipe_cpu *pc = &pipe->cpus[cpu];

		if (!pc->ring)
			continue;
		if (!pc->head) {
			pc->head = stackid_ring_peek(pc->ring);
			if (!pc->head)
				continue;
			pc->time = stackid_rec_time(pc->head,
						    ktime_get_mono_fast_ns());
		}
		if (!first || pc->time < first->time)
			first = pc;
	}
	return first;
}

/* Into the text; false if there is no record.  The text may be empty, though. */
static bool take_record(struct trace_pipe *pipe)
{
	struct pipe_cpu *pc = earliest(pipe);
	unsigned int size;

	if (!pc)
		return false;
	size = stackid_rec_size(pc->head);
	pipe->text.len = 0;
	pipe->done = 0;
	stackid_trace_pipe_text_add(&pipe->text, pc - pipe->cpus, pc->ring,
				    pc->head, pc->time);
	pc->head = NULL;
	stackid_ring_advance(pc->ring, size);
	return true;
}

/* CPUs get their rings when they first come online. */
static int claim_rings(struct trace_pipe *pipe, struct refusal *why)
{
	struct recording *rec = pipe->debugfs->rec;
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		struct ring *ring;

		if (pipe->cpus[cpu].ring)
			continue;
		ring = stackid_recording_claim_ring(rec, cpu, why);
		if (IS_ERR(ring) && PTR_ERR(ring) == -ENODEV)
			continue;
		if (IS_ERR(ring))
			return PTR_ERR(ring);
		/* Pairs with the acquire in anything_waits(). */
		smp_store_release(&pipe->cpus[cpu].ring, ring);
	}
	return 0;
}

static ssize_t read_texts(struct trace_pipe *pipe, char __user *buf,
			  size_t count)
{
	size_t copied = 0;

	while (copied < count) {
		size_t n = min(pipe->text.len - pipe->done, count - copied);

		if (!n) {
			if (signal_pending(current) || !take_record(pipe))
				break;
			cond_resched();
			continue;
		}
		if (copy_to_user(buf + copied, pipe->text.at + pipe->done, n))
			return copied ?: -EFAULT;
		pipe->done += n;
		copied += n;
	}
	return copied;
}

/*
 * Blocks until there is text.  Ends only after recording has been stopped and
 * something has been read, so that one can begin to read before the recording,
 * and that "cat trace_pipe" ends with it: as ftrace's trace_pipe does.
 */
static ssize_t read_locked(struct trace_pipe *pipe, char __user *buf,
			   size_t count, bool nonblock)
{
	struct refusal ignored;
	ssize_t ret;

	for (;;) {
		/* Before looking: what was recorded until then will be seen. */
		bool on = READ_ONCE(pipe->debugfs->rec->on);

		stackid_trace_pipe_text_names(&pipe->text);
		ret = read_texts(pipe, buf, count);
		if (ret > 0)
			pipe->got_text = true;
		if (ret)
			return ret;
		if (nonblock)
			return -EAGAIN;
		if (!on && pipe->got_text) {
			pipe->got_text = false;
			return 0;
		}
		schedule_timeout_interruptible(LOOK_INTERVAL);
		if (signal_pending(current))
			return -ERESTARTSYS;
		/* Somebody may have taken the ring of a new CPU: then it's his. */
		claim_rings(pipe, &ignored);
	}
}

static ssize_t trace_pipe_read(struct file *file, char __user *buf,
			       size_t count, loff_t *ppos)
{
	struct trace_pipe *pipe = file->private_data;
	bool nonblock = file->f_flags & O_NONBLOCK;
	ssize_t ret;

	if (!count)
		return 0;
	if (nonblock) {
		if (!mutex_trylock(&pipe->lock))
			return -EAGAIN;
	} else if (mutex_lock_interruptible(&pipe->lock)) {
		return -ERESTARTSYS;
	}
	ret = read_locked(pipe, buf, count, nonblock);
	mutex_unlock(&pipe->lock);
	return ret;
}

/* Any context that may sleep; without the lock, which a reader may hold long. */
static bool anything_waits(struct trace_pipe *pipe)
{
	unsigned int cpu;

	/* A reader may be at work: then this is asked again soon, and it ends. */
	if (data_race(pipe->done < pipe->text.len))
		return true;
	for_each_possible_cpu(cpu) {
		/* Pairs with the release in claim_rings(). */
		struct ring *ring = smp_load_acquire(&pipe->cpus[cpu].ring);

		if (ring && stackid_ring_waiting(ring))
			return true;
	}
	return false;
}

static void look_for_pollers(struct work_struct *work)
{
	struct trace_pipe *pipe = container_of(to_delayed_work(work),
					       struct trace_pipe, tick);

	if (anything_waits(pipe))
		wake_up_interruptible_all(&pipe->wait);
	else if (wq_has_sleeper(&pipe->wait))
		schedule_delayed_work(&pipe->tick, LOOK_INTERVAL);
}

static __poll_t trace_pipe_poll(struct file *file, struct poll_table_struct *pt)
{
	struct trace_pipe *pipe = file->private_data;

	poll_wait(file, &pipe->wait, pt);
	if (anything_waits(pipe))
		return EPOLLIN | EPOLLRDNORM;
	schedule_delayed_work(&pipe->tick, LOOK_INTERVAL);
	return 0;
}

static void free_pipe(struct trace_pipe *pipe)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		if (pipe->cpus[cpu].ring)
			stackid_recording_release_ring(pipe->debugfs->rec,
						       pipe->cpus[cpu].ring);
	stackid_trace_pipe_text_exit(&pipe->text);
	kfree(pipe);
}

static struct trace_pipe *make_pipe(struct stackid_debugfs *debugfs)
{
	struct trace_pipe *pipe;

	pipe = kzalloc(struct_size(pipe, cpus, nr_cpu_ids), GFP_KERNEL);
	if (!pipe)
		return NULL;
	pipe->debugfs = debugfs;
	mutex_init(&pipe->lock);
	init_waitqueue_head(&pipe->wait);
	INIT_DELAYED_WORK(&pipe->tick, look_for_pollers);
	if (stackid_trace_pipe_text_init(&pipe->text, debugfs->rec)) {
		kfree(pipe);
		return NULL;
	}
	return pipe;
}

static int trace_pipe_open(struct inode *inode, struct file *file)
{
	struct stackid_debugfs *debugfs = inode->i_private;
	struct trace_pipe *pipe = make_pipe(debugfs);
	struct refusal why;
	int err;

	if (!pipe)
		return -ENOMEM;
	err = claim_rings(pipe, &why);
	if (err == -EBUSY)
		stackid_refuse(&why, err, -1,
			       "A ring has a reader already: another trace_pipe, or a program that reads per_cpu/cpu*/ring.");
	if (err) {
		stackid_error_log_add(debugfs->log, "trace_pipe", NULL, 0,
				      &why);
		free_pipe(pipe);
		return err;
	}
	file->private_data = pipe;
	return stream_open(inode, file);
}

static int trace_pipe_release(struct inode *inode, struct file *file)
{
	struct trace_pipe *pipe = file->private_data;

	cancel_delayed_work_sync(&pipe->tick);
	free_pipe(pipe);
	return 0;
}

const struct file_operations stackid_trace_pipe_fops = {
	.owner = THIS_MODULE,
	.open = trace_pipe_open,
	.read = trace_pipe_read,
	.poll = trace_pipe_poll,
	.release = trace_pipe_release,
};
