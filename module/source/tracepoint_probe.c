// SPDX-License-Identifier: GPL-2.0
/* A function of ours at a tracepoint, also one that comes and goes with its module. */
#include <linux/cpu.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <linux/uaccess.h>
#include <asm/syscall.h>
#include <trace/syscall.h>

#include "../kernel_symbol.h"
#include "../recording/event.h"
#include "../recording/event_again.h"
#include "tracepoint_probe.h"

/* Of a probe's; the one before them is its own data. */
#define MAX_REGISTER_ARG 5

/*
 * The probes
 *
 * They are called with the tracepoint's arguments, whatever these are: reading
 * more than there are gives what happens to be in the registers, or on the
 * caller's stack.  Newer kernels call them with preemption on.  In an NMI they run
 * before anybody looks for kprobes that are being handled (kprobe_state.h).
 */

static noinline notrace void hit_first(struct tracepoint_probe *probe,
				       unsigned long ip, unsigned long sp,
				       unsigned long bp,
				       const unsigned long *args)
{
	struct unwind_start from = {
		.ip = ip,
		.sp = sp,
		.bp = bp,
		.skip_start = probe->iter_start,
		.skip_end = probe->iter_end,
	};

	stackid_event_hit(probe->event, &from, false, args);
}

NOKPROBE_SYMBOL(hit_first);

/* Part of the probes, whose callers are where the stack begins. */
static __always_inline void hit(struct tracepoint_probe *probe,
				const unsigned long *args)
{
	struct unwind_start from = UNWIND_FROM_CALLER();

	if (args && stackid_event_drops(probe->event, args))
		return;
	if (!stackid_event_again(probe->event, from.ip, from.sp, from.bp, args))
		hit_first(probe, from.ip, from.sp, from.bp, args);
}

static noinline notrace void probe_plain(void *data)
{
	struct tracepoint_probe *probe = data;

	hit(probe, NULL);
}

NOKPROBE_SYMBOL(probe_plain);

/* Arguments in registers. */
static noinline notrace void probe_args(void *data, unsigned long a1,
					unsigned long a2, unsigned long a3,
					unsigned long a4, unsigned long a5)
{
	unsigned long args[] = { a1, a2, a3, a4, a5 };
	struct tracepoint_probe *probe = data;

	BUILD_BUG_ON(ARRAY_SIZE(args) != MAX_REGISTER_ARG);
	hit(probe, args);
}

NOKPROBE_SYMBOL(probe_args);

#if defined(CONFIG_X86_64) && !defined(CONFIG_UML)

/*
 * A tracepoint that has fewer arguments may be called by the first function on the
 * interrupts' stack (irq_vectors' are), and that stack ends within twelve words:
 * what is beyond it is 0.
 */
static __always_inline unsigned long argument_on_stack(const unsigned long *at)
{
	unsigned long argument;

	__get_kernel_nofault(&argument, at, unsigned long, beyond);
	return argument;
beyond:
	return 0;
}

/* Arguments also on the stack. */
static noinline notrace void
probe_args_stack(void *data, unsigned long a1, unsigned long a2,
		 unsigned long a3, unsigned long a4, unsigned long a5)
{
	const unsigned long *frame = __builtin_frame_address(0);
	struct tracepoint_probe *probe = data;
	unsigned int nr = probe->event->spec.nr_args, i;
	unsigned long args[EVENT_MAX_ARG];

	args[0] = a1;
	args[1] = a2;
	args[2] = a3;
	args[3] = a4;
	args[4] = a5;
	/* Behind the frame pointer and the return address. */
	for (i = MAX_REGISTER_ARG; i < nr; i++)
		args[i] = argument_on_stack(&frame[2 + i - MAX_REGISTER_ARG]);
	hit(probe, args);
}

#else

/*
 * Arguments also on the stack.  arm64 has two more in registers, and the functions
 * between the beginning of the interrupts' stack and any tracepoint keep more than
 * five words there.
 */
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
	struct tracepoint_probe *probe = data;

	BUILD_BUG_ON(ARRAY_SIZE(args) != EVENT_MAX_ARG);
	hit(probe, args);
}

#endif

NOKPROBE_SYMBOL(probe_args_stack);

static bool is_syscall(const struct tracepoint_probe *probe, struct pt_regs *regs,
		       int number)
{
#ifdef ARCH_TRACE_IGNORE_COMPAT_SYSCALLS
	/* Theirs are other numbers. */
	if (arch_trace_is_compat_syscall(regs))
		return false;
#endif
	return number == probe->syscall;
}

/* The rest have exact prototypes: they also serve where CFI is. */

static noinline notrace void probe_sys_enter(void *data, struct pt_regs *regs,
					     long number)
{
	struct tracepoint_probe *probe = data;
	bool wanted = probe->event->spec.nr_args;
	unsigned long args[6];

	if (!is_syscall(probe, regs, number))
		return;
	if (wanted)
		syscall_get_arguments(current, regs, args);
	hit(probe, wanted ? args : NULL);
}

NOKPROBE_SYMBOL(probe_sys_enter);

static noinline notrace void probe_sys_exit(void *data, struct pt_regs *regs,
					    long ret)
{
	struct tracepoint_probe *probe = data;

	if (!is_syscall(probe, regs, syscall_get_nr(current, regs)))
		return;
	hit(probe, (unsigned long *)&ret);
}

NOKPROBE_SYMBOL(probe_sys_exit);

/* What the arguments point to is the histogram's that made the event. */
static noinline notrace void probe_synthetic(void *data, u64 *values,
					     unsigned int *indices)
{
	struct tracepoint_probe *probe = data;

	hit(probe, NULL);
}

NOKPROBE_SYMBOL(probe_synthetic);

static void *function_for(const struct tracepoint_probe *probe)
{
	switch (probe->kind) {
	case PROBE_SYS_ENTER:
		return probe_sys_enter;
	case PROBE_SYS_EXIT:
		return probe_sys_exit;
	case PROBE_SYNTHETIC:
		return probe_synthetic;
	case PROBE_ARGUMENTS:
		break;
	}
	if (!probe->event->spec.nr_args)
		return probe_plain;
	return probe->event->spec.nr_args <= MAX_REGISTER_ARG ?
		       (void *)probe_args : (void *)probe_args_stack;
}

/*
 * Probing, and modules that come and go
 */

void stackid_tracepoint_probe_iterator(struct tracepoint_probe *probe,
				       const struct tracepoint *tp)
{
	unsigned long start = (unsigned long)tp->iterator;

	probe->iter_start = start;
	probe->iter_end = start + stackid_symbol_size(start);
}

static int add_probe(struct tracepoint_probe *probe, struct tracepoint *tp)
{
	int ret;

	stackid_tracepoint_probe_iterator(probe, tp);
	probe->function = function_for(probe);
	ret = tracepoint_probe_register(tp, probe->function, probe);
	/* Who asks whether it is asleep looks while modules come and go. */
	if (!ret)
		WRITE_ONCE(probe->tp, tp);
	return ret;
}

/* No probe is under way when it returns. */
static void remove_probe(struct tracepoint_probe *probe)
{
	if (!probe->tp)
		return;
	tracepoint_probe_unregister(probe->tp, probe->function, probe);
	WRITE_ONCE(probe->tp, NULL);
	/* As in wait_for_hits.h. */
	cpus_read_lock();
	tracepoint_synchronize_unregister();
	cpus_read_unlock();
}

static void module_comes(struct tracepoint_probe *probe, struct module *module)
{
	unsigned int i;

	if (probe->tp)
		return;
	if (probe->module[0] && strcmp(probe->module, module->name))
		return;
	for (i = 0; i < module->num_tracepoints; i++) {
		struct tracepoint *tp =
			tracepoint_ptr_deref(module->tracepoints_ptrs + i);

		if (strcmp(tp->name, probe->name))
			continue;
		probe->error = add_probe(probe, tp);
		strscpy(probe->module, module->name, sizeof(probe->module));
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
	struct tracepoint_probe *probe = container_of(nb, struct tracepoint_probe, nb);
	struct module *module = ((struct tp_module *)data)->mod;
	bool was_there = probe->tp;

	if (state == MODULE_STATE_COMING) {
		module_comes(probe, module);
	} else if (state == MODULE_STATE_GOING && was_there &&
		   !strcmp(probe->module, module->name)) {
		remove_probe(probe);
		if (module->state == MODULE_STATE_GOING)
			pr_info("stackid: module %s is going and takes the tracepoint %s with it; the event sleeps until the module is loaded again\n",
				module->name, probe->name);
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

struct tracepoint *stackid_tracepoint_find_builtin(const char *name)
{
	struct search search = { .name = name };

	for_each_kernel_tracepoint(compare, &search);
	return search.found;
}

/* 0 with probe->tp or a negative errno. */
static int attach_in_modules(struct tracepoint_probe *probe)
{
	int ret;

	probe->nb.notifier_call = module_notify;
	ret = register_tracepoint_module_notifier(&probe->nb);
	if (!ret && !probe->tp) {
		unregister_tracepoint_module_notifier(&probe->nb);
		ret = probe->error ?: -ENOENT;
	}
	if (ret)
		probe->nb.notifier_call = NULL;
	return ret;
}

int stackid_tracepoint_probe_attach(struct tracepoint_probe *probe,
				    struct tracepoint *builtin)
{
	return builtin ? add_probe(probe, builtin) : attach_in_modules(probe);
}

void stackid_tracepoint_probe_detach(struct tracepoint_probe *probe)
{
	if (probe->nb.notifier_call)
		unregister_tracepoint_module_notifier(&probe->nb);
	else
		remove_probe(probe);
}

const char *stackid_tracepoint_probe_asleep(const struct tracepoint_probe *probe)
{
	return probe->nb.notifier_call && !READ_ONCE(probe->tp) ?
	       probe->module : NULL;
}
