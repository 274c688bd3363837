// SPDX-License-Identifier: GPL-2.0
/* Kprobes as sources: any instruction of the kernel that can be probed. */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/ptrace.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "event.h"
#include "source.h"

#define PREFIX "kprobe:"
#define MAX_REGISTER_ARG 6

/**
 * struct kprobe_source - an event's kprobe
 * @kprobe: registered as long as this exists
 * @event:  whose hits they are
 * @symbol: what kprobe.symbol_name points to
 */
struct kprobe_source {
	struct kprobe kprobe;
	struct event *event;
	char symbol[sizeof_field(struct event_spec, name)];
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
	struct event *event = source->event;
	u64 value = 0;

	if (event->spec.value_arg)
		value = regs_get_kernel_argument(regs, event->spec.value_arg - 1);

	instruction_pointer_set(regs, (unsigned long)kprobe->addr);
	stackid_event_hit(event, &from, false, value);
	instruction_pointer_set(regs, ip);
	return 0;
}

NOKPROBE_SYMBOL(pre_handler);

/* FUNCTION[+OFFSET] or MODULE:FUNCTION[+OFFSET] */
static int parse(struct kprobe_source *source, const char *name,
		 struct refusal *why)
{
	char *plus;

	strscpy(source->symbol, name + strlen(PREFIX), sizeof(source->symbol));
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

static int attach(struct event *event, struct refusal *why)
{
	const struct event_spec *spec = &event->spec;
	struct kprobe_source *source;
	int ret;

	if (spec->freq || spec->period)
		return stackid_refuse(why, -EINVAL, -1,
				      "freq= and period= are for counters; a kprobe hits every time.");
	if (spec->value_arg > MAX_REGISTER_ARG)
		return stackid_refuse(why, -EINVAL, -1,
				      "value=arg%u is not to be had: a function's first %u arguments are in registers, others are not known to a kprobe.",
				      spec->value_arg, MAX_REGISTER_ARG);

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
	ret = register_kprobe(&source->kprobe);
	if (ret) {
		ret = refuse_register(source, ret, why);
		goto err_free;
	}
	return 0;

err_free:
	event->source_data = NULL;
	kfree(source);
	return ret;
}

static void detach(struct event *event)
{
	struct kprobe_source *source = event->source_data;

	/* Waits for handlers under way. */
	unregister_kprobe(&source->kprobe);
	kfree(source);
}

static u64 missed(struct event *event)
{
	struct kprobe_source *source = event->source_data;

	return READ_ONCE(source->kprobe.nmissed);
}

static void list(struct seq_file *m)
{
	seq_puts(m, "# kprobe:FUNCTION[+OFFSET] or kprobe:MODULE:FUNCTION[+OFFSET], any in /proc/kallsyms that can be probed; value=arg1 to arg6 are the function's arguments\n");
}

const struct source_ops stackid_source_kprobe = {
	.kind = "kprobe",
	.claims = claims,
	.attach = attach,
	.detach = detach,
	.missed = missed,
	.list = list,
};
