// SPDX-License-Identifier: GPL-2.0
/* Kprobes as sources: any instruction of the kernel that can be probed. */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/ptrace.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../context.h"
#include "../recording/event.h"
#include "../recording/event_again.h"
#include "source.h"
#include "traceable.h"

#define PREFIX "kprobe:"
#define MAX_REGISTER_ARG 6

/**
 * struct kprobe_source - an event's kprobe
 * @kprobe: registered, but for the time that it is asleep
 * @event:  whose hits they are; constant
 * @nb:     called for modules that come and go: a kprobe dies with the text that it
 *          is in, and does not come back by itself
 * @lock:   protects the rest and @kprobe's registration.  Task context, inside of
 *          recording->lock and of the notifiers' own lock
 * @asleep: @kprobe is not registered, because its module is away
 * @module: that the function is or was in when it went to sleep
 * @missed: of former registrations
 * @symbol: what kprobe.symbol_name points to: as it was asked for; once it has been
 *          asleep, with its module's name
 */
struct kprobe_source {
	struct kprobe kprobe;
	struct event *event;
	struct notifier_block nb;
	struct mutex lock;
	bool asleep;
	char module[MODULE_NAME_LEN];
	u64 missed;
	char symbol[MODULE_NAME_LEN + sizeof_field(struct event_spec, name)];
};

static bool claims(const char *name)
{
	return str_has_prefix(name, PREFIX);
}

/*
 * Whether the kernel came here by a breakpoint, by ftrace or by a jump, the
 * registers are those before the probed instruction, but for the ip: that is
 * where a breakpoint would have left it.
 */
static int pre_handler(struct kprobe *kprobe, struct pt_regs *regs)
{
	struct kprobe_source *source =
		container_of(kprobe, struct kprobe_source, kprobe);
	struct unwind_start from = { .regs = regs };
	unsigned long ip = instruction_pointer(regs);
	bool breakpoint = stackid_is_breakpoint(regs);
	struct event *event = source->event;
	unsigned long args[MAX_REGISTER_ARG];
	unsigned int i;

	for (i = 0; i < event->spec.nr_args; i++)
		args[i] = regs_get_kernel_argument(regs, i);
	if (stackid_event_drops(event, args))
		return 0;

	instruction_pointer_set(regs, (unsigned long)kprobe->addr);
	if (breakpoint)
		breakpoint_enter();
	stackid_event_hit_kprobe(event, &from, false, args);
	if (breakpoint)
		breakpoint_leave();
	instruction_pointer_set(regs, ip);
	return 0;
}

NOKPROBE_SYMBOL(pre_handler);

/* FUNCTION[+OFFSET] or MODULE:FUNCTION[+OFFSET] */
static int parse(struct kprobe_source *source, const char *name,
		 struct refusal *why)
{
	char *plus;

	strscpy(source->symbol, name + strlen(PREFIX),
		sizeof_field(struct event_spec, name));
	plus = strchr(source->symbol, '+');
	if (plus) {
		*plus++ = '\0';
		if (kstrtouint(plus, 0, &source->kprobe.offset))
			return stackid_refuse(why, -EINVAL,
					      strlen(PREFIX) + (plus - source->symbol),
					      "\"%s\" is no offset; write it as in kprobe:vfs_read+0x10.",
					      plus);
	}
	if (!source->symbol[0])
		return stackid_refuse(why, -EINVAL, strlen(PREFIX),
				      "The function is missing; write it as in kprobe:vfs_read.");
	source->kprobe.symbol_name = source->symbol;
	return 0;
}

static int refuse_register(const struct kprobe_source *source, int error,
			   struct refusal *why)
{
	const char *symbol = source->symbol;
	unsigned int offset = source->kprobe.offset;
	int caret = strlen(PREFIX);

	/* Without an address it was the name. */
	if (!source->kprobe.addr)
		return stackid_refuse(why, -ENOENT, caret,
				      "There is no function %s in /proc/kallsyms; the compiler may have inlined or renamed it, or its module is not loaded.",
				      symbol);
	if (offset && (error == -EILSEQ || error == -EINVAL))
		return stackid_refuse(why, error,
				      caret + strlen(symbol) + 1,
				      "%s+0x%x can not be probed: no instruction begins there, or it is on the kernel's list of places that must not be probed.",
				      symbol, offset);
	if (error == -EINVAL)
		return stackid_refuse(why, error, caret,
				      "%s can not be probed: it is no function's code, or it is on the kernel's list of places that must not be (/sys/kernel/debug/kprobes/blacklist).",
				      symbol);
	return stackid_refuse(why, error, caret,
			      "The kernel refused a kprobe at %s+0x%x: error %d.",
			      symbol, offset, error);
}

static int refuse_notrace(const struct kprobe_source *source, int error,
			  struct refusal *why)
{
	if (error == -ENOMEM)
		return stackid_refuse(why, error, -1,
				      "There is no memory for another event.");
	return stackid_refuse(why, error, strlen(PREFIX),
			      "%s is a notrace function, which tracing itself may run: a kprobe there can end the kernel. Probe one of /sys/kernel/tracing/available_filter_functions instead, such as its caller.",
			      source->symbol);
}

static int put_kprobe(struct kprobe_source *source, struct refusal *why)
{
	struct kprobe *kprobe = &source->kprobe;
	int ret;

	/* Then its address is known, and it does not hit yet. */
	kprobe->flags = KPROBE_FLAG_DISABLED;
	ret = register_kprobe(kprobe);
	if (ret)
		return refuse_register(source, ret, why);
	ret = stackid_check_traceable((unsigned long)kprobe->addr);
	if (ret) {
		refuse_notrace(source, ret, why);
		goto err_unregister;
	}
	ret = enable_kprobe(kprobe);
	if (ret) {
		refuse_register(source, ret, why);
		goto err_unregister;
	}
	return 0;

err_unregister:
	unregister_kprobe(kprobe);
	return ret;
}

/*
 * Modules that come and go
 */

static void fall_asleep(struct kprobe_source *source, const struct module *module)
{
	const char *function = strchr(source->symbol, ':');
	char symbol[sizeof_field(struct event_spec, name)];

	unregister_kprobe(&source->kprobe);
	source->missed += source->kprobe.nmissed;
	strscpy(symbol, function ? function + 1 : source->symbol, sizeof(symbol));
	strscpy(source->module, module->name, sizeof(source->module));
	snprintf(source->symbol, sizeof(source->symbol), "%s:%s", module->name,
		 symbol);
	source->asleep = true;
	pr_info("stackid: module %s is going and takes the function %s with it; the event sleeps until the module is loaded again\n",
		module->name, symbol);
}

static void wake(struct kprobe_source *source)
{
	unsigned int offset = source->kprobe.offset;
	struct refusal why;

	source->kprobe = (struct kprobe) {
		.symbol_name = source->symbol,
		.offset = offset,
		.pre_handler = pre_handler,
	};
	source->asleep = put_kprobe(source, &why);
	if (source->asleep)
		pr_warn("stackid: module %s is back, but its function %s can not be probed any more, so that the event sleeps on. %s\n",
			source->module, source->symbol, why.text);
}

/* Before the module's first instruction runs, and after its last. */
static int module_notify(struct notifier_block *nb, unsigned long state,
			 void *data)
{
	struct kprobe_source *source =
		container_of(nb, struct kprobe_source, nb);
	struct module *module = data;
	unsigned long address;

	mutex_lock(&source->lock);
	/* Another module's notifier may have waked the event at another address. */
	address = (unsigned long)source->kprobe.addr;
	if (source->asleep) {
		if (state == MODULE_STATE_COMING &&
		    !strcmp(source->module, module->name))
			wake(source);
	} else if ((state == MODULE_STATE_GOING && within_module(address, module)) ||
		   (state == MODULE_STATE_LIVE &&
		    within_module_init(address, module))) {
		fall_asleep(source, module);
	}
	mutex_unlock(&source->lock);
	return NOTIFY_DONE;
}

static const char *asleep(struct event *event)
{
	struct kprobe_source *source = event->source_data;
	bool asleep;

	mutex_lock(&source->lock);
	asleep = source->asleep;
	mutex_unlock(&source->lock);
	/* Once written, the name stays. */
	return asleep ? source->module : NULL;
}

static int attach(struct event *event, struct refusal *why)
{
	const struct event_spec *spec = &event->spec;
	struct kprobe_source *source;
	int ret;

	if (spec->freq || spec->period)
		return stackid_refuse(why, -EINVAL, -1,
				      "freq= and period= are for counters; a kprobe hits every time.");
	if (spec->nr_args > MAX_REGISTER_ARG)
		return stackid_refuse(why, -EINVAL, -1,
				      "arg%u is not to be had: a function's first %u arguments are in registers, others are not known to a kprobe.",
				      spec->nr_args, MAX_REGISTER_ARG);

	source = kzalloc(sizeof(*source), GFP_KERNEL);
	if (!source)
		return stackid_refuse(why, -ENOMEM, -1,
				      "There is no memory for another event.");
	source->event = event;
	source->kprobe.pre_handler = pre_handler;
	ret = parse(source, spec->name, why);
	if (ret)
		goto err_free;

	event->source_data = source;
	mutex_init(&source->lock);
	source->nb.notifier_call = module_notify;
	/* First, so that the module cannot go without a word. */
	ret = register_module_notifier(&source->nb);
	if (ret) {
		stackid_refuse(why, ret, -1,
			       "The kernel does not tell of modules: error %d.",
			       ret);
		goto err_free;
	}
	mutex_lock(&source->lock);
	ret = put_kprobe(source, why);
	if (ret)
		source->kprobe.addr = NULL;
	mutex_unlock(&source->lock);
	if (ret)
		goto err_notifier;
	return 0;

err_notifier:
	unregister_module_notifier(&source->nb);
err_free:
	event->source_data = NULL;
	kfree(source);
	return ret;
}

static void detach(struct event *event)
{
	struct kprobe_source *source = event->source_data;

	unregister_module_notifier(&source->nb);
	/* Waits for handlers under way. */
	if (!source->asleep)
		unregister_kprobe(&source->kprobe);
	kfree(source);
}

static u64 missed(struct event *event)
{
	struct kprobe_source *source = event->source_data;
	u64 missed;

	mutex_lock(&source->lock);
	missed = source->missed;
	if (!source->asleep)
		/* The kernel counts on, and without a lock. */
		missed += data_race(source->kprobe.nmissed);
	mutex_unlock(&source->lock);
	return missed;
}

static void list(struct seq_file *m)
{
	seq_puts(m, "# kprobe:FUNCTION[+OFFSET] or kprobe:MODULE:FUNCTION[+OFFSET], any of tracing/available_filter_functions that can be probed; value=arg1 to arg6 are the function's arguments\n");
}

const struct source_ops stackid_source_kprobe = {
	.kind = "kprobe",
	.claims = claims,
	.attach = attach,
	.detach = detach,
	.missed = missed,
	.asleep = asleep,
	.list = list,
};
