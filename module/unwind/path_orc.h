/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Paths by ORC rules: see unwind_path.h.
 *
 * Where a frame's caller is follows from the frame's PC, its stack pointer and,
 * where the frame hangs on it, BP.  So a walk that begins at the same PC and
 * finds the same return addresses at the same distances, and the same distance
 * to BP where a frame hangs on it, is frame by frame the same walk.
 *
 * The distances are from the stack pointer of the start up to the outermost frame
 * that hangs on BP, and from the bottom of the stack beyond.  That frame is a
 * system call's, in which the kernel moves the stack pointer by a random amount
 * (CONFIG_RANDOMIZE_KSTACK_OFFSET) each time.
 */
#ifndef _STACKID_PATH_ORC_H
#define _STACKID_PATH_ORC_H

#include <linux/compiler.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/types.h>

#include "unwind_start.h"

struct orc_rules;
struct stack;

#define PATH_NEAR	28
#define PATH_FAR	6
#define PATH_BPS	2

/* Where BP was saved, if it has not been saved since the start. */
#define PATH_BP_START	U32_MAX

/**
 * struct path_step - a word of the stack
 * @offset: of its place; for a BP it may be PATH_BP_START
 * @word:   sign-extended, what is expected there; of a BP its distance
 */
struct path_step {
	u32 offset;
	s32 word;
};

/**
 * struct unwind_path - a walk; all zeros is none
 * @ip:      where it began
 * @extent:  all of @near and @bps is so close above the start's stack pointer
 * @nr_near: even
 * @nr_far:  even; not 0 only with @far_bp
 * @nr_bps:  of @bps
 * @far_bp:  of the outermost frame that hangs on BP; its @word is the distance
 *           from the stack's bottom.  0 if none does
 * @near:    return addresses up to that frame, from the start's stack pointer
 * @far:     and beyond, from the stack's bottom.  The last of them all is a
 *           user's code segment if that is where the task came from
 * @bps:     of further frames that hang on BP
 */
struct unwind_path {
	unsigned long ip;
	unsigned int extent;
	u8 nr_near;
	u8 nr_far;
	u8 nr_bps;
	struct path_step far_bp;
	struct path_step near[PATH_NEAR];
	struct path_step far[PATH_FAR];
	struct path_step bps[PATH_BPS];
};

/*
 * The path of a plain walk from @from that gave @stack.  False if the walk has none:
 * it is too long, or has an interrupt in it, or frames of a rare kind.
 */
bool stackid_path_make(const struct orc_rules *rules,
		       const struct unwind_start *from,
		       const struct stack *stack, struct unwind_path *path);

/* What differs from the path in the word at base + step->offset. */
static __always_inline unsigned long path_step(const struct path_step *step,
					       unsigned long base)
{
	return READ_ONCE_NOCHECK(*(long *)(base + step->offset)) ^ step->word;
}

/*
 * What differs in any of the words.  Two at a time and without a branch for each,
 * because mostly none differs.
 */
static __always_inline unsigned long path_steps(const struct path_step *steps,
						unsigned int nr,
						unsigned long base)
{
	const struct path_step *end = steps + nr;
	unsigned long differ = 0;

	for (; steps < end; steps += 2)
		differ |= path_step(steps, base) | path_step(steps + 1, base);
	return differ;
}

static __always_inline unsigned long path_bp(const struct path_step *step,
					     unsigned long sp, unsigned long bp,
					     unsigned long base)
{
	if (step->offset != PATH_BP_START)
		bp = READ_ONCE_NOCHECK(*(long *)(sp + step->offset));
	return (bp - base) ^ step->word;
}

/* Would a walk from here be this one?  Preemption must be off. */
static __always_inline bool path_holds(const struct unwind_path *path,
				       unsigned long ip, unsigned long sp,
				       unsigned long bp)
{
	unsigned long bottom = (unsigned long)task_stack_page(current);
	unsigned long differ;
	unsigned int i;

	if (path->ip != ip || sp - bottom > THREAD_SIZE - path->extent)
		return false;
	differ = path_steps(path->near, path->nr_near, sp);
	if (likely(path->nr_far)) {
		differ |= path_bp(&path->far_bp, sp, bp, bottom);
		differ |= path_steps(path->far, path->nr_far, bottom);
	}
	for (i = 0; unlikely(i < path->nr_bps); i++)
		differ |= path_bp(&path->bps[i], sp, bp, sp);
	return !differ;
}

#endif /* _STACKID_PATH_ORC_H */
