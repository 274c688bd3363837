// SPDX-License-Identifier: GPL-2.0
/* A recording: its events, its rings, and when they may come and go. */
#include <linux/cpu.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "recording.h"
#include "recording_state.h"
#include "ring.h"
#include "ring_reader.h"
#include "ring_writer.h"
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
	default:
		return counter;
	}
}

u64 stackid_recording_recalled(const struct recording *rec, unsigned int cpu)
{
	return local_read(&per_cpu_ptr(rec->state, cpu)->recalled);
}

/* From cpuhp_setup_state_multi(); brings CPUs' rings when they come online. */
static enum cpuhp_state hotplug_state __ro_after_init;

static int make_ring(struct recording *rec, unsigned int cpu)
{
	struct percpu_state *state = per_cpu_ptr(rec->state, cpu);
	struct recall *recall = NULL;
	struct ring *ring;

	lockdep_assert_held(&rec->rings_lock);
	if (rec->rings[cpu])
		return 0;
	if (rec->recalls) {
		recall = kvzalloc_node(sizeof(*recall), GFP_KERNEL,
				       cpu_to_node(cpu));
		if (!recall)
			return -ENOMEM;
	}
	ring = stackid_ring_create(cpu, (size_t)rec->buffer_kb << 10, true);
	if (IS_ERR(ring)) {
		kvfree(recall);
		return PTR_ERR(ring);
	}
	/* Pairs with the acquire in stackid_recording_claim_ring(). */
	smp_store_release(&rec->rings[cpu], ring);
	/* Hits of this CPU may be under way, and see them or not. */
	WRITE_ONCE(state->writer, stackid_ring_writer(ring));
	/* Whoever sees it sees the writer; pairs with the acquire in recall(). */
	smp_store_release(&state->recall, recall);
	return 0;
}

/*
 * For the CPUs that are online; the others get theirs when they come.  None is
 * coming meanwhile: one that has passed prepare_cpu() without a ring is online
 * when this looks.
 */
static int make_rings(struct recording *rec)
{
	unsigned int cpu;
	int ret = 0;

	lockdep_assert_held(&rec->lock);
	cpus_read_lock();
	mutex_lock(&rec->rings_lock);
	rec->has_rings = true;
	for_each_online_cpu(cpu) {
		ret = make_ring(rec, cpu);
		if (ret)
			break;
	}
	mutex_unlock(&rec->rings_lock);
	cpus_read_unlock();
	return ret;
}

/* Nobody writes and nobody reads. */
static void drop_rings(struct recording *rec)
{
	unsigned int cpu;

	lockdep_assert_held(&rec->lock);
	mutex_lock(&rec->rings_lock);
	rec->has_rings = false;
	for_each_possible_cpu(cpu) {
		struct percpu_state *state = per_cpu_ptr(rec->state, cpu);

		if (!rec->rings[cpu])
			continue;
		state->writer = NULL;
		local_add(stackid_ring_untold(rec->rings[cpu]),
			  &state->lost_ringless);
		kvfree(state->recall);
		state->recall = NULL;
		stackid_ring_destroy(rec->rings[cpu]);
		rec->rings[cpu] = NULL;
	}
	mutex_unlock(&rec->rings_lock);
}

/*
 * A CPU comes, and has not run yet: so none of its events is lost for want of a
 * ring, unless there is no memory, and then they are counted.
 */
static int prepare_cpu(unsigned int cpu, struct hlist_node *node)
{
	struct recording *rec =
		hlist_entry_safe(node, struct recording, hotplug_node);

	mutex_lock(&rec->rings_lock);
	if (rec->has_rings && make_ring(rec, cpu))
		pr_warn("stackid: no memory for the ring of CPU %u, its events are lost and counted\n",
			cpu);
	mutex_unlock(&rec->rings_lock);
	return 0;
}

int __init stackid_recording_init(void)
{
	int state = cpuhp_setup_state_multi(CPUHP_BP_PREPARE_DYN,
					    "stackid:rings", prepare_cpu, NULL);

	if (state < 0)
		return state;
	hotplug_state = state;
	return 0;
}

void stackid_recording_exit(void)
{
	cpuhp_remove_multi_state(hotplug_state);
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
	mutex_init(&rec->rings_lock);
	INIT_LIST_HEAD(&rec->events);
	stackid_hold_init(&rec->hold);
	rec->table = table;
	rec->recalls = recalls;
	rec->buffer_kb = STACKID_BUFFER_KB_DEFAULT;
	rec->rings = kcalloc(nr_cpu_ids, sizeof(*rec->rings), GFP_KERNEL);
	rec->state = alloc_percpu(struct percpu_state);
	if (!rec->rings || !rec->state ||
	    !zalloc_cpumask_var(&rec->claimed, GFP_KERNEL))
		goto err_free;
	ret = cpuhp_state_add_instance_nocalls(hotplug_state,
					       &rec->hotplug_node);
	if (ret)
		goto err_mask;
	rec->watch = stackid_task_watch_create(rec);
	if (IS_ERR(rec->watch)) {
		ret = PTR_ERR(rec->watch);
		goto err_hotplug;
	}
	return rec;

err_hotplug:
	cpuhp_state_remove_instance_nocalls(hotplug_state, &rec->hotplug_node);
err_mask:
	free_cpumask_var(rec->claimed);
err_free:
	free_percpu(rec->state);
	kfree(rec->rings);
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
	cpuhp_state_remove_instance_nocalls(hotplug_state, &rec->hotplug_node);
	mutex_lock(&rec->lock);
	drop_rings(rec);
	mutex_unlock(&rec->lock);
	free_cpumask_var(rec->claimed);
	free_percpu(rec->state);
	kfree(rec->rings);
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
	if (spec->nr_pids) {
		struct task_filter *filter =
			stackid_task_filter_create(rec->watch, spec->pids,
						   spec->nr_pids, why);

		if (IS_ERR(filter)) {
			ret = PTR_ERR(filter);
			goto err;
		}
		event->filter = filter;
	}
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

	ret = make_rings(rec);
	if (ret)
		return stackid_refuse(why, ret, -1,
			"No memory for rings of %u KiB for each CPU; make buffer_size_kb smaller.",
			rec->buffer_kb);
	/* Hits that see it see the rings; pairs with the acquire in hits. */
	smp_store_release(&rec->on, true);
	list_for_each_entry(event, &rec->events, link) {
		ret = event->source->enable ? event->source->enable(event) : 0;
		if (!ret)
			continue;
		disable_until(rec, event);
		WRITE_ONCE(rec->on, false);
		synchronize_rcu();
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
	synchronize_rcu();
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

int stackid_recording_set_buffer(struct recording *rec, unsigned int kb,
				 struct refusal *why)
{
	int ret = 0;

	if (kb < STACKID_BUFFER_KB_MIN || kb > STACKID_BUFFER_KB_MAX)
		return stackid_refuse(why, -EINVAL, 0,
			"The size of a ring is %u to %u KiB.",
			STACKID_BUFFER_KB_MIN, STACKID_BUFFER_KB_MAX);
	mutex_lock(&rec->lock);
	if (rec->on) {
		ret = stackid_refuse(why, -EBUSY, -1,
			"Recording is on; write 0 to recording_on first.");
	} else if (!cpumask_empty(rec->claimed)) {
		ret = stackid_refuse(why, -EBUSY, -1,
			"A reader has a ring or trace_pipe open; close it first.");
	} else {
		drop_rings(rec);
		rec->buffer_kb = roundup_pow_of_two(kb);
		rec->hold.owed = false;
	}
	mutex_unlock(&rec->lock);
	return ret;
}

void stackid_recording_settle_buffer(struct recording *rec)
{
	mutex_lock(&rec->lock);
	if (rec->hold.owed && !rec->on && cpumask_empty(rec->claimed)) {
		drop_rings(rec);
		rec->buffer_kb = rec->hold.buffer_kb;
		rec->hold.owed = false;
	}
	mutex_unlock(&rec->lock);
}

struct ring *stackid_recording_claim_ring(struct recording *rec,
					  unsigned int cpu)
{
	struct ring *ring;
	int ret;

	mutex_lock(&rec->lock);
	ret = make_rings(rec);
	/* Pairs with the release in make_ring(). */
	ring = cpu < nr_cpu_ids ? smp_load_acquire(&rec->rings[cpu]) : NULL;
	if (ret)
		ring = ERR_PTR(ret);
	else if (!ring)
		ring = ERR_PTR(-ENODEV);
	else if (cpumask_test_and_set_cpu(cpu, rec->claimed))
		ring = ERR_PTR(-EBUSY);
	else
		stackid_ring_begin(ring);
	mutex_unlock(&rec->lock);
	return ring;
}

void stackid_recording_release_ring(struct recording *rec, struct ring *ring)
{
	mutex_lock(&rec->lock);
	cpumask_clear_cpu(stackid_ring_cpu(ring), rec->claimed);
	mutex_unlock(&rec->lock);
	stackid_recording_settle_buffer(rec);
}
