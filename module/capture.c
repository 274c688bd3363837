// SPDX-License-Identifier: GPL-2.0
/* Capturing: a walk of the current stack, cut where the interrupt came in. */
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <asm/irq_regs.h>

#include "capture.h"
#include "stack.h"
#include "unwind.h"

/*
 * Does the stack to be walked belong to an interrupt?  With registers, the
 * question is what they interrupted: if they are this hardirq's own, then its
 * level does not count, and in an NMI only what lies below it does.
 */
static bool starts_in_interrupt(const struct unwind_start *from)
{
	unsigned long hardirqs = hardirq_count() >> HARDIRQ_SHIFT;

	if (in_serving_softirq())
		return true;
	if (!from->regs)
		return in_nmi() || hardirqs;
	if (in_nmi())
		return hardirqs;
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
