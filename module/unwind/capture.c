// SPDX-License-Identifier: GPL-2.0
/* Capturing: a walk of the current stack, cut where the interrupt came in. */
#include <linux/kernel.h>
#include <linux/ptrace.h>
#include <asm/irq_regs.h>

#include "../context.h"
#include "../stack.h"
#include "capture.h"
#include "unwind.h"

/*
 * Does the stack to be walked belong to an interrupt?  One that does not begin on
 * the task's stack does, whatever preempt_count() says by now: see context.h.
 * With a sample's registers the question is what they interrupted: if they are
 * this hardirq's own, then its level does not count, nor does that of an NMI.
 */
static bool starts_in_interrupt(const struct unwind_start *from)
{
	unsigned long count = context_count();
	/* An NMI adds to both. */
	unsigned long nmis = (count & NMI_MASK) >> NMI_SHIFT;
	unsigned long hardirqs = ((count & HARDIRQ_MASK) >> HARDIRQ_SHIFT) - nmis;
	/* Not only a user's: it is the one accessor that every architecture has. */
	unsigned long sp = from->regs ? user_stack_pointer(from->regs) : from->sp;

	if (!is_on_task_stack(sp - sizeof(long)) || in_serving_softirq())
		return true;
	if (!from->regs)
		return nmis || hardirqs;
	return hardirqs > (from->regs == get_irq_regs());
}

void stackid_capture(const struct unwind_start *from, bool irq_full,
		     unsigned int skip, struct stack *stack)
{
	struct unwind_rules rules = {
		.cut = !irq_full && starts_in_interrupt(from),
		.skip = skip,
	};

	stackid_stack_begin(stack, from->regs && !skip);
	stackid_unwind(from, rules, stack);
	stackid_stack_end(stack);
}
