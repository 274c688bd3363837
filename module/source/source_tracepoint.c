// SPDX-License-Identifier: GPL-2.0
/*
 * Tracepoints as sources.
 *
 * Names and the way each is served:
 *
 *   GROUP:NAME        a trace event: its tracepoint, by a direct probe
 *   syscalls:sys_*    one system call: the tracepoint sys_enter or sys_exit,
 *                     by a direct probe that compares the number
 *   tracepoint:NAME   a tracepoint by its own name, for those that are no
 *                     trace event; by a direct probe
 *   perf:GROUP:NAME   a trace event through perf: 15 times as slow, but perf
 *                     knows the event's exact arguments, which a kernel built
 *                     with CFI insists on; and it serves the events that have
 *                     no tracepoint, such as those in kprobe_events
 *
 * GROUP:NAME goes through perf by itself where there is no other way.
 *
 * Dynamic events (those of tracefs's dynamic_events, and user_events) are freed
 * when somebody deletes them; a reference keeps them.  perf holds one.  Synthetic
 * events alone are nothing that perf could serve: they get a direct probe, and
 * the reference is held here.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/perf_event.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/trace_events.h>
#include <linux/tracepoint.h>
#include <trace/syscall.h>

#include "../compat.h"
#include "../recording/event.h"
#include "counters.h"
#include "source.h"
#include "source_tracepoint_list.h"
#include "tracepoint_probe.h"

#define PREFIX_PERF "perf:"
#define GROUP_SYSCALLS "syscalls"
#define GROUP_SYNTHETIC "synthetic"

/**
 * struct tp_source - a tracepoint event's
 * @probe:    the direct way; through perf only its event and iterator are used
 * @file:     the reference to a synthetic event, or NULL
 * @counters: the way through perf, or NULL
 */
struct tp_source {
	struct tracepoint_probe probe;
	struct trace_event_file *file;
	struct counters *counters;
};

static int attach_direct(struct tp_source *source, struct tracepoint *builtin,
			 struct refusal *why)
{
	int ret;

	ret = stackid_tracepoint_probe_attach(&source->probe, builtin);
	if (ret == -ENOENT)
		return stackid_refuse(why, ret, 0,
				      "There is no tracepoint %s; available_events lists what there is.",
				      source->probe.event->spec.name);
	if (ret)
		return stackid_refuse(why, ret, 0,
				      "The tracepoint %s could not be probed: error %d.",
				      source->probe.name, ret);
	return 0;
}

/*
 * Through perf
 */

static void perf_handler(struct perf_event *perf_event,
			 struct perf_sample_data *data, struct pt_regs *regs)
{
	struct tp_source *source = perf_event->overflow_handler_context;
	struct unwind_start from = stackid_counters_start(regs);

	from.skip_start = source->probe.iter_start;
	from.skip_end = source->probe.iter_end;
	stackid_event_hit(source->probe.event, &from, user_mode(regs), NULL);
}

NOKPROBE_SYMBOL(perf_handler);

static int attach_perf(struct tp_source *source,
		       const struct trace_event_call *call, struct refusal *why)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.config = call->event.type,
		.sample_period = 1,
	};
	struct counters *counters;

	if (source->probe.event->spec.nr_args)
		return stackid_refuse(why, -EOPNOTSUPP, -1,
				      "value= and if= are not to be had: %s through perf, which does not show the arguments.",
				      HAVE_CFI ? "with CFI in the kernel it goes" :
						 "this event goes");
	if (call->flags & TRACE_EVENT_FL_EPROBE)
		return stackid_refuse(why, -EOPNOTSUPP, 0,
				      "%s is an event probe, which never hits for perf; record the event that it is attached to.",
				      source->probe.event->spec.name);
	if (call->flags & TRACE_EVENT_FL_TRACEPOINT) {
		/* Not all kernels look before they make a probe of it. */
		if (!call->class->perf_probe)
			return stackid_refuse(why, -EOPNOTSUPP, 0,
					      "perf has no probe for this event; leave out perf:.");
		stackid_tracepoint_probe_iterator(&source->probe, call->tp);
	}
	counters = stackid_counters_create(&attr, perf_handler, source);
	if (IS_ERR(counters))
		return stackid_refuse(why, PTR_ERR(counters), -1,
				      "perf could not make counters of this event: error %ld.",
				      PTR_ERR(counters));
	source->counters = counters;
	return 0;
}

/*
 * Names
 */

static bool claims(const char *name)
{
	return strchr(name, ':');
}

static int attach_syscall(struct tp_source *source,
			  const struct trace_event_call *call,
			  struct refusal *why)
{
	const struct syscall_metadata *meta = call->data;
	struct tracepoint_probe *probe = &source->probe;
	unsigned int arg = source->probe.event->spec.nr_args;
	bool enter = call == meta->enter_event;
	unsigned int nr_args = enter ? meta->nb_args : 1;

	if (arg > nr_args)
		return stackid_refuse(why, -EINVAL, -1,
				      "arg%u is not to be had: this event has %u, %s.",
				      arg, nr_args,
				      enter ? "the system call's arguments" :
					      "what the system call returns");
	probe->syscall = meta->syscall_nr;
	probe->kind = enter ? PROBE_SYS_ENTER : PROBE_SYS_EXIT;
	strscpy(probe->name, enter ? "sys_enter" : "sys_exit",
		sizeof(probe->name));
	return attach_direct(source,
			     stackid_tracepoint_find_builtin(probe->name), why);
}

static bool is_syscall_event(const struct trace_event_call *call)
{
	return !strcmp(call->class->system, GROUP_SYSCALLS) &&
	       !(call->flags & (TRACE_EVENT_FL_TRACEPOINT |
				TRACE_EVENT_FL_DYNAMIC));
}

static bool is_synthetic(const struct trace_event_call *call)
{
	return call->flags & TRACE_EVENT_FL_DYNAMIC &&
	       call->flags & TRACE_EVENT_FL_TRACEPOINT &&
	       !strcmp(call->class->system, GROUP_SYNTHETIC);
}

/* 0 with the reference, which is then the event's own. */
static int attach_synthetic(struct tp_source *source,
			    struct trace_event_file *file, struct refusal *why)
{
	struct tracepoint *tp = file->event_call->tp;
	int ret;

	if (source->probe.event->spec.nr_args)
		return stackid_refuse(why, -EOPNOTSUPP, -1,
				      "value= and if= are not to be had: a synthetic event's fields are no arguments.");
	strscpy(source->probe.name, tp->name, sizeof(source->probe.name));
	source->probe.kind = PROBE_SYNTHETIC;
	ret = attach_direct(source, tp, why);
	if (!ret)
		source->file = file;
	return ret;
}

static int attach_call(struct tp_source *source, struct trace_event_file *file,
		       bool perf, struct refusal *why)
{
	struct trace_event_call *call = file->event_call;
	struct tracepoint_probe *probe = &source->probe;

	if (!stackid_can_be_enabled(call))
		return stackid_refuse(why, -EINVAL, 0,
				      "%s is how ftrace writes its own records, nothing that happens.",
				      source->probe.event->spec.name);
	if (is_syscall_event(call)) {
		if (perf)
			return stackid_refuse(why, -EOPNOTSUPP, 0,
					      "perf shows a system call's event with the registers of user mode, so there is no kernel stack; leave out perf:.");
		return attach_syscall(source, call, why);
	}
	if (!perf && is_synthetic(call))
		return attach_synthetic(source, file, why);
	if (perf || HAVE_CFI || !(call->flags & TRACE_EVENT_FL_TRACEPOINT) ||
	    call->flags & TRACE_EVENT_FL_DYNAMIC)
		return attach_perf(source, call, why);

	strscpy(probe->name, call->tp->name, sizeof(probe->name));
	if (!call->module)
		return attach_direct(source, call->tp, why);
	strscpy(probe->module, ((struct module *)call->module)->name,
		sizeof(probe->module));
	return attach_direct(source, NULL, why);
}

/* GROUP:NAME at @caret of the event's name. */
static int attach_group_name(struct tp_source *source, int caret,
			     struct refusal *why)
{
	char group[sizeof_field(struct event_spec, name)];
	struct trace_event_file *file;
	char *name;
	int ret;

	strscpy(group, source->probe.event->spec.name + caret, sizeof(group));
	name = group;
	strsep(&name, ":");
	if (!name || !*name || !group[0])
		return stackid_refuse(why, -EINVAL, caret,
				      "\"%s\" is no name of a tracepoint: that is GROUP:NAME, as in sched:sched_switch.",
				      source->probe.event->spec.name + caret);

	/* Keeps the event, and its module where it is, until the put. */
	file = trace_get_event_file(NULL, group, name);
	if (IS_ERR(file))
		return stackid_refuse(why, -ENOENT, caret,
				      "There is no tracepoint %s:%s; available_events lists what there is.",
				      group, name);
	ret = attach_call(source, file, caret > 0, why);
	if (!source->file)
		trace_put_event_file(file);
	return ret;
}

static int attach_bare(struct tp_source *source, struct refusal *why)
{
	char *name = source->probe.name;

	strscpy(name, source->probe.event->spec.name + strlen(PREFIX_TRACEPOINT),
		sizeof(source->probe.name));
	if (HAVE_CFI)
		return stackid_refuse(why, -EOPNOTSUPP, 0,
				      "This kernel is built with CFI, so only trace events can be recorded, not bare tracepoints.");
	return attach_direct(source, stackid_tracepoint_find_builtin(name), why);
}

static int attach(struct event *event, struct refusal *why)
{
	const struct event_spec *spec = &event->spec;
	struct tp_source *source;
	int ret;

	if (spec->freq || spec->period)
		return stackid_refuse(why, -EINVAL, -1,
				      "freq= and period= are for counters; a tracepoint hits every time.");

	source = kzalloc(sizeof(*source), GFP_KERNEL);
	if (!source)
		return stackid_refuse(why, -ENOMEM, -1,
				      "There is no memory for another event.");
	source->probe.event = event;
	event->source_data = source;

	if (str_has_prefix(spec->name, PREFIX_TRACEPOINT))
		ret = attach_bare(source, why);
	else
		ret = attach_group_name(source, str_has_prefix(spec->name, PREFIX_PERF),
					why);
	if (ret) {
		event->source_data = NULL;
		kfree(source);
	}
	return ret;
}

static void detach(struct event *event)
{
	struct tp_source *source = event->source_data;

	if (source->counters)
		stackid_counters_destroy(source->counters);
	else
		stackid_tracepoint_probe_detach(&source->probe);
	if (source->file)
		trace_put_event_file(source->file);
	kfree(source);
}

static const char *asleep(struct event *event)
{
	struct tp_source *source = event->source_data;

	return stackid_tracepoint_probe_asleep(&source->probe);
}

static int enable(struct event *event)
{
	struct tp_source *source = event->source_data;

	if (source->counters)
		stackid_counters_enable(source->counters);
	return 0;
}

static void disable(struct event *event)
{
	struct tp_source *source = event->source_data;

	if (source->counters)
		stackid_counters_disable(source->counters);
}

const struct source_ops stackid_source_tracepoint = {
	.kind = "tracepoint",
	.claims = claims,
	.attach = attach,
	.detach = detach,
	.enable = enable,
	.disable = disable,
	.asleep = asleep,
	.list = stackid_source_tracepoint_list,
};
