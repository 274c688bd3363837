// SPDX-License-Identifier: GPL-2.0
/* Paths by ORC rules: a walk that was done once, kept for comparing. */
#include <linux/kernel.h>
#include <linux/ptrace.h>

#include "../stack.h"
#include "orc_rules.h"
#include "unwind_frame.h"
#include "path_orc.h"

/**
 * struct making - the walk while its path is made
 * @path:     what it becomes
 * @start:    stack pointer at its beginning
 * @bottom:   of the stack
 * @pc:       of the frame
 * @sp:       after the return to @pc
 * @bp:       after the return to @pc
 * @bp_place: offset of where it was saved
 * @bps_left: frames that hang on BP and are still to come
 * @far:      none is
 */
struct making {
	struct unwind_path *path;
	unsigned long start;
	unsigned long bottom;
	unsigned long pc;
	unsigned long sp;
	unsigned long bp;
	u32 bp_place;
	unsigned int bps_left;
	bool far;
};

static bool add_word(struct making *at, unsigned long address)
{
	struct unwind_path *path = at->path;
	unsigned long word = stack_word(address);
	unsigned long base = at->far ? at->bottom : at->start;
	struct path_step step = { address - base, word };

	if (step.word != (long)word ||
	    (at->far ? path->nr_far == PATH_FAR : path->nr_near == PATH_NEAR))
		return false;
	if (at->far) {
		path->far[path->nr_far++] = step;
	} else {
		path->near[path->nr_near++] = step;
		path->extent = address - base + 8;
	}
	return true;
}

/* The frame hangs on BP, so that must be the same. */
static bool add_bp(struct making *at)
{
	struct unwind_path *path = at->path;
	struct path_step step = { at->bp_place };

	if (--at->bps_left) {
		if (path->nr_bps == PATH_BPS)
			return false;
		step.word = at->bp - at->start;
		path->bps[path->nr_bps++] = step;
	} else {
		step.word = at->bp - at->bottom;
		path->far_bp = step;
		at->far = true;
	}
	return true;
}

/* To the caller.  The loads are where those of stackid_walk_fast() are. */
static bool step(struct making *at, u32 rule, bool add)
{
	bool on_bp = (rule & RULE_KIND) == RULE_BP;
	unsigned long next = (on_bp ? at->bp : at->sp) + sp_offset(rule);
	unsigned long place;

	if (next < at->sp + (on_bp ? 16 : 8) ||
	    next > at->bottom + THREAD_SIZE)
		return false;
	if (add) {
		if ((on_bp && !add_bp(at)) || !add_word(at, next - 8))
			return false;
	} else if (on_bp) {
		at->bps_left++;
	}
	if (rule & RULE_BP_SAVED) {
		place = next + bp_offset(rule);
		at->bp = stack_word(place);
		at->bp_place = place - at->start;
		/* It is loaded whether or not anything hangs on it. */
		if (add && !at->far)
			at->path->extent = max_t(unsigned int, at->path->extent,
						 at->bp_place + 8);
	}
	at->pc = stack_word(next - 8);
	at->sp = next;
	return true;
}

/* Its rule, or RULE_NONE if it is not the walk that gave @stack. */
static u32 walk(struct making *at, const struct orc_rules *rules,
		const struct unwind_start *from, const struct stack *stack,
		bool add)
{
	bool left_out = is_left_out(from, from->ip);
	unsigned int nr = 0;
	u32 rule;

	at->pc = from->ip;
	at->sp = from->sp;
	at->bp = from->bp;
	at->bp_place = PATH_BP_START;
	for (;;) {
		if (!left_out &&
		    (nr == stack->nr || stack->pcs[nr++] != at->pc))
			return RULE_NONE;
		left_out = false;
		rule = rule_of(rules, at->pc, false);
		if ((rule & RULE_KIND) != RULE_SP &&
		    (rule & RULE_KIND) != RULE_BP)
			return nr == stack->nr ? rule : RULE_NONE;
		if (!step(at, rule, add))
			return RULE_NONE;
	}
}

/* A user's task: beside the outermost frame are the registers it came with. */
static bool add_user(struct making *at, u32 rule)
{
	unsigned long address = at->sp + sp_offset(rule);
	struct pt_regs *regs = (void *)address;

	return address >= at->sp &&
	       address <= at->bottom + THREAD_SIZE - sizeof(*regs) &&
	       user_mode(regs) && add_word(at, (unsigned long)&regs->cs);
}

/* To an even number, by saying the last one twice. */
static bool pad(struct path_step *steps, u8 *nr, unsigned int room)
{
	if (*nr % 2 == 0)
		return true;
	if (*nr == room)
		return false;
	steps[*nr] = steps[*nr - 1];
	++*nr;
	return true;
}

static bool make(const struct orc_rules *rules, const struct unwind_start *from,
		 const struct stack *stack, struct unwind_path *path)
{
	struct making at = {
		.path = path,
		.start = from->sp,
		.bottom = (unsigned long)task_stack_page(current),
	};
	u32 rule;

	/* A cut stack, or what was interrupted, is no plain walk. */
	if (from->regs || stack->flags || at.start - at.bottom >= THREAD_SIZE)
		return false;
	/* The first time only to see how many frames hang on BP. */
	if (walk(&at, rules, from, stack, false) == RULE_NONE)
		return false;
	rule = walk(&at, rules, from, stack, true);
	if ((rule & RULE_KIND) == RULE_REGS) {
		if (!add_user(&at, rule))
			return false;
	} else if ((rule & RULE_KIND) != RULE_END) {
		return false;
	}
	return pad(path->near, &path->nr_near, PATH_NEAR) &&
	       pad(path->far, &path->nr_far, PATH_FAR);
}

bool stackid_path_make(const struct orc_rules *rules,
		       const struct unwind_start *from,
		       const struct stack *stack, struct unwind_path *path)
{
	memset(path, 0, sizeof(*path));
	if (!make(rules, from, stack, path)) {
		memset(path, 0, sizeof(*path));
		return false;
	}
	path->ip = from->ip;
	return true;
}
