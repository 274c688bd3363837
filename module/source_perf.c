// SPDX-License-Identifier: GPL-2.0
/*
 * perf's counters as sources: sampling by clocks and by the hardware, and the
 * kernel's software events.  Also one counter on every CPU for whoever needs
 * that.
 */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/perf_event.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "event.h"
#include "kernel_symbol.h"
#include "source.h"
#include "source_perf.h"

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

int __init stackid_source_perf_init(void)
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

void stackid_source_perf_exit(void)
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

struct unwind_start stackid_counters_start(struct pt_regs *regs)
{
#ifdef CONFIG_X86
	/* No hardware ever leaves this flag clear. */
	if (!(regs->flags & X86_EFLAGS_FIXED))
		return stackid_made_up_start(regs->ip, regs->sp);
#endif
	return (struct unwind_start) { .regs = regs };
}

/*
 * The counters that can be named
 */

#define DEFAULT_FREQ	4000

/**
 * struct counter_name - a counter, by perf's names for it
 * @name:  as perf list shows it first
 * @alias: perf's other name for it, or NULL
 * @type:  perf's
 * @config: perf's
 * @often: it goes on all the time and has to be sampled; by default at
 *         DEFAULT_FREQ.  The others hit every time by default
 */
struct counter_name {
	const char *name;
	const char *alias;
	u32 type;
	u64 config;
	bool often;
};

#define HARDWARE(name, alias, config) \
	{ name, alias, PERF_TYPE_HARDWARE, PERF_COUNT_HW_##config, true }
#define CLOCK(name, config) \
	{ name, NULL, PERF_TYPE_SOFTWARE, PERF_COUNT_SW_##config, true }
#define SOFTWARE(name, alias, config) \
	{ name, alias, PERF_TYPE_SOFTWARE, PERF_COUNT_SW_##config, false }

static const struct counter_name counter_names[] = {
	CLOCK("cpu-clock", CPU_CLOCK),
	CLOCK("task-clock", TASK_CLOCK),
	SOFTWARE("page-faults", "faults", PAGE_FAULTS),
	SOFTWARE("minor-faults", NULL, PAGE_FAULTS_MIN),
	SOFTWARE("major-faults", NULL, PAGE_FAULTS_MAJ),
	SOFTWARE("context-switches", "cs", CONTEXT_SWITCHES),
	SOFTWARE("cpu-migrations", "migrations", CPU_MIGRATIONS),
	SOFTWARE("alignment-faults", NULL, ALIGNMENT_FAULTS),
	SOFTWARE("emulation-faults", NULL, EMULATION_FAULTS),
	HARDWARE("cycles", "cpu-cycles", CPU_CYCLES),
	HARDWARE("instructions", NULL, INSTRUCTIONS),
	HARDWARE("cache-references", NULL, CACHE_REFERENCES),
	HARDWARE("cache-misses", NULL, CACHE_MISSES),
	HARDWARE("branches", "branch-instructions", BRANCH_INSTRUCTIONS),
	HARDWARE("branch-misses", NULL, BRANCH_MISSES),
	HARDWARE("bus-cycles", NULL, BUS_CYCLES),
	HARDWARE("stalled-cycles-frontend", "idle-cycles-frontend",
		 STALLED_CYCLES_FRONTEND),
	HARDWARE("stalled-cycles-backend", "idle-cycles-backend",
		 STALLED_CYCLES_BACKEND),
	HARDWARE("ref-cycles", NULL, REF_CPU_CYCLES),
};

static const struct counter_name *find_name(const char *name)
{
	const struct counter_name *c;

	for (c = counter_names; c < counter_names + ARRAY_SIZE(counter_names); c++)
		if (!strcmp(name, c->name) ||
		    (c->alias && !strcmp(name, c->alias)))
			return c;
	return NULL;
}

static bool claims(const char *name)
{
	return find_name(name);
}

static void handler(struct perf_event *perf_event,
		    struct perf_sample_data *data, struct pt_regs *regs)
{
	struct unwind_start from = stackid_counters_start(regs);

	stackid_event_hit(perf_event->overflow_handler_context, &from,
			  user_mode(regs), 0);
}

/* kernel.perf_event_max_sample_rate: perf_event_open() looks, in-kernel users should. */
static u64 max_freq(void)
{
	const int *rate = stackid_kernel_symbol("sysctl_perf_event_sample_rate");

	return rate ? max(READ_ONCE(*rate), 1) : 100000;
}

static int refuse_create(const struct counter_name *name, int error,
			 struct refusal *why)
{
	if (name->type == PERF_TYPE_HARDWARE &&
	    (error == -ENOENT || error == -EOPNOTSUPP || error == -ENODEV ||
	     error == -ENXIO || error == -EINVAL))
		return stackid_refuse(why, error, 0,
				      "This machine has no hardware counter for %s (virtual machines often have none); cpu-clock works everywhere.",
				      name->name);
	return stackid_refuse(why, error, -1,
			      "perf could not make counters of %s: error %d.",
			      name->name, error);
}

static int attach(struct event *event, struct refusal *why)
{
	const struct counter_name *name = find_name(event->spec.name);
	const struct event_spec *spec = &event->spec;
	struct perf_event_attr attr = {
		.type = name->type,
		.config = name->config,
	};
	struct counters *counters;
	u64 max = max_freq();

	if (spec->value_arg)
		return stackid_refuse(why, -EINVAL, -1,
				      "%s has no arguments that value= could record; leave it out.",
				      name->name);
	if (spec->freq > max)
		return stackid_refuse(why, -EINVAL, -1,
				      "freq=%llu is more than the %llu that the sysctl kernel.perf_event_max_sample_rate allows now.",
				      spec->freq, max);

	if (spec->period) {
		attr.sample_period = spec->period;
	} else if (spec->freq || name->often) {
		attr.freq = 1;
		attr.sample_freq = spec->freq ?: min_t(u64, DEFAULT_FREQ, max);
	} else {
		attr.sample_period = 1;
	}

	counters = stackid_counters_create(&attr, handler, event);
	if (IS_ERR(counters))
		return refuse_create(name, PTR_ERR(counters), why);
	event->source_data = counters;
	return 0;
}

static void detach(struct event *event)
{
	stackid_counters_destroy(event->source_data);
}

static int enable(struct event *event)
{
	stackid_counters_enable(event->source_data);
	return 0;
}

static void disable(struct event *event)
{
	stackid_counters_disable(event->source_data);
}

/* Ask perf; the hardware's counters differ from machine to machine. */
static bool exists(const struct counter_name *name)
{
	struct perf_event_attr attr = {
		.type = name->type,
		.config = name->config,
		.size = sizeof(attr),
		.disabled = 1,
		.sample_period = S64_MAX,
	};
	struct perf_event *event;

	event = perf_event_create_kernel_counter(&attr, raw_smp_processor_id(),
						 NULL, handler, NULL);
	if (IS_ERR(event))
		return false;
	perf_event_release_kernel(event);
	return true;
}

static void list(struct seq_file *m)
{
	const struct counter_name *c;

	seq_printf(m, "# counters of perf, on every CPU; freq=HZ (clocks and hardware: %u) or period=N (the others: 1)\n",
		   DEFAULT_FREQ);
	for (c = counter_names; c < counter_names + ARRAY_SIZE(counter_names); c++)
		seq_printf(m, exists(c) ? "%s\n" : "# %s: not on this machine\n",
			   c->name);
}

const struct source_ops stackid_source_perf = {
	.kind = "counter",
	.claims = claims,
	.attach = attach,
	.detach = detach,
	.enable = enable,
	.disable = disable,
	.list = list,
};
