// SPDX-License-Identifier: GPL-2.0
/* A recording: its events, and when they may come and go. */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../refusal.h"
#include "../wait_for_hits.h"
#include "event.h"
#include "recording.h"
#include "recording_layout.h"
#include "recording_rings.h"
#include "task.h"

u64 stackid_recording_ledger(const struct recording *rec, unsigned int cpu,
			     enum stackid_ledger which)
{
	const struct percpu_state *state = per_cpu_ptr(rec->state, cpu);
	u64 counter = local_read(&state->ledger[which]);

	switch (which) {
	case LEDGER_OFFERED:
	case LEDGER_RECORDED:
	case LEDGER_HIT:
		return counter + local_read(&state->recalled);
	case LEDGER_FILTERED:
		return counter + READ_ONCE(state->dropped);
	default:
		return counter;
	}
}

u64 stackid_recording_recalled(const struct recording *rec, unsigned int cpu)
{
	return local_read(&per_cpu_ptr(rec->state, cpu)->recalled);
}

struct recording *stackid_recording_create(struct stackid_table *table,
					   bool recalls)
{
	struct recording *rec;
	int ret = -ENOMEM;

	rec = kzalloc(sizeof(*rec), GFP_KERNEL);
	if (!rec)
		return ERR_PTR(-ENOMEM);
	mutex_init(&rec->lock);
	INIT_LIST_HEAD(&rec->events);
	INIT_LIST_HEAD(&rec->hold.aside);
	rec->table = table;
	rec->recalls = recalls;
	rec->state = alloc_percpu(struct percpu_state);
	if (!rec->state)
		goto err_free;
	ret = stackid_rings_create(rec);
	if (ret)
		goto err_state;
	rec->watch = stackid_task_watch_create(rec);
	if (IS_ERR(rec->watch)) {
		ret = PTR_ERR(rec->watch);
		goto err_rings;
	}
	return rec;

err_rings:
	stackid_rings_destroy(rec);
err_state:
	free_percpu(rec->state);
err_free:
	kfree(rec);
	return ERR_PTR(ret);
}

/*
 * No consumer has a ring any more (their files pin the module).  First the
 * sources go, so that no hit comes; then what hits and the task watch write to.
 */
void stackid_recording_destroy(struct recording *rec)
{
	struct refusal ignored;

	stackid_recording_set_on(rec, false, &ignored);
	stackid_recording_clear_events(rec);
	stackid_task_watch_destroy(rec->watch);
	stackid_rings_destroy(rec);
	free_percpu(rec->state);
	kfree(rec);
}

static struct event *find_event(struct recording *rec, const char *name)
{
	struct event *event;

	lockdep_assert_held(&rec->lock);
	list_for_each_entry(event, &rec->events, link) {
		if (!strcmp(event->spec.name, name))
			return event;
	}
	return NULL;
}

/*
 * Numbers go round, so that records which still lie in a ring are not taken for
 * those of a newer event.
 */
static unsigned int next_number(struct recording *rec)
{
	unsigned int tries;
	struct event *event;

	for (tries = 0; tries < STACKID_MAX_EVENT; tries++) {
		bool taken = false;

		rec->last_number = rec->last_number % STACKID_MAX_EVENT + 1;
		list_for_each_entry(event, &rec->events, link)
			taken |= event->number == rec->last_number;
		if (!taken)
			return rec->last_number;
	}
	return 0;
}

static void free_event(struct event *event)
{
	if (event->filter)
		stackid_task_filter_destroy(event->filter);
	kfree(event);
}

static bool args_decide(const struct event_spec *spec)
{
	unsigned int i;

	for (i = 0; i < spec->nr_conditions; i++)
		if (spec->conditions[i].value.nr_offsets)
			return false;
	return spec->nr_conditions;
}

static int add_event(struct recording *rec, const struct event_spec *spec,
		     const struct source_ops *source, struct refusal *why)
{
	struct event *event;
	int ret;

	if (find_event(rec, spec->name))
		return stackid_refuse(why, -EEXIST, 0,
			"%s is enabled already; write -%s first to change its options.",
			spec->name, spec->name);
	event = kzalloc(sizeof(*event), GFP_KERNEL);
	if (!event)
		return stackid_refuse(why, -ENOMEM, -1, "Out of memory.");
	event->spec = *spec;
	event->rec = rec;
	event->source = source;
	event->number = next_number(rec);
	if (!event->number) {
		ret = stackid_refuse(why, -ENOSPC, 0,
			"%u events are enabled, more have no number in the records.",
			STACKID_MAX_EVENT);
		goto err;
	}
	if (spec->tasks.whose != TASK_OF_ALL) {
		struct task_filter *filter =
			stackid_task_filter_create(rec->watch, &spec->tasks,
						   why);

		if (IS_ERR(filter)) {
			ret = PTR_ERR(filter);
			goto err;
		}
		event->filter = filter;
	}
	event->drops_at_once = args_decide(spec);
	ret = event->source->attach(event, why);
	if (ret)
		goto err;
	if (rec->on && event->source->enable) {
		ret = event->source->enable(event);
		if (ret) {
			event->source->detach(event);
			stackid_refuse(why, ret, 0, "%s could not be enabled: error %d.",
				       spec->name, ret);
			goto err;
		}
	}
	list_add_tail(&event->link, &rec->events);
	return 0;

err:
	free_event(event);
	return ret;
}

int stackid_recording_add_event(struct recording *rec,
				const struct event_spec *spec,
				const struct source_ops *source,
				struct refusal *why)
{
	int ret;

	mutex_lock(&rec->lock);
	ret = add_event(rec, spec, source, why);
	mutex_unlock(&rec->lock);
	return ret;
}

static void remove_event(struct event *event)
{
	list_del(&event->link);
	event->source->detach(event);
	free_event(event);
}

int stackid_recording_remove_event(struct recording *rec, const char *name,
				   struct refusal *why)
{
	struct event *event;
	int ret = 0;

	mutex_lock(&rec->lock);
	event = find_event(rec, name);
	if (event)
		remove_event(event);
	else
		ret = stackid_refuse(why, -ENOENT, 0,
			"%s is not enabled; read events for those that are.",
			name);
	mutex_unlock(&rec->lock);
	return ret;
}

void stackid_recording_clear_events(struct recording *rec)
{
	struct event *event, *next;

	mutex_lock(&rec->lock);
	list_for_each_entry_safe(event, next, &rec->events, link)
		remove_event(event);
	mutex_unlock(&rec->lock);
}

static void disable_until(struct recording *rec, struct event *end)
{
	struct event *event;

	list_for_each_entry(event, &rec->events, link) {
		if (event == end)
			break;
		if (event->source->disable)
			event->source->disable(event);
	}
}

static int turn_on(struct recording *rec, struct refusal *why)
{
	struct event *event;
	int ret;

	ret = stackid_rings_make(rec, why);
	if (ret)
		return ret;
	/* Hits that see it see the rings; pairs with the acquire in hits. */
	smp_store_release(&rec->on, true);
	list_for_each_entry(event, &rec->events, link) {
		ret = event->source->enable ? event->source->enable(event) : 0;
		if (!ret)
			continue;
		disable_until(rec, event);
		WRITE_ONCE(rec->on, false);
		stackid_wait_for_hits();
		return stackid_refuse(why, ret, -1,
				      "%s could not be enabled: error %d.",
				      event->spec.name, ret);
	}
	return 0;
}

static void turn_off(struct recording *rec)
{
	WRITE_ONCE(rec->on, false);
	disable_until(rec, NULL);
	/* Hits have preemption off; after this none is writing. */
	stackid_wait_for_hits();
}

int stackid_recording_set_on(struct recording *rec, bool on,
			     struct refusal *why)
{
	int ret = 0;

	mutex_lock(&rec->lock);
	if (on && !rec->on)
		ret = turn_on(rec, why);
	else if (!on && rec->on)
		turn_off(rec);
	mutex_unlock(&rec->lock);
	return ret;
}
