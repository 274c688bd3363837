/* SPDX-License-Identifier: GPL-2.0 */
/* Capturing: a walk of the current stack, cut where the interrupt came in. */
#ifndef _STACKID_CAPTURE_H
#define _STACKID_CAPTURE_H

#include <linux/types.h>

struct stack;
struct unwind_start;

/*
 * Fill @stack, skipping the @skip innermost frames.  In an interrupt the stack
 * ends with the interrupt's entry, in a softirq that a task ran with the return
 * to the task's stack (on PREEMPT_RT, where softirqs have no stack of their own,
 * with __local_bh_enable_ip()), unless @irq_full: what was interrupted has
 * nothing to do with it, and would make the number of stacks unbounded.
 * Any context, preemption off.
 */
void stackid_capture(const struct unwind_start *from, bool irq_full,
		     unsigned int skip, struct stack *stack);

#endif /* _STACKID_CAPTURE_H */
