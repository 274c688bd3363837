/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The context level: which of the contexts that nest on a CPU some code runs in.
 * Guards, the cut of a stack and the scratch of a hit all go by this one answer.
 *
 * preempt_count() alone is wrong in two places:
 *
 *  - x86 enters a breakpoint (int3) as it does an NMI, with NMI_OFFSET and
 *    HARDIRQ_OFFSET added.  But a breakpoint is synchronous: a kprobe's handler
 *    belongs to the code that it probes, and the same probe comes without these
 *    once it is optimised to a jump.  So whoever handles a breakpoint says so
 *    (breakpoint_enter()), and these two are subtracted.
 *  - At the end of an interrupt, in irq_exit_rcu(), HARDIRQ_OFFSET has been
 *    subtracted already while the code is still on the CPU's IRQ stack.
 */
#ifndef _STACKID_CONTEXT_H
#define _STACKID_CONTEXT_H

#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/stacktrace.h>

struct pt_regs;

/* Before any of the below.  Task context. */
void stackid_context_init(void);

/*
 * The text of __local_bh_enable_ip(), empty unless the kernel is PREEMPT_RT: there
 * it runs softirqs on the stack of the task that called it, and not by any of
 * the entries below.  Set once by stackid_context_init().
 */
extern unsigned long stackid_bh_enable_start;
extern unsigned long stackid_bh_enable_size;

/*
 * Is the pc in the text where interrupts and softirqs are entered?  The
 * section's bounds are not exported, but this filter is: it keeps all up to and
 * including the first such entry.
 */
static inline bool is_interrupt_entry(unsigned long pc)
{
	unsigned long pair[] = { pc, 0 };

	return filter_irq_stacks(pair, 2) == 1 ||
	       pc - stackid_bh_enable_start < stackid_bh_enable_size;
}

/*
 * The text where exceptions out of the kernel's own code are entered, if the next
 * frame record says where they came upon it; else empty.  Set once by
 * stackid_context_init().
 */
extern unsigned long stackid_exception_start;
extern unsigned long stackid_exception_size;

static inline bool is_exception_entry(unsigned long pc)
{
	return pc - stackid_exception_start < stackid_exception_size;
}

enum context_level { LEVEL_TASK, LEVEL_SOFTIRQ, LEVEL_HARDIRQ, LEVEL_NMI, NR_LEVELS };

/*
 * The number of breakpoints that are being handled on the CPU and were entered by
 * breakpoint_enter(); at most 1, as kprobes do not nest.  Written on its CPU only,
 * by the handler.
 */
DECLARE_PER_CPU(unsigned int, stackid_breakpoints);

/*
 * Did a kprobe's handler get these registers through a breakpoint?  They may also
 * come from ftrace or from an optimised probe's jump.  Any context.
 */
bool stackid_is_breakpoint(const struct pt_regs *regs);

/* Around what a kprobe's handler does, if stackid_is_breakpoint(). */
static inline void breakpoint_enter(void)
{
	this_cpu_inc(stackid_breakpoints);
}

static inline void breakpoint_leave(void)
{
	this_cpu_dec(stackid_breakpoints);
}

/* preempt_count() without the breakpoints.  Preemption must be off. */
static inline unsigned long context_count(void)
{
	return preempt_count() - raw_cpu_read(stackid_breakpoints) *
				 (NMI_OFFSET + HARDIRQ_OFFSET);
}

/* Is an address on the stack of the current task, not on one of the CPU's? */
static inline bool is_on_task_stack(unsigned long address)
{
	return address - (unsigned long)task_stack_page(current) < THREAD_SIZE;
}

/* Preemption must be off. */
static inline enum context_level context_level(void)
{
	unsigned long count = context_count();

	if (count & NMI_MASK)
		return LEVEL_NMI;
	if (count & HARDIRQ_MASK)
		return LEVEL_HARDIRQ;
	/* Not in_softirq(): a task with bottom halves off is still a task. */
	if (in_serving_softirq())
		return LEVEL_SOFTIRQ;
	if (!is_on_task_stack((unsigned long)__builtin_frame_address(0)))
		return LEVEL_HARDIRQ;
	return LEVEL_TASK;
}

/*
 * For the path that only tasks take, cheaper: false in every context but a task's
 * and the end of an interrupt, see above; and false in breakpoints.
 */
static inline bool is_level_task(void)
{
	return !(preempt_count() & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_OFFSET)) &&
	       /* Where a softirq is none of preempt_count()'s. */
	       (!IS_ENABLED(CONFIG_PREEMPT_RT) || !in_serving_softirq());
}

#endif /* _STACKID_CONTEXT_H */
