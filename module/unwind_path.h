/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Paths: a walk that was done once, kept so that doing it again is no more than
 * comparing the return addresses on the stack.
 *
 * Where each of them lies is settled by the rules of the frames before it, so a
 * walk that begins at the same place and finds the same return addresses at the
 * same distances is the same walk.  A path is true as long as the code of its
 * frames is where it was, that is for a generation.
 */
#ifndef _STACKID_UNWIND_PATH_H
#define _STACKID_UNWIND_PATH_H

#include <linux/compiler.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/types.h>

#include "unwind.h"

struct orc_rules;
struct stack;
struct unwind_start;

#define PATH_STEPS	24

/**
 * struct path_step - a comparison, or with @pc 0 the first half of a rebase
 * @offset: of the return address from the base
 * @pc:     low 32 bits of what is expected there
 *
 * A rebase is where a frame hangs on BP.  First half: @offset is where BP was
 * saved, or PATH_BP_START if it has not been saved since the start.  Second half:
 * @offset is that of the frame's SP, which must not be above the new base, and
 * @pc the extent of what is loaded above the new base.
 */
struct path_step {
	s32 offset;
	u32 pc;
};

#define PATH_BP_START	S32_MIN

/**
 * struct unwind_path - a walk; all zeros is none
 * @ip:     where it began
 * @extent: of what is loaded above the first base, which is the start's SP
 * @regs:   offset of the user registers at its end from the last base
 * @to_user: it ends there, not with a kernel thread's outermost frame
 * @nr:     of @steps
 */
struct unwind_path {
	unsigned long ip;
	u32 extent;
	u32 regs;
	bool to_user;
	u8 nr;
	struct path_step steps[PATH_STEPS];
};

/*
 * The path of a plain walk from @from that gave @stack.  False if it can not be
 * told as one: too long, an interrupt in it, frames of a rare kind.
 */
bool stackid_path_make(const struct orc_rules *rules,
		       const struct unwind_start *from,
		       const struct stack *stack, struct unwind_path *path);

/* Over a rebase; the base is garbage if BP is, so it is checked first. */
static inline bool path_rebase(const struct path_step *step,
			       const struct unwind_start *from,
			       unsigned long *base, unsigned long end)
{
	unsigned long next = from->bp;

	if (step->offset != PATH_BP_START)
		next = READ_ONCE_NOCHECK(*(long *)(*base + step->offset));
	step++;
	if (next < *base + step->offset || next >= end || next + step->pc > end)
		return false;
	*base = next;
	return true;
}

/* Would a walk from here be this one?  Preemption must be off. */
static __always_inline bool path_holds(const struct unwind_path *path,
				       const struct unwind_start *from)
{
	unsigned long begin = (unsigned long)task_stack_page(current);
	unsigned long end = begin + THREAD_SIZE;
	const struct path_step *step = path->steps, *last = step + path->nr;
	unsigned long base = from->sp;

	if (from->ip != path->ip || base - 8 - begin >= THREAD_SIZE ||
	    base + path->extent > end)
		return false;
	for (; step < last; step++) {
		/* Sign-extended: all 64 bits are compared. */
		long expected = (s32)step->pc;

		if (unlikely(!expected)) {
			if (!path_rebase(step, from, &base, end))
				return false;
			step++;
		} else if (READ_ONCE_NOCHECK(*(long *)(base + step->offset)) !=
			   expected) {
			return false;
		}
	}
	return !path->to_user || user_mode((struct pt_regs *)(base + path->regs));
}

#endif /* _STACKID_UNWIND_PATH_H */
