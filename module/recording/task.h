/* SPDX-License-Identifier: GPL-2.0 */
/* Following tasks: who belongs to a filter, and what every task is called. */
#ifndef _STACKID_TASK_H
#define _STACKID_TASK_H

#include <linux/types.h>

#include "../refusal.h"

struct recording;
struct task_filter;
struct task_watch;

/*
 * Watches fork and rename for one recording: keeps its filters' sets true and
 * writes TASK records into its rings (stackid_side_record_task()).
 * Task context, may sleep.  The watch outlives its filters.
 */
struct task_watch *stackid_task_watch_create(struct recording *rec);
void stackid_task_watch_destroy(struct task_watch *watch);

enum task_whose {
	TASK_OF_ALL,
	TASK_OF_PROCESSES,	/* their threads, and all tasks that those make later */
	TASK_OF_THREADS,	/* just these */
	TASK_OF_USER,
};

/**
 * struct task_choice - which tasks are wanted
 * @whose:   see enum task_whose
 * @nr_pids: how many of @pids there are
 * @pids:    processes or threads, by @whose
 * @user:    by @whose; effective, in the first user namespace
 */
struct task_choice {
	enum task_whose whose;
	unsigned int nr_pids;
	pid_t pids[16];
	uid_t user;
};

/*
 * A filter lets through the chosen tasks; not for TASK_OF_ALL, which need none.
 * Task context, under the recording's lock; may sleep.  -ESRCH with @why if one of
 * the pids does not exist.  Destroy waits until nobody can be testing it.
 */
struct task_filter *stackid_task_filter_create(struct task_watch *watch,
					       const struct task_choice *tasks,
					       struct refusal *why);
void stackid_task_filter_destroy(struct task_filter *filter);

/* Is the current task let through?  Any context. */
bool stackid_task_filter_passes(const struct task_filter *filter);

#endif /* _STACKID_TASK_H */
