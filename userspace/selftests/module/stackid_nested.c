// SPDX-License-Identifier: GPL-2.0
/*
 * NMIs that come while a kprobe is being handled, for the tests.
 *
 * A CPU sends itself an NMI, by the one instruction that writes to its APIC.  That
 * is done as often as is written to a parameter:
 *
 *	plain NR	in no kprobe
 *	handler NR	in the handler of a kprobe; what writes a record asks for the
 *			time, and there another kprobe is a breakpoint
 *	nested NR	in the handler of a kprobe, and the instruction is probed itself:
 *			the kernel executes it elsewhere, and until it is done with
 *			that a third kprobe is its end.  The NMI comes before that
 *
 * The parameter "came" counts the NMIs that came there, "refused" those of them in
 * which the API gave no id to a stack that has one, "unfetched" those in which it did
 * not give that stack.
 */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include <linux/timex.h>
#include <asm/apic.h>
#include <asm/nmi.h>

#include <stackid.h>

enum where { PLAIN, HANDLER, NESTED };

static unsigned int came;
module_param(came, uint, 0444);
MODULE_PARM_DESC(came, "NMIs so far that came where they were to come");

static unsigned int refused;
module_param(refused, uint, 0444);
MODULE_PARM_DESC(refused, "NMIs so far in which the API did not give the known stack's id");

static unsigned int unfetched;
module_param(unfetched, uint, 0444);
MODULE_PARM_DESC(unfetched, "NMIs so far in which the API did not give the known stack");

static unsigned long known[2];
static u64 known_generation;
static u32 known_id;
/* One run at a time; what is sent comes on the CPU that sends, in between. */
static DEFINE_MUTEX(lock);
static bool ready;
static enum where where;
static bool sending;

/* Two instructions with names, each of which is there once. */
static noinline __noclone notrace void write_icr(u32 value, u32 apic_id)
{
	if (x2apic_enabled())
		asm volatile("stackid_nested_msr: wrmsr"
			     : : "c" (APIC_BASE_MSR + (APIC_ICR >> 4)),
				 "a" (value), "d" (apic_id) : "memory");
	else
		asm volatile("stackid_nested_mmio: movl %0, (%1)"
			     : : "r" (value), "r" (APIC_BASE + APIC_ICR) : "memory");
}

static noinline notrace void send(void)
{
	u32 apic_id = per_cpu(x86_cpu_to_apicid, raw_smp_processor_id());

	if (!x2apic_enabled()) {
		while (native_apic_mem_read(APIC_ICR) & APIC_ICR_BUSY)
			cpu_relax();
		native_apic_mem_write(APIC_ICR2, apic_id << 24);
	}
	WRITE_ONCE(sending, true);
	barrier();
	write_icr(APIC_DM_NMI, apic_id);
	barrier();
	WRITE_ONCE(sending, false);
}
NOKPROBE_SYMBOL(send);

/* For an event: a kprobe on its first instruction is hit in an NMI. */
static noinline void nested_in_nmi(void)
{
	asm volatile("nop");
}

static int handle_nmi(unsigned int type, struct pt_regs *regs)
{
	unsigned long entries[ARRAY_SIZE(known)] = {};
	u64 generation;

	if (!READ_ONCE(sending))
		return NMI_DONE;
	came++;
	if (where == PLAIN)
		nested_in_nmi();
	if (!stackid_save(NULL, known, ARRAY_SIZE(known), &generation))
		refused++;
	if (stackid_fetch(NULL, known_generation, known_id, entries,
			  ARRAY_SIZE(entries)) != ARRAY_SIZE(known) ||
	    entries[0] != known[0] || entries[1] != known[1])
		unfetched++;
	return NMI_HANDLED;
}
NOKPROBE_SYMBOL(handle_nmi);

static noinline notrace void probed(void)
{
	asm volatile("");
}

static int pre_handler(struct kprobe *unused, struct pt_regs *regs)
{
	send();
	return 0;
}
NOKPROBE_SYMBOL(pre_handler);

static int just_return(struct kprobe *unused, struct pt_regs *regs)
{
	return 0;
}
NOKPROBE_SYMBOL(just_return);

static void post_handler(struct kprobe *unused, struct pt_regs *regs,
			 unsigned long flags)
{
}
NOKPROBE_SYMBOL(post_handler);

/* Kprobes with a post_handler are never made jumps. */
static struct kprobe outer, inner, clock;

static int put_probes(void)
{
	int ret;

	if (where == PLAIN)
		return 0;
	outer = (struct kprobe) {
		.addr = (kprobe_opcode_t *)probed,
		.pre_handler = pre_handler,
		.post_handler = post_handler,
	};
	inner = (struct kprobe) {
		.symbol_name = x2apic_enabled() ?
			"stackid_nested:stackid_nested_msr" :
			"stackid_nested:stackid_nested_mmio",
		.pre_handler = just_return,
		.post_handler = post_handler,
	};
	clock = (struct kprobe) {
		.symbol_name = "ktime_get_mono_fast_ns",
		.pre_handler = just_return,
		.post_handler = post_handler,
	};
	ret = register_kprobe(&clock);
	if (ret)
		return ret;
	ret = register_kprobe(&outer);
	if (ret)
		goto err_clock;
	if (where == HANDLER)
		return 0;
	ret = register_kprobe(&inner);
	if (ret)
		goto err_outer;
	return 0;

err_outer:
	unregister_kprobe(&outer);
err_clock:
	unregister_kprobe(&clock);
	return ret;
}

static void remove_probes(void)
{
	if (where == PLAIN)
		return;
	if (where == NESTED)
		unregister_kprobe(&inner);
	unregister_kprobe(&outer);
	unregister_kprobe(&clock);
}

static int set(const char *text, const struct kernel_param *kp)
{
	unsigned int nr, i;
	int ret;

	ret = kstrtouint(text, 0, &nr);
	if (ret)
		return ret;
	if (!READ_ONCE(ready))
		return -EAGAIN;
	mutex_lock(&lock);
	where = (enum where)(long)kp->arg;
	ret = put_probes();
	for (i = 0; !ret && i < nr; i++) {
		preempt_disable();
		if (where == PLAIN)
			send();
		else
			probed();
		preempt_enable();
		cond_resched();
	}
	if (!ret)
		remove_probes();
	mutex_unlock(&lock);
	return ret;
}

static const struct kernel_param_ops ops = { .set = set };

module_param_cb(plain, &ops, (void *)PLAIN, 0200);
MODULE_PARM_DESC(plain, "Send so many NMIs in no kprobe");
module_param_cb(handler, &ops, (void *)HANDLER, 0200);
MODULE_PARM_DESC(handler, "Send so many in a kprobe's handler");
module_param_cb(nested, &ops, (void *)NESTED, 0200);
MODULE_PARM_DESC(nested, "Send so many by a probed instruction in a kprobe's handler");

static int __init stackid_nested_init(void)
{
	int ret;

	known[0] = (unsigned long)probed;
	known[1] = (unsigned long)send;
	known_id = stackid_save(NULL, known, ARRAY_SIZE(known), &known_generation);
	if (!known_id)
		return -ENOSPC;
	ret = register_nmi_handler(NMI_LOCAL, handle_nmi, 0, "stackid_nested");
	if (!ret)
		WRITE_ONCE(ready, true);
	return ret;
}

static void __exit stackid_nested_exit(void)
{
	unregister_nmi_handler(NMI_LOCAL, "stackid_nested");
}

module_init(stackid_nested_init);
module_exit(stackid_nested_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("NMIs in kprobes, for stackid's tests");
