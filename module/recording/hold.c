// SPDX-License-Identifier: GPL-2.0
/*
 * A recording that belongs to an open file.
 *
 * Everybody else may still write to the files of the directory meanwhile: root
 * can stop a program's recording with echo 0 > recording_on.  What is changed
 * while the hold lasts ends with it, whoever changed it.
 *
 * The release is several steps, and others may come between them.  The holder
 * stays in place until the last one, so that no second hold begins on what is
 * left of the first; anything else that comes is as if it came after the end.
 */
#include <linux/errno.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "../refusal.h"
#include "event.h"
#include "hold.h"
#include "recording.h"
#include "recording_layout.h"
#include "recording_rings.h"
#include "task.h"

/* Their numbers and filters go: enabling them again makes new ones. */
static void set_aside(struct recording *rec)
{
	struct event *event;

	lockdep_assert_held(&rec->lock);
	list_for_each_entry(event, &rec->events, link) {
		event->source->detach(event);
		if (event->filter)
			stackid_task_filter_destroy(event->filter);
		event->filter = NULL;
	}
	list_splice_init(&rec->events, &rec->hold.aside);
}

int stackid_hold_take(struct recording *rec, const void *by,
		      struct refusal *why)
{
	struct hold *hold = &rec->hold;
	int ret = 0;

	mutex_lock(&rec->lock);
	if (hold->by == by)
		goto out;
	/* Any process may call itself anything: %pE leaves what can be printed. */
	if (hold->by) {
		ret = stackid_refuse(why, -EBUSY, -1,
			"Process %d (%*pE) is recording; wait for its end, or end it.",
			hold->pid, (int)strlen(hold->comm), hold->comm);
		goto out;
	}
	if (rec->on) {
		ret = stackid_refuse(why, -EBUSY, -1,
			"Recording was turned on by hand; write 0 to recording_on to end that.");
		goto out;
	}
	set_aside(rec);
	if (!hold->owed)
		hold->buffer_kb = rec->buffer_kb;
	hold->owed = false;
	hold->pid = task_tgid_nr(current);
	get_task_comm(hold->comm, current->group_leader);
	hold->by = by;
out:
	mutex_unlock(&rec->lock);
	return ret;
}

/* The next of those that were set aside, or NULL and the hold is over. */
static struct event *take_back(struct recording *rec)
{
	struct hold *hold = &rec->hold;
	struct event *event;

	mutex_lock(&rec->lock);
	event = list_first_entry_or_null(&hold->aside, struct event, link);
	if (event) {
		list_del(&event->link);
	} else {
		hold->owed = rec->buffer_kb != hold->buffer_kb;
		hold->by = NULL;
	}
	mutex_unlock(&rec->lock);
	return event;
}

void stackid_hold_release(struct recording *rec, const void *by,
			  void (*refused)(void *context, const char *name,
					  const struct refusal *why),
			  void *context)
{
	struct refusal why;
	struct event *event;
	bool ours;

	mutex_lock(&rec->lock);
	ours = rec->hold.by == by;
	mutex_unlock(&rec->lock);
	if (!ours)
		return;
	stackid_recording_set_on(rec, false, &why);
	stackid_recording_clear_events(rec);
	while ((event = take_back(rec))) {
		if (stackid_recording_add_event(rec, &event->spec,
						event->source, &why))
			refused(context, event->spec.name, &why);
		kfree(event);
	}
	stackid_recording_settle_buffer(rec);
}
