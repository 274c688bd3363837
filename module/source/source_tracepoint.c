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
#include <asm/syscall.h>
#include <trace/syscall.h>

#include "../compat.h"
#include "../kernel_symbol.h"
#include "../recording/event.h"
#include "../recording/event_again.h"
#include "counters.h"
#include "source.h"
#include "source_tracepoint_list.h"

/* Of a probe's; the one before them is its own data. */
#define MAX_REGISTER_ARG 5

#define PREFIX_PERF "perf:"
#define GROUP_SYSCALLS "syscalls"
#define GROUP_SYNTHETIC "synthetic"

/**
 * struct tp_source - an event's tracepoint
 * @event:      whose hits they are
 * @nb:         called for modules that come and go, if the tracepoint is in one
 * @name:       of the tracepoint
 * @module:     that has it; empty if the kernel itself does, or as long as any
 *              module may
 * @tp:         probed now, or NULL while the module is away.  For modules under
 *              the kernel's lock for the notifiers
 * @probe:      the function that fits
 * @iter_start: the function that calls several probes
 * @iter_end:   one past it
 * @syscall:    the number to compare with, for the syscall probes
 * @error:      of the last attempt to probe
 * @file:       the reference to a synthetic event, or NULL
 * @counters:   the way through perf; the above is unused then
 */
struct tp_source {
	struct event *event;
	struct notifier_block nb;
	char name[sizeof_field(struct event_spec, name)];
	char module[MODULE_NAME_LEN];
	struct tracepoint *tp;
	void *probe;
	unsigned long iter_start;
	unsigned long iter_end;
	int syscall;
	int error;
	struct trace_event_file *file;
	struct counters *counters;
};

/*
 * The probes
 *
 * They are called with the tracepoint's arguments, whatever these are: reading
 * more than there are gives what happens to be in the registers, or on the
 * caller's stack.  Newer kernels call them with preemption on.  In an NMI they run
 * before anybody looks for kprobes that are being handled (kprobe_state.h).
 */

static noinline notrace void hit_first(struct tp_source *source,
				       unsigned long ip, unsigned long sp,
				       unsigned long bp,
				       const unsigned long *args)
{
	struct unwind_start from = {
		.ip = ip,
		.sp = sp,
		.bp = bp,
		.skip_start = source->iter_start,
		.skip_end = source->iter_end,
	};

	stackid_event_hit(source->event, &from, false, args);
}

NOKPROBE_SYMBOL(hit_first);

/* Part of the probes, whose callers are where the stack begins. */
static __always_inline void hit(struct tp_source *source,
				const unsigned long *args)
{
	struct unwind_start from = UNWIND_FROM_CALLER();

	if (args && stackid_event_drops(source->event, args))
		return;
	if (!stackid_event_again(source->event, from.ip, from.sp, from.bp, args))
		hit_first(source, from.ip, from.sp, from.bp, args);
}

static noinline notrace void probe_plain(void *data)
{
	struct tp_source *source = data;

	hit(source, NULL);
}

NOKPROBE_SYMBOL(probe_plain);

/* Arguments in registers. */
static noinline notrace void probe_args(void *data, unsigned long a1,
					unsigned long a2, unsigned long a3,
					unsigned long a4, unsigned long a5)
{
	unsigned long args[] = { a1, a2, a3, a4, a5 };
	struct tp_source *source = data;

	BUILD_BUG_ON(ARRAY_SIZE(args) != MAX_REGISTER_ARG);
	hit(source, args);
}

NOKPROBE_SYMBOL(probe_args);

/* Arguments also on the stack. */
static noinline notrace void
probe_args_stack(void *data, unsigned long a1, unsigned long a2,
		 unsigned long a3, unsigned long a4, unsigned long a5,
		 unsigned long a6, unsigned long a7, unsigned long a8,
		 unsigned long a9, unsigned long a10, unsigned long a11,
		 unsigned long a12)
{
	unsigned long args[] = {
		a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12
	};
	struct tp_source *source = data;

	BUILD_BUG_ON(ARRAY_SIZE(args) != EVENT_MAX_ARG);
	hit(source, args);
}

NOKPROBE_SYMBOL(probe_args_stack);

static bool is_syscall(const struct tp_source *source, struct pt_regs *regs,
		       int number)
{
#ifdef ARCH_TRACE_IGNORE_COMPAT_SYSCALLS
	/* Theirs are other numbers. */
	if (arch_trace_is_compat_syscall(regs))
		return false;
#endif
	return number == source->syscall;
}

/* The rest have exact prototypes: they also serve where CFI is. */

static noinline notrace void probe_sys_enter(void *data, struct pt_regs *regs,
					     long number)
{
	struct tp_source *source = data;
	bool wanted = source->event->spec.nr_args;
	unsigned long args[6];

	if (!is_syscall(source, regs, number))
		return;
	if (wanted)
		syscall_get_arguments(current, regs, args);
	hit(source, wanted ? args : NULL);
}

NOKPROBE_SYMBOL(probe_sys_enter);

static noinline notrace void probe_sys_exit(void *data, struct pt_regs *regs,
					    long ret)
{
	struct tp_source *source = data;

	if (!is_syscall(source, regs, syscall_get_nr(current, regs)))
		return;
	hit(source, (unsigned long *)&ret);
}

NOKPROBE_SYMBOL(probe_sys_exit);

/* What the arguments point to is the histogram's that made the event. */
static noinline notrace void probe_synthetic(void *data, u64 *values,
					     unsigned int *indices)
{
	struct tp_source *source = data;

	hit(source, NULL);
}

NOKPROBE_SYMBOL(probe_synthetic);

static void *generic_probe(const struct event_spec *spec)
{
	if (!spec->nr_args)
		return probe_plain;
	return spec->nr_args <= MAX_REGISTER_ARG ? (void *)probe_args :
						   (void *)probe_args_stack;
}

/*
 * Probing, and modules that come and go
 */

static void find_iterator(struct tp_source *source, const struct tracepoint *tp)
{
	unsigned long start = (unsigned long)tp->iterator;

	source->iter_start = start;
	source->iter_end = start + stackid_symbol_size(start);
}

static int add_probe(struct tp_source *source, struct tracepoint *tp)
{
	int ret;

	find_iterator(source, tp);
	ret = tracepoint_probe_register(tp, source->probe, source);
	/* asleep() looks while modules come and go. */
	if (!ret)
		WRITE_ONCE(source->tp, tp);
	return ret;
}

/* No probe is under way when it returns. */
static void remove_probe(struct tp_source *source)
{
	if (!source->tp)
		return;
	tracepoint_probe_unregister(source->tp, source->probe, source);
	WRITE_ONCE(source->tp, NULL);
	tracepoint_synchronize_unregister();
}

static void module_comes(struct tp_source *source, struct module *module)
{
	unsigned int i;

	if (source->tp)
		return;
	if (source->module[0] && strcmp(source->module, module->name))
		return;
	for (i = 0; i < module->num_tracepoints; i++) {
		struct tracepoint *tp =
			tracepoint_ptr_deref(module->tracepoints_ptrs + i);

		if (strcmp(tp->name, source->name))
			continue;
		source->error = add_probe(source, tp);
		strscpy(source->module, module->name, sizeof(source->module));
		return;
	}
}

/*
 * Registering this reports all modules that are there as coming, unregistering
 * reports them as going.  So these two alone attach and detach.
 */
static int module_notify(struct notifier_block *nb, unsigned long state,
			 void *data)
{
	struct tp_source *source = container_of(nb, struct tp_source, nb);
	struct module *module = ((struct tp_module *)data)->mod;
	bool was_there = source->tp;

	if (state == MODULE_STATE_COMING) {
		module_comes(source, module);
	} else if (state == MODULE_STATE_GOING && was_there &&
		   !strcmp(source->module, module->name)) {
		remove_probe(source);
		if (module->state == MODULE_STATE_GOING)
			pr_info("stackid: module %s is going and takes the tracepoint %s with it; the event sleeps until the module is loaded again\n",
				module->name, source->name);
	}
	return NOTIFY_OK;
}

struct search {
	const char *name;
	struct tracepoint *found;
};

static void compare(struct tracepoint *tp, void *data)
{
	struct search *search = data;

	if (!strcmp(tp->name, search->name))
		search->found = tp;
}

/* Only the kernel's own; modules' are found by the notifier. */
static struct tracepoint *find_builtin(const char *name)
{
	struct search search = { .name = name };

	for_each_kernel_tracepoint(compare, &search);
	return search.found;
}

/* 0 with source->tp or a negative errno. */
static int attach_in_modules(struct tp_source *source)
{
	int ret;

	source->nb.notifier_call = module_notify;
	ret = register_tracepoint_module_notifier(&source->nb);
	if (!ret && !source->tp) {
		unregister_tracepoint_module_notifier(&source->nb);
		ret = source->error ?: -ENOENT;
	}
	if (ret)
		source->nb.notifier_call = NULL;
	return ret;
}

static int attach_direct(struct tp_source *source, struct tracepoint *builtin,
			 struct refusal *why)
{
	int ret;

	ret = builtin ? add_probe(source, builtin) : attach_in_modules(source);
	if (ret == -ENOENT)
		return stackid_refuse(why, ret, 0,
				      "There is no tracepoint %s; available_events lists what there is.",
				      source->event->spec.name);
	if (ret)
		return stackid_refuse(why, ret, 0,
				      "The tracepoint %s could not be probed: error %d.",
				      source->name, ret);
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

	from.skip_start = source->iter_start;
	from.skip_end = source->iter_end;
	stackid_event_hit(source->event, &from, user_mode(regs), NULL);
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

	if (source->event->spec.nr_args)
		return stackid_refuse(why, -EOPNOTSUPP, -1,
				      "value= and if= are not to be had: %s through perf, which does not show the arguments.",
				      HAVE_CFI ? "with CFI in the kernel it goes" :
						 "this event goes");
	if (call->flags & TRACE_EVENT_FL_EPROBE)
		return stackid_refuse(why, -EOPNOTSUPP, 0,
				      "%s is an event probe, which never hits for perf; record the event that it is attached to.",
				      source->event->spec.name);
	if (call->flags & TRACE_EVENT_FL_TRACEPOINT) {
		/* Not all kernels look before they make a probe of it. */
		if (!call->class->perf_probe)
			return stackid_refuse(why, -EOPNOTSUPP, 0,
					      "perf has no probe for this event; leave out perf:.");
		find_iterator(source, call->tp);
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
	unsigned int arg = source->event->spec.nr_args;
	bool enter = call == meta->enter_event;
	unsigned int nr_args = enter ? meta->nb_args : 1;

	if (arg > nr_args)
		return stackid_refuse(why, -EINVAL, -1,
				      "arg%u is not to be had: this event has %u, %s.",
				      arg, nr_args,
				      enter ? "the system call's arguments" :
					      "what the system call returns");
	source->syscall = meta->syscall_nr;
	source->probe = enter ? (void *)probe_sys_enter :
				(void *)probe_sys_exit;
	strscpy(source->name, enter ? "sys_enter" : "sys_exit",
		sizeof(source->name));
	return attach_direct(source, find_builtin(source->name), why);
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

	if (source->event->spec.nr_args)
		return stackid_refuse(why, -EOPNOTSUPP, -1,
				      "value= and if= are not to be had: a synthetic event's fields are no arguments.");
	strscpy(source->name, tp->name, sizeof(source->name));
	source->probe = probe_synthetic;
	ret = attach_direct(source, tp, why);
	if (!ret)
		source->file = file;
	return ret;
}

static int attach_call(struct tp_source *source, struct trace_event_file *file,
		       bool perf, struct refusal *why)
{
	struct trace_event_call *call = file->event_call;

	if (!stackid_can_be_enabled(call))
		return stackid_refuse(why, -EINVAL, 0,
				      "%s is how ftrace writes its own records, nothing that happens.",
				      source->event->spec.name);
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

	strscpy(source->name, call->tp->name, sizeof(source->name));
	source->probe = generic_probe(&source->event->spec);
	if (!call->module)
		return attach_direct(source, call->tp, why);
	strscpy(source->module, ((struct module *)call->module)->name,
		sizeof(source->module));
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

	strscpy(group, source->event->spec.name + caret, sizeof(group));
	name = group;
	strsep(&name, ":");
	if (!name || !*name || !group[0])
		return stackid_refuse(why, -EINVAL, caret,
				      "\"%s\" is no name of a tracepoint: that is GROUP:NAME, as in sched:sched_switch.",
				      source->event->spec.name + caret);

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
	strscpy(source->name,
		source->event->spec.name + strlen(PREFIX_TRACEPOINT),
		sizeof(source->name));
	if (HAVE_CFI)
		return stackid_refuse(why, -EOPNOTSUPP, 0,
				      "This kernel is built with CFI, so only trace events can be recorded, not bare tracepoints.");
	source->probe = generic_probe(&source->event->spec);
	return attach_direct(source, find_builtin(source->name), why);
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
	source->event = event;
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
	else if (source->nb.notifier_call)
		unregister_tracepoint_module_notifier(&source->nb);
	else
		remove_probe(source);
	if (source->file)
		trace_put_event_file(source->file);
	kfree(source);
}

static const char *asleep(struct event *event)
{
	struct tp_source *source = event->source_data;

	return source->nb.notifier_call && !READ_ONCE(source->tp) ?
	       source->module : NULL;
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
