/* SPDX-License-Identifier: GPL-2.0 */
/* What becomes of each frame of a walk; the same for every unwinder. */
#ifndef _STACKID_UNWIND_FRAME_H
#define _STACKID_UNWIND_FRAME_H

#include <linux/compiler.h>

#include "../context.h"
#include "../stack.h"
#include "unwind_start.h"

/* A walk under way; @skip counts down. */
struct unwind_walk {
	struct stack *stack;
	unsigned int skip;
	bool cut;
};

/* A word of the stack: it may be another frame's, which no sanitizer expects here. */
static __always_inline unsigned long stack_word(unsigned long address)
{
	return READ_ONCE_NOCHECK(*(unsigned long *)address);
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
