// SPDX-License-Identifier: GPL-2.0
/* A counter of perf on every online CPU, as CPUs come and go. */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/perf_event.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "counters.h"

/**
 * struct counter_slot - a CPU's counter
 * @event: NULL where there is none.  Under counters->lock
 * @away:  the CPU is going or has gone.  That ends a counter's service for good
 *         at some time after this is set, so a new one would not help yet
 * @stale: it has been away and is back: @event, if any, is out of service
 */
struct counter_slot {
	struct perf_event *event;
	bool away;
	bool stale;
};

/**
 * struct counters - a counter on each CPU
 * @lock:    protects @slots' events and @on; task context.  Making a counter
 *           takes the CPU hotplug lock inside of it
 * @on:      counting
 * @node:    in the hotplug state's list
 * @follow:  makes counters after CPUs came.  Not done in the hotplug callback
 *           itself: perf takes locks (hotplug's own among them, for static
 *           keys) that may not be taken there
 * @attr:    of each counter; constant, as are the next two
 * @handler: called at each overflow
 * @context: for the handler
 * @slots:   by CPU number
 */
struct counters {
	struct mutex lock;
	bool on;
	struct hlist_node node;
	struct work_struct follow;
	struct perf_event_attr attr;
	perf_overflow_handler_t handler;
	void *context;
	struct counter_slot slots[];
};

static int hotplug_state __ro_after_init;

static int cpu_comes(unsigned int cpu, struct hlist_node *node)
{
	struct counters *counters = hlist_entry(node, struct counters, node);
	struct counter_slot *slot = &counters->slots[cpu];

	WRITE_ONCE(slot->stale, true);
	/* In this order: who finds the CPU here finds the old counter stale. */
	smp_store_release(&slot->away, false);
	schedule_work(&counters->follow);
	return 0;
}

static int cpu_goes(unsigned int cpu, struct hlist_node *node)
{
	struct counters *counters = hlist_entry(node, struct counters, node);

	WRITE_ONCE(counters->slots[cpu].away, true);
	return 0;
}

int __init stackid_counters_init(void)
{
	int state;

	/* Above perf's own state: on the way down it comes before perf's. */
	state = cpuhp_setup_state_multi(CPUHP_AP_ONLINE_DYN, "stackid:online",
					cpu_comes, cpu_goes);
	if (state < 0)
		return state;
	hotplug_state = state;
	return 0;
}

void stackid_counters_exit(void)
{
	cpuhp_remove_multi_state(hotplug_state);
}

static void drop_counter(struct counter_slot *slot)
{
	if (slot->event)
		perf_event_release_kernel(slot->event);
	slot->event = NULL;
}

static int make_counter(struct counters *counters, unsigned int cpu)
{
	struct counter_slot *slot = &counters->slots[cpu];
	struct perf_event_attr attr = counters->attr;
	struct perf_event *event;

	event = perf_event_create_kernel_counter(&attr, cpu, NULL,
						 counters->handler,
						 counters->context);
	if (IS_ERR(event))
		return PTR_ERR(event);
	slot->event = event;
	if (counters->on)
		perf_event_enable(event);
	return 0;
}

/*
 * A CPU may go between the tests here, which is why perf's -ENODEV is no error.
 * Then it comes back stale, and this is done again.  But perf says the same of an
 * event that it has on no CPU at all, see has_one().
 */
static int follow_cpus(struct counters *counters)
{
	struct counter_slot *slot;
	unsigned int cpu;
	int ret;

	lockdep_assert_held(&counters->lock);
	for_each_possible_cpu(cpu) {
		slot = &counters->slots[cpu];
		/* Pairs with cpu_comes(). */
		if (smp_load_acquire(&slot->away))
			continue;
		if (xchg(&slot->stale, false))
			drop_counter(slot);
		if (slot->event || !cpu_online(cpu))
			continue;
		ret = make_counter(counters, cpu);
		if (ret && ret != -ENODEV)
			return ret;
		cond_resched();
	}
	return 0;
}

static bool has_one(const struct counters *counters)
{
	unsigned int cpu;

	lockdep_assert_held(&counters->lock);
	for_each_possible_cpu(cpu) {
		if (counters->slots[cpu].event)
			return true;
	}
	return false;
}

static void follow_work(struct work_struct *work)
{
	struct counters *counters =
		container_of(work, struct counters, follow);
	int ret;

	mutex_lock(&counters->lock);
	ret = follow_cpus(counters);
	mutex_unlock(&counters->lock);
	if (ret)
		pr_warn("stackid: a CPU that came online has no counter: perf error %d\n",
			ret);
}

struct counters *stackid_counters_create(const struct perf_event_attr *attr,
					 perf_overflow_handler_t handler,
					 void *context)
{
	struct counters *counters;
	int ret;

	counters = kzalloc(struct_size(counters, slots, nr_cpu_ids), GFP_KERNEL);
	if (!counters)
		return ERR_PTR(-ENOMEM);
	mutex_init(&counters->lock);
	INIT_WORK(&counters->follow, follow_work);
	counters->attr = *attr;
	counters->attr.size = sizeof(*attr);
	counters->attr.disabled = 1;
	counters->handler = handler;
	counters->context = context;

	/* First, so that no CPU's coming or going is missed. */
	ret = cpuhp_state_add_instance_nocalls(hotplug_state, &counters->node);
	if (ret) {
		kfree(counters);
		return ERR_PTR(ret);
	}

	mutex_lock(&counters->lock);
	ret = follow_cpus(counters);
	if (!ret && !has_one(counters))
		ret = -ENODEV;
	mutex_unlock(&counters->lock);
	if (ret) {
		stackid_counters_destroy(counters);
		return ERR_PTR(ret);
	}
	return counters;
}

void stackid_counters_destroy(struct counters *counters)
{
	unsigned int cpu;

	cpuhp_state_remove_instance_nocalls(hotplug_state, &counters->node);
	cancel_work_sync(&counters->follow);
	for_each_possible_cpu(cpu)
		drop_counter(&counters->slots[cpu]);
	/* A software event's removal may have interrupted its handler. */
	synchronize_rcu();
	kfree(counters);
}

static void set_on(struct counters *counters, bool on)
{
	unsigned int cpu;

	mutex_lock(&counters->lock);
	counters->on = on;
	for_each_possible_cpu(cpu) {
		struct perf_event *event = counters->slots[cpu].event;

		if (event && on)
			perf_event_enable(event);
		else if (event)
			perf_event_disable(event);
	}
	mutex_unlock(&counters->lock);
}

void stackid_counters_enable(struct counters *counters)
{
	set_on(counters, true);
}

void stackid_counters_disable(struct counters *counters)
{
	set_on(counters, false);
}
