// SPDX-License-Identifier: GPL-2.0
/*
 * perf's counters as sources: sampling by clocks and by the hardware, and the
 * kernel's software events.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/perf_event.h>
#include <linux/seq_file.h>
#include <linux/smp.h>
#include <linux/string.h>

#include "../kernel_symbol.h"
#include "../recording/event.h"
#include "counters.h"
#include "source.h"

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
			  user_mode(regs), NULL);
}

/* See kprobe_state.h. */
NOKPROBE_SYMBOL(handler);

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

	attr.exclude_user = spec->kernel_only;
	if (spec->nr_args)
		return stackid_refuse(why, -EINVAL, -1,
				      "%s has no arguments that value= could record or if= compare; leave them out.",
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
