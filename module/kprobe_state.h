/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether code may run that meets a kprobe's breakpoint.
 *
 * The kernel keeps one kprobe for each CPU that is being handled, and room for one
 * more that is hit meanwhile.  An NMI may come while that room is used, or is just
 * being filled or emptied.  If the NMI's handler comes upon a kprobe then, the
 * kernel calls BUG(), or goes on with what it has overwritten.  Kprobes that came to
 * be jumps and those of ftrace look first, and are no danger.
 *
 * So whoever may be called in NMIs asks stackid_in_kprobed_nmi() first, and does
 * nothing if it is true that could be probed: neither call a function nor return
 * to one of ours that is not NOKPROBE_SYMBOL().  What is such a function all the way
 * down, as stackid_fetch() is, need not ask.
 */
#ifndef _STACKID_KPROBE_STATE_H
#define _STACKID_KPROBE_STATE_H

#include <linux/compiler.h>
#include <linux/kprobes.h>
#include <linux/percpu.h>
#include <linux/preempt.h>

/* Before anything asks.  @running: the kernel's current_kprobe, NULL if not found. */
void stackid_kprobe_state_init(void __percpu *running);

#if defined(CONFIG_X86_64) && defined(CONFIG_KPROBES) && !defined(CONFIG_UML)
#define STACKID_NMIS_MEET_KPROBES

#include <asm/asm.h>
#include <asm/pgtable_types.h>

/*
 * The kernel's: the kprobe that a CPU handles, or NULL.  Where it was not found one
 * of our own, always NULL.  Set once by stackid_kprobe_state_init().
 */
extern struct kprobe * __percpu *stackid_running_kprobe;

/*
 * The exceptions that come between any two instructions have stacks of their own,
 * which a breakpoint has not, so that this tells them from the handler of a kprobe.
 */
static __always_inline bool is_on_exception_stack(void)
{
	return !((current_stack_pointer ^ CPU_ENTRY_AREA_BASE) >> P4D_SHIFT);
}

/* Not for kprobes' handlers, of which the kernel calls none that would be too many. */
static __always_inline bool stackid_in_kprobed_nmi(void)
{
	return unlikely(in_nmi()) && is_on_exception_stack() &&
	       raw_cpu_read(*stackid_running_kprobe);
}

#else

/* An NMI of arm64 comes in no kprobe: what handles that has NMIs masked as well. */
static __always_inline bool stackid_in_kprobed_nmi(void)
{
	return false;
}

#endif

#endif /* _STACKID_KPROBE_STATE_H */
