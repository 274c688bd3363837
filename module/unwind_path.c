// SPDX-License-Identifier: GPL-2.0
/* Paths: a walk that was done once, kept for comparing. */
#include <linux/kernel.h>
#include <linux/ptrace.h>

#include "orc_rules.h"
#include "stack.h"
#include "unwind.h"
#include "unwind_path.h"

#define BP_UNKNOWN	S32_MAX

/**
 * struct making - a path while it is made
 * @path:   what it becomes
 * @extent: of the current segment, from one base to the next
 * @sp:     offset of the current frame's SP from the base
 * @bp:     offset of the place where BP was saved, PATH_BP_START or BP_UNKNOWN
 */
struct making {
	struct unwind_path *path;
	u32 *extent;
	s32 sp;
	s32 bp;
};

static bool add_step(struct making *making, s32 offset, u32 pc)
{
	struct unwind_path *path = making->path;

	if (path->nr == PATH_STEPS)
		return false;
	path->steps[path->nr++] = (struct path_step) { offset, pc };
	return true;
}

static bool rebase(struct making *making)
{
	if (making->bp == BP_UNKNOWN ||
	    !add_step(making, making->bp, 0) || !add_step(making, making->sp, 0))
		return false;
	making->extent = &making->path->steps[making->path->nr - 1].pc;
	making->sp = 0;
	/* What else was saved is out of sight from the new base. */
	making->bp = BP_UNKNOWN;
	return true;
}

static bool add_frame(struct making *making, u32 rule, unsigned long caller)
{
	enum rule_kind kind = rule & RULE_KIND;

	if (kind != RULE_SP && kind != RULE_BP)
		return false;
	if (kind == RULE_BP && !rebase(making))
		return false;
	making->sp += sp_offset(rule);
	if (rule & RULE_BP_SAVED)
		making->bp = making->sp + bp_offset(rule);
	*making->extent = making->sp;
	return add_step(making, making->sp - 8, caller);
}

bool stackid_path_make(const struct orc_rules *rules,
		       const struct unwind_start *from,
		       const struct stack *stack, struct unwind_path *path)
{
	struct making making = {
		.path = path,
		.extent = &path->extent,
		.bp = PATH_BP_START,
	};
	unsigned int i;
	u32 rule;

	/* A caller that was left out, or a cut: not a plain walk. */
	if (from->regs || !stack->nr || stack->pcs[0] != from->ip ||
	    stack->flags)
		goto none;
	path->nr = 0;
	path->extent = 0;
	for (i = 0; i + 1 < stack->nr; i++) {
		rule = rule_of(rules, stack->pcs[i], false);
		if (!add_frame(&making, rule, stack->pcs[i + 1]))
			goto none;
	}
	rule = rule_of(rules, stack->pcs[i], false);
	path->to_user = (rule & RULE_KIND) == RULE_REGS;
	if (path->to_user) {
		path->regs = making.sp + sp_offset(rule);
		*making.extent = path->regs + sizeof(struct pt_regs);
	} else if ((rule & RULE_KIND) != RULE_END) {
		goto none;
	}
	path->ip = from->ip;
	return true;

none:
	path->ip = 0;
	return false;
}
