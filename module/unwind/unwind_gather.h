/* SPDX-License-Identifier: GPL-2.0 */
/* What a fast walk has got so far, kept in registers until it is done. */
#ifndef _STACKID_UNWIND_GATHER_H
#define _STACKID_UNWIND_GATHER_H

#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/minmax.h>

#include "../stack.h"

/**
 * struct gathered - what a walk has got so far
 * @pcs:    where the next PC goes
 * @stop:   where something has to be done about it: the end of the room, or of
 *          what is to be skipped, which is gathered as well and forgotten then
 * @skip:   frames still to be skipped, those that are gathered included
 * @beyond: frames for which there was no room
 * @digest: of all frames
 * @common: of the PCs
 */
struct gathered {
	unsigned long *pcs;
	unsigned long *stop;
	unsigned int skip;
	unsigned int beyond;
	u64 digest;
	unsigned long common;
};

static __always_inline void gather_begin(struct gathered *got, struct stack *stack,
				  unsigned int skip)
{
	got->pcs = stack->pcs;
	got->stop = stack->pcs + STACKID_MAX_DEPTH;
	if (unlikely(skip))
		got->stop = stack->pcs +
			    min_t(unsigned int, skip, STACKID_MAX_DEPTH);
	got->skip = skip;
	got->beyond = 0;
	got->digest = stack->digest;
	got->common = stack->common;
}

static __always_inline void gather(struct gathered *got, struct stack *stack,
				   unsigned long pc)
{
	if (unlikely(got->pcs == got->stop) && got->skip)
		gather_begin(got, stack, got->skip - (got->stop - stack->pcs));
	got->digest = stackid_digest_add(got->digest, pc);
	if (unlikely(got->pcs == got->stop)) {
		got->beyond++;
		return;
	}
	got->common &= pc;
	*got->pcs++ = pc;
}

/*
 * The next PC is one that an interrupt or exception came upon.  Not so if it is
 * skipped, or has no room.
 */
static __always_inline void gather_mark_next(const struct gathered *got,
				      struct stack *stack)
{
	if (!got->skip && got->pcs != got->stop && got->pcs != stack->pcs)
		stackid_stack_mark(stack, got->pcs - stack->pcs);
}

static __always_inline void gather_end(struct gathered *got, struct stack *stack)
{
	if (unlikely(got->skip))
		gather_begin(got, stack, 0);
	stack->nr = got->pcs - stack->pcs;
	stack->depth = min_t(unsigned int, stack->nr + got->beyond, U16_MAX);
	if (unlikely(got->beyond))
		stack->flags |= STACKID_STACK_CUT;
	stack->digest = got->digest;
	stack->common = got->common;
}

#endif /* _STACKID_UNWIND_GATHER_H */
