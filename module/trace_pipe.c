// SPDX-License-Identifier: GPL-2.0
/*
 * debugfs: trace_pipe: the events of all CPUs as text, consuming.
 *
 * The rings are merged by time among what is there; a record that comes to a
 * quiet ring later than one of the same time elsewhere is shown later.  What has
 * been taken from a ring is text in @text until the reader has got all of it.
 */
#include <linux/capability.h>
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/hash.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/poll.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "../include/uapi/stackid.h"
#include "debugfs_files.h"
#include "error_log.h"
#include "generation.h"
#include "event.h"
#include "recording_layout.h"
#include "recording_rings.h"
#include "ring_reader.h"
#include "symbols.h"
#include "table.h"

/* Room for any record: a head line, and every frame with the longest symbol. */
#define TEXT_SIZE	(1024 + STACKID_MAX_DEPTH * (KSYM_SYMBOL_LEN + 8))

/*
 * How often the rings are looked at when there is nothing.  They wake their
 * readers only at a watermark, which is too late for somebody who watches.
 */
#define LOOK_INTERVAL	(HZ / 20)

#define COMM_BITS	10

struct comm {
	pid_t pid;
	char name[TASK_COMM_LEN];
};

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
 * @gen:       the newest generation seen, held
 * @old_gen:   the one seen before it, held, or NULL: rings may still have
 *             records of it
 * @told_generation: the last one that the reader has been told of
 * @names:     of events, by number, kmalloc'ed; also of those removed meanwhile
 * @comms:     1 << COMM_BITS names of tasks, each in its hash's place
 * @got_text:  the reader has got something
 * @text:      TEXT_SIZE bytes
 * @len:       of the text in @text
 * @done:      how much of it the reader has got
 * @frame:     scratch
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
	struct generation *gen;
	struct generation *old_gen;
	u64 told_generation;
	struct xarray names;
	struct comm *comms;
	bool got_text;
	char *text;
	size_t len;
	size_t done;
	struct frame_text frame;
	wait_queue_head_t wait;
	struct delayed_work tick;
	struct pipe_cpu cpus[];
};

__printf(2, 3)
static void put(struct trace_pipe *pipe, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	pipe->len += vscnprintf(pipe->text + pipe->len, TEXT_SIZE - pipe->len,
				format, args);
	va_end(args);
}

/* Who is called what */

static struct comm *comm_slot(struct trace_pipe *pipe, pid_t pid)
{
	return &pipe->comms[hash_32(pid, COMM_BITS)];
}

/* A task may call itself anything, also something that looks like our lines. */
static void remember_comm(struct trace_pipe *pipe, pid_t pid, const char *name)
{
	struct comm *comm = comm_slot(pipe, pid);
	char *c;

	comm->pid = pid;
	strscpy(comm->name, name, sizeof(comm->name));
	for (c = comm->name; *c; c++)
		if (!isascii(*c) || !isprint(*c))
			*c = '?';
}

static const char *comm_of(struct trace_pipe *pipe, pid_t pid)
{
	struct comm *comm = comm_slot(pipe, pid);
	char name[TASK_COMM_LEN];
	struct task_struct *task;

	if (!pid)
		return "<idle>";
	if (comm->pid == pid)
		return comm->name;

	rcu_read_lock();
	task = pid_task(find_pid_ns(pid, &init_pid_ns), PIDTYPE_PID);
	if (task)
		get_task_comm(name, task);
	rcu_read_unlock();
	if (!task)
		return "<...>";
	remember_comm(pipe, pid, name);
	return comm->name;
}

/* What events are called */

static void remember_name(struct trace_pipe *pipe, const struct event *event)
{
	char *known = xa_load(&pipe->names, event->number);
	char *name;

	if (known && !strcmp(known, event->spec.name))
		return;
	name = kstrdup(event->spec.name, GFP_KERNEL);
	if (!name)
		return;
	known = xa_store(&pipe->names, event->number, name, GFP_KERNEL);
	if (xa_is_err(known))
		kfree(name);
	else
		kfree(known);
}

static void remember_names(struct trace_pipe *pipe)
{
	struct recording *rec = pipe->debugfs->rec;
	struct event *event;

	mutex_lock(&rec->lock);
	list_for_each_entry(event, &rec->events, link)
		remember_name(pipe, event);
	mutex_unlock(&rec->lock);
}

static void put_event_name(struct trace_pipe *pipe, unsigned int number)
{
	const char *name = xa_load(&pipe->names, number);

	/* Without one: it came and went before this reader looked. */
	if (name)
		put(pipe, "%s:", name);
	else
		put(pipe, "event#%u:", number);
}

/* Stacks */

static struct generation *find_generation(struct trace_pipe *pipe, u64 number)
{
	struct generation *gen;

	if (number > stackid_generation_number(pipe->gen)) {
		gen = stackid_generation_get(pipe->debugfs->rec->table);
		if (gen == pipe->gen) {
			stackid_generation_put(gen);
			return NULL;
		}
		if (pipe->old_gen)
			stackid_generation_put(pipe->old_gen);
		pipe->old_gen = pipe->gen;
		pipe->gen = gen;
	}

	if (stackid_generation_number(pipe->gen) == number)
		return pipe->gen;
	if (pipe->old_gen && stackid_generation_number(pipe->old_gen) == number)
		return pipe->old_gen;
	return NULL;
}

static void put_frames(struct trace_pipe *pipe,
		       const struct stackid_stack *block)
{
	unsigned int i;

	for (i = 0; i < block->nr; i++)
		put(pipe, " => %s\n",
		    stackid_frame_text(&pipe->frame, block, i));
	if (block->flags & STACKID_STACK_CUT)
		put(pipe, " => [%u more frames were cut]\n",
		    block->depth - block->nr);
}

static void put_known_stack(struct trace_pipe *pipe, u64 number, u32 id)
{
	const struct stackid_stack *block = NULL;
	struct generation *gen;

	put(pipe, " id=%u", id);
	if (!id) {
		put(pipe, " [no stack]\n");
		return;
	}

	gen = find_generation(pipe, number);
	if (gen)
		block = stackid_generation_stack(gen, id);
	if (block) {
		put(pipe, "\n");
		put_frames(pipe, block);
	} else {
		put(pipe, " [generation %llu has ended]\n", number);
	}
}

/* Records */

static void put_time(struct trace_pipe *pipe, u64 time)
{
	u32 ns;
	u64 s = div_u64_rem(time, NSEC_PER_SEC, &ns);

	put(pipe, "%6llu.%06u: ", s, ns / 1000);
}

/* An argument of a probe is often a kernel address. */
static void put_value(struct trace_pipe *pipe, u64 value)
{
	if (!pipe->frame.show_address)
		put(pipe, " value=[needs CAP_SYSLOG]");
	else if (value >> 47)
		put(pipe, " value=0x%llx", value);
	else
		put(pipe, " value=%llu", value);
}

static void tell_generation(struct trace_pipe *pipe, unsigned int cpu,
			    u64 number)
{
	if (number <= pipe->told_generation)
		return;
	pipe->told_generation = number;
	put(pipe, "CPU:%u [GENERATION %llu]\n", cpu, number);
}

static void put_event(struct trace_pipe *pipe, unsigned int cpu,
		      const struct stackid_record *r)
{
	struct pipe_cpu *pc = &pipe->cpus[cpu];
	unsigned int type = stackid_rec_type(r);
	const u64 *body = (const u64 *)(r + 1);
	const void *end = (const void *)r + stackid_rec_size(r);
	const struct stackid_stack *block;
	pid_t pid = stackid_rec_pid(r);
	u64 generation;

	generation = stackid_rec_full_generation(r, stackid_ring_generation(pc->ring));

	put(pipe, "%16s-%-7d [%03u] ", comm_of(pipe, pid), pid, cpu);
	put_time(pipe, pc->time);
	put_event_name(pipe, stackid_rec_event(r));
	if (type & STACKID_REC_VALUE)
		put_value(pipe, *body++);

	switch (type & ~STACKID_REC_VALUE) {
	case STACKID_REC_EVENT:
		put_known_stack(pipe, generation, stackid_rec_id(r));
		break;
	case STACKID_REC_EVENT_STACK:
		block = (const struct stackid_stack *)body;
		put(pipe, " id=new\n");
		if ((const void *)(block + 1) <= end &&
		    (const void *)block + stackid_stack_size(block) <= end)
			put_frames(pipe, block);
		break;
	default:
		put(pipe, " [user]\n");
		break;
	}
}

/*
 * A reader of the mapping that has left data_tail in the middle of a record can
 * have left us anything as the first record.  So sizes are checked.
 */
static void put_record(struct trace_pipe *pipe, unsigned int cpu,
		       const struct stackid_record *r)
{
	const struct stackid_generation_record *generation = (const void *)r;
	const struct stackid_number_record *lost = (const void *)r;
	const struct stackid_task_record *task = (const void *)r;
	const struct stackid_module_record *module = (const void *)r;
	unsigned int size = stackid_rec_size(r);
	char name[sizeof(module->name)];

	switch (stackid_rec_type(r)) {
	case STACKID_REC_EVENT | STACKID_REC_VALUE:
	case STACKID_REC_EVENT_STACK | STACKID_REC_VALUE:
	case STACKID_REC_EVENT_USER | STACKID_REC_VALUE:
		if (size < sizeof(*r) + sizeof(u64))
			break;
		fallthrough;
	case STACKID_REC_EVENT:
	case STACKID_REC_EVENT_STACK:
	case STACKID_REC_EVENT_USER:
		put_event(pipe, cpu, r);
		break;
	case STACKID_REC_LOST:
		if (size == sizeof(*lost))
			put(pipe, "CPU:%u [LOST %llu EVENTS]\n", cpu,
			    lost->number);
		break;
	case STACKID_REC_GENERATION:
		if (size == sizeof(*generation))
			tell_generation(pipe, cpu, generation->number);
		break;
	case STACKID_REC_TASK:
		if (size == sizeof(*task)) {
			strscpy(name, task->comm, sizeof(task->comm));
			remember_comm(pipe, stackid_rec_pid(r), name);
		}
		break;
	case STACKID_REC_MODULE:
		if (size == sizeof(*module)) {
			strscpy(name, module->name, sizeof(name));
			put(pipe, "CPU:%u [MODULE %s %s]\n", cpu, name,
			    module->state == STACKID_MODULE_LOADED ?
			    "LOADED" : "UNLOADED");
		}
		break;
	}
}

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
	pipe->len = 0;
	pipe->done = 0;
	put_record(pipe, pc - pipe->cpus, pc->head);
	pc->head = NULL;
	stackid_ring_advance(pc->ring, size);
	return true;
}

/* CPUs get their rings when they first come online. */
static int claim_rings(struct trace_pipe *pipe)
{
	struct recording *rec = pipe->debugfs->rec;
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		struct ring *ring;

		if (pipe->cpus[cpu].ring)
			continue;
		ring = stackid_recording_claim_ring(rec, cpu);
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
		size_t n = min(pipe->len - pipe->done, count - copied);

		if (!n) {
			if (signal_pending(current) || !take_record(pipe))
				break;
			cond_resched();
			continue;
		}
		if (copy_to_user(buf + copied, pipe->text + pipe->done, n))
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
	ssize_t ret;

	for (;;) {
		/* Before looking: what was recorded until then will be seen. */
		bool on = READ_ONCE(pipe->debugfs->rec->on);

		remember_names(pipe);
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
		claim_rings(pipe);
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

	if (READ_ONCE(pipe->done) < READ_ONCE(pipe->len))
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
	unsigned long number;
	unsigned int cpu;
	char *name;

	for_each_possible_cpu(cpu)
		if (pipe->cpus[cpu].ring)
			stackid_recording_release_ring(pipe->debugfs->rec,
						       pipe->cpus[cpu].ring);
	xa_for_each(&pipe->names, number, name)
		kfree(name);
	xa_destroy(&pipe->names);
	if (pipe->old_gen)
		stackid_generation_put(pipe->old_gen);
	stackid_generation_put(pipe->gen);
	kvfree(pipe->text);
	kvfree(pipe->comms);
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
	xa_init(&pipe->names);
	init_waitqueue_head(&pipe->wait);
	INIT_DELAYED_WORK(&pipe->tick, look_for_pollers);
	pipe->frame.show_address = capable(CAP_SYSLOG);
	pipe->gen = stackid_generation_get(debugfs->rec->table);
	pipe->told_generation = stackid_generation_number(pipe->gen);

	pipe->text = kvmalloc(TEXT_SIZE, GFP_KERNEL);
	pipe->comms = kvcalloc(1 << COMM_BITS, sizeof(*pipe->comms),
			       GFP_KERNEL);
	if (!pipe->text || !pipe->comms) {
		free_pipe(pipe);
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
	err = claim_rings(pipe);
	if (err == -EBUSY) {
		stackid_refuse(&why, err, -1,
			       "A ring has a reader already: another trace_pipe, or a program that reads per_cpu/cpu*/ring.");
		stackid_error_log_add(debugfs->log, "trace_pipe", NULL, 0,
				      &why);
	}
	if (err) {
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
