// SPDX-License-Identifier: GPL-2.0
/*
 * Following tasks, by the kernel's tracepoints for new and renamed ones.
 *
 * task_newtask is used and not sched_process_fork, because the latter is silent
 * about threads that the kernel makes for a process (io_uring's, vhost's).  It
 * comes after the new task was put into the lists of tasks and before it runs.
 */
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/list.h>
#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/threads.h>
#include <linux/tracepoint.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>
#include <linux/vmalloc.h>
#include <trace/events/task.h>

#include "../compat.h"
#include "../wait_for_hits.h"
#include "side_record.h"
#include "task.h"

/**
 * struct task_watch - follows tasks for a recording
 * @rec:      gets the TASK records
 * @lock:     protects @filters and the changes of their sets; taken with
 *            preemption off from task context, innermost
 * @filters:  of struct task_filter
 * @new_task: the tracepoint, or NULL if the kernel has none
 * @rename:   likewise
 */
struct task_watch {
	struct recording *rec;
	raw_spinlock_t lock;
	struct list_head filters;
	struct tracepoint *new_task;
	struct tracepoint *rename;
};

/**
 * struct task_filter - a set of threads, shared by the events that want the same
 * @watch: keeps it true
 * @link: in @watch->filters
 * @users: events; under the recording's lock
 * @tasks: as they were chosen, by their numbers in the initial namespace; not TASK_OF_ALL
 * @user: of TASK_OF_USER, which has no @pids
 * @pids: a bit for every number that a thread can have: 512 KiB.  Smaller would
 *        mean to allocate while tasks are made, and to fail at that.
 *        Tested without the lock: nobody but its maker, before it runs, and the
 *        filter's maker change a thread's bit
 */
struct task_filter {
	struct task_watch *watch;
	struct list_head link;
	unsigned int users;
	struct task_choice tasks;
	kuid_t user;
	unsigned long pids[];
};

/*
 * The bit of a number that is used again still says what was true of the last
 * task that had it.  So it is always set or cleared here, and exits need not be
 * watched.
 */
static void inherit(struct task_watch *watch, pid_t parent, pid_t child)
{
	struct task_filter *filter;

	raw_spin_lock(&watch->lock);
	list_for_each_entry(filter, &watch->filters, link)
		assign_bit(child, filter->pids,
			   filter->tasks.whose == TASK_OF_PROCESSES &&
			   test_bit(parent, filter->pids));
	raw_spin_unlock(&watch->lock);
}

static void probe_new_task(void *data, struct task_struct *task,
			   stackid_clone_flags_t clone_flags)
{
	struct task_watch *watch = data;

	/* The idle task of a CPU that comes online: it shares number 0. */
	if (!task->pid)
		return;
	preempt_disable_notrace();
	inherit(watch, current->pid, task->pid);
	stackid_side_record_task(watch->rec, task, current->pid, task->comm);
	preempt_enable_notrace();
}

static void probe_rename(void *data, struct task_struct *task, const char *comm)
{
	struct task_watch *watch = data;

	preempt_disable_notrace();
	stackid_side_record_task(watch->rec, task, 0, comm);
	preempt_enable_notrace();
}

static void find_tracepoint(struct tracepoint *tp, void *data)
{
	struct task_watch *watch = data;

	if (!strcmp(tp->name, "task_newtask"))
		watch->new_task = tp;
	else if (!strcmp(tp->name, "task_rename"))
		watch->rename = tp;
}

struct task_watch *stackid_task_watch_create(struct recording *rec)
{
	struct task_watch *watch;
	int ret;

	/* Where the kernel's prototypes are others, these do not compile. */
	check_trace_callback_type_task_newtask(probe_new_task);
	check_trace_callback_type_task_rename(probe_rename);

	watch = kzalloc(sizeof(*watch), GFP_KERNEL);
	if (!watch)
		return ERR_PTR(-ENOMEM);
	watch->rec = rec;
	raw_spin_lock_init(&watch->lock);
	INIT_LIST_HEAD(&watch->filters);
	for_each_kernel_tracepoint(find_tracepoint, watch);

	if (watch->new_task) {
		ret = tracepoint_probe_register(watch->new_task, probe_new_task,
						watch);
		if (ret)
			goto err_free;
	}
	if (watch->rename) {
		ret = tracepoint_probe_register(watch->rename, probe_rename,
						watch);
		if (ret)
			goto err_new_task;
	}
	return watch;

err_new_task:
	if (watch->new_task)
		tracepoint_probe_unregister(watch->new_task, probe_new_task,
					    watch);
	tracepoint_synchronize_unregister();
err_free:
	kfree(watch);
	return ERR_PTR(ret);
}

void stackid_task_watch_destroy(struct task_watch *watch)
{
	if (watch->rename)
		tracepoint_probe_unregister(watch->rename, probe_rename, watch);
	if (watch->new_task)
		tracepoint_probe_unregister(watch->new_task, probe_new_task,
					    watch);
	tracepoint_synchronize_unregister();
	kfree(watch);
}

/*
 * Once is enough, however many threads are being made meanwhile.  Under the
 * lock inherit() waits, so each thread is either listed by now, or its
 * maker is, and then it inherits later.
 */
static void mark_threads(struct task_filter *filter, struct task_struct *process)
{
	struct task_struct *thread;

	raw_spin_lock(&filter->watch->lock);
	rcu_read_lock();
	for_each_thread(process, thread)
		set_bit(thread->pid, filter->pids);
	rcu_read_unlock();
	raw_spin_unlock(&filter->watch->lock);
}

static void mark(struct task_filter *filter, struct task_struct *task)
{
	if (filter->tasks.whose == TASK_OF_THREADS)
		set_bit(task->pid, filter->pids);
	else
		mark_threads(filter, task);
}

static void put_tasks(struct task_struct **found, unsigned int nr)
{
	while (nr)
		put_task_struct(found[--nr]);
}

/* By the numbers that they have for the caller, who may be in a container. */
static int find_tasks(const struct task_choice *tasks,
		      struct task_struct **found, struct refusal *why)
{
	unsigned int i;

	for (i = 0; i < tasks->nr_pids; i++) {
		struct pid *pid = find_get_pid(tasks->pids[i]);

		found[i] = get_pid_task(pid, PIDTYPE_PID);
		put_pid(pid);
		if (!found[i]) {
			put_tasks(found, i);
			return stackid_refuse(why, -ESRCH, -1,
					      "There is no %s %d.",
					      tasks->whose == TASK_OF_THREADS ?
					      "thread" : "process",
					      tasks->pids[i]);
		}
	}
	return 0;
}

/* @size: all of it. */
static struct task_filter *alloc_filter(struct task_watch *watch,
					const struct task_choice *tasks,
					size_t size, struct refusal *why)
{
	struct task_filter *filter = vzalloc(size);

	if (!filter) {
		stackid_refuse(why, -ENOMEM, -1,
			       "There is no memory for the set of tasks that pid=, tid= or uid= stands for (%zu KiB).",
			       DIV_ROUND_UP(size, 1024));
		return NULL;
	}
	filter->watch = watch;
	filter->users = 1;
	filter->tasks = *tasks;
	INIT_LIST_HEAD(&filter->link);
	return filter;
}

static bool is_same_choice(const struct task_choice *a,
			   const struct task_choice *b)
{
	return a->whose == b->whose && a->nr_pids == b->nr_pids &&
	       !memcmp(a->pids, b->pids, a->nr_pids * sizeof(*a->pids));
}

/* A filter like that, which may have been there, in the list. */
static struct task_filter *get_filter(struct task_watch *watch,
				      const struct task_choice *tasks,
				      struct refusal *why)
{
	struct task_filter *filter;

	/* Changed by nobody else: the recording's lock is held. */
	list_for_each_entry(filter, &watch->filters, link) {
		if (is_same_choice(&filter->tasks, tasks)) {
			filter->users++;
			return filter;
		}
	}
	filter = alloc_filter(watch, tasks, sizeof(*filter) +
			      BITS_TO_LONGS(PID_MAX_LIMIT) *
			      sizeof(*filter->pids), why);
	if (!filter)
		return NULL;
	raw_spin_lock(&watch->lock);
	list_add(&filter->link, &watch->filters);
	raw_spin_unlock(&watch->lock);
	return filter;
}

struct task_filter *stackid_task_filter_create(struct task_watch *watch,
					       const struct task_choice *tasks,
					       struct refusal *why)
{
	struct task_struct *found[ARRAY_SIZE(tasks->pids)];
	struct task_choice initial = *tasks;
	struct task_filter *filter;
	unsigned int i;
	int ret;

	if (tasks->whose == TASK_OF_USER) {
		/* In no list: it has nothing that would have to be kept true. */
		filter = alloc_filter(watch, tasks, sizeof(*filter), why);
		if (!filter)
			return ERR_PTR(-ENOMEM);
		filter->user = make_kuid(&init_user_ns, tasks->user);
		return filter;
	}
	if (!watch->new_task) {
		ret = stackid_refuse(why, -EOPNOTSUPP, -1,
				     "pid= and tid= are not to be had: this kernel has no tracepoint task_newtask, so new threads and children could not be followed.");
		return ERR_PTR(ret);
	}
	ret = find_tasks(tasks, found, why);
	if (ret)
		return ERR_PTR(ret);
	/* Who asks from another namespace shares a filter by what its numbers mean. */
	for (i = 0; i < initial.nr_pids; i++)
		initial.pids[i] = found[i]->pid;

	/*
	 * It is in the list before the threads are marked, so that what they make
	 * is seen.  They are marked anew if it was there: a number may stand for
	 * another process by now.
	 */
	filter = get_filter(watch, &initial, why);
	for (i = 0; filter && i < initial.nr_pids; i++)
		mark(filter, found[i]);
	put_tasks(found, initial.nr_pids);
	return filter ?: ERR_PTR(-ENOMEM);
}

void stackid_task_filter_destroy(struct task_filter *filter)
{
	if (--filter->users)
		return;
	raw_spin_lock(&filter->watch->lock);
	list_del(&filter->link);
	raw_spin_unlock(&filter->watch->lock);
	/* Those who test it have preemption off. */
	stackid_wait_for_hits();
	vfree(filter);
}

bool stackid_task_filter_passes(const struct task_filter *filter)
{
	/* A task's credentials are changed by itself only, and freed through RCU. */
	if (filter->tasks.whose == TASK_OF_USER)
		return uid_eq(current_euid(), filter->user);
	return test_bit(current->pid, filter->pids);
}

/* See kprobe_state.h. */
NOKPROBE_SYMBOL(stackid_task_filter_passes);
