/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A recording that belongs to an open file, and ends when that is closed.
 *
 * A program that sets a recording up takes a hold of it first.  Whatever ends
 * the program closes the file, kill -9 included, and then nothing of the
 * recording is left: it is off, its events are removed, and events and
 * buffer_size_kb are what they were before.
 */
#ifndef _STACKID_HOLD_H
#define _STACKID_HOLD_H

#include <linux/list.h>
#include <linux/sched.h>
#include <linux/types.h>

#include "refusal.h"

struct recording;

/**
 * struct hold - who holds a recording; all of it under recording->lock
 * @by:        the open file, NULL while nobody does; only its address counts
 * @pid:       the process that took it, in the initial namespace
 * @comm:      its name then
 * @aside:     events that were enabled before, detached; of struct event
 * @buffer_kb: what recording->buffer_kb was before
 * @owed:      the hold is over, and @buffer_kb waits for the last reader of a
 *             ring: a dead program's files are closed one after the other
 */
struct hold {
	const void *by;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	struct list_head aside;
	unsigned int buffer_kb;
	bool owed;
};

static inline void stackid_hold_init(struct hold *hold)
{
	INIT_LIST_HEAD(&hold->aside);
}

/*
 * Task context, may sleep; they take rec->lock.
 *
 * stackid_hold_take(): -EBUSY with @why if somebody else holds the recording or
 * it is on.  A second time is the same as once.
 *
 * stackid_hold_release(): nothing if @by does not hold it.  @refused hears of
 * each event that can not be enabled again, its process being gone for example.
 */
int stackid_hold_take(struct recording *rec, const void *by,
		      struct refusal *why);
void stackid_hold_release(struct recording *rec, const void *by,
			  void (*refused)(void *context, const char *name,
					  const struct refusal *why),
			  void *context);

#endif /* _STACKID_HOLD_H */
