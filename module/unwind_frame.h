/* SPDX-License-Identifier: GPL-2.0 */
/* What becomes of each frame of a walk; the same for every unwinder. */
#ifndef _STACKID_UNWIND_FRAME_H
#define _STACKID_UNWIND_FRAME_H

#include <linux/compiler.h>
#include <linux/stacktrace.h>

#include "stack.h"
#include "unwind.h"

/* A walk under way; @skip counts down. */
struct unwind_walk {
	struct stack *stack;
	unsigned int skip;
	bool cut;
};

/*
 * The text of __local_bh_enable_ip(), empty unless the kernel is PREEMPT_RT: there
 * it runs softirqs on the stack of the task that called it, and not by any of
 * the entries below.  Set once from unwind.c, before any walk.
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

static inline bool is_left_out(const struct unwind_start *from,
			       unsigned long first_pc)
{
	return first_pc >= from->skip_start && first_pc < from->skip_end;
}

/*
 * One more PC; false ends the walk.  @interrupted: it was reached by crossing the
 * frame of an interrupt or exception, so that it is no return address.
 * @switched: it is on another stack than the one before.
 */
static __always_inline bool unwind_frame(struct unwind_walk *walk,
					 unsigned long pc, bool interrupted,
					 bool switched)
{
	if (unlikely(walk->cut)) {
		/* An NMI's entry is not in the entries' text, but is crossed as well. */
		if (interrupted)
			return false;
		/*
		 * Nor is handle_softirqs() since it took over from
		 * __do_softirq(): softirqs on their own stack end with that.
		 */
		if (switched && !is_interrupt_entry(pc))
			return false;
	}
	if (unlikely(walk->skip)) {
		walk->skip--;
		return true;
	}
	stackid_stack_add(walk->stack, pc);
	if (unlikely(interrupted) && !(walk->stack->flags & STACKID_STACK_CUT) &&
	    walk->stack->nr > 1)
		stackid_stack_mark(walk->stack, walk->stack->nr - 1);
	return !(unlikely(walk->cut) && is_interrupt_entry(pc));
}

#endif /* _STACKID_UNWIND_FRAME_H */
