// SPDX-License-Identifier: GPL-2.0
/*
 * Walking by what the ORC tables say.
 *
 * The rules (orc_rules.c) say for each PC where the caller's stack pointer,
 * return address and saved frame pointer are; the walk is a loop over them.
 *
 * What the rules do not cover, and every doubt, ends the walk with a reason, and
 * the kernel's own unwinder walks instead: it is exact, this one is quick.
 *
 * Every load of the stack is between the bounds of the stack it is on: the
 * task's, or one of this CPU's.  Within one stack the stack pointer only grows,
 * and a walk changes stacks at most MAX_STACKS times, so that it ends.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>
#include <asm/unwind.h>

#include "guard.h"
#include "orc_rules.h"
#include "unwind_frame.h"
#include "unwind_orc.h"

/* NMI, IRQ, and the task's; and one for good measure. */
#define MAX_STACKS	4

struct orc_walker {
	struct orc_rules rules;
	/*
	 * The stacks of a CPU other than the task's, by the context level that
	 * was the first to be seen on it: the lowest address, and in the bits
	 * that are 0 in it the number of pages.  One word, so that an NMI never
	 * sees half of one.
	 */
	unsigned long __percpu (*stacks)[NR_LEVELS];
};

struct bounds {
	unsigned long begin;
	unsigned long end;
};

static bool is_within(const struct bounds *bounds, unsigned long address,
		      unsigned long size)
{
	return address >= bounds->begin && address <= bounds->end - size;
}

static struct bounds unpack(unsigned long word)
{
	unsigned long begin = word & PAGE_MASK;

	return (struct bounds) {
		begin, begin + ((word & ~PAGE_MASK) << PAGE_SHIFT),
	};
}

/*
 * The kernel's unwinder knows the bounds of the stack that this runs on.  They
 * stay what they are as long as the CPU exists, so that it is asked once.
 */
static noinline bool learn_stack(const struct orc_walker *walker,
				 unsigned long address, struct bounds *bounds)
{
	unsigned long here = (unsigned long)__builtin_frame_address(0);
	struct unwind_state state;
	unsigned long word;

	unwind_start(&state, current, NULL, (unsigned long *)here);
	if (unwind_done(&state))
		return false;
	bounds->begin = (unsigned long)state.stack_info.begin;
	bounds->end = (unsigned long)state.stack_info.end;
	if (!is_within(bounds, here, 8) || !is_within(bounds, address, 8) ||
	    bounds->begin & ~PAGE_MASK || bounds->end & ~PAGE_MASK)
		return false;
	word = bounds->begin | (bounds->end - bounds->begin) >> PAGE_SHIFT;
	WRITE_ONCE((*this_cpu_ptr(walker->stacks))[context_level()], word);
	return true;
}

static noinline bool find_other_stack(const struct orc_walker *walker,
				      unsigned long address,
				      struct bounds *bounds)
{
	unsigned int level;

	for (level = 0; level < NR_LEVELS; level++) {
		*bounds = unpack(READ_ONCE((*this_cpu_ptr(walker->stacks))[level]));
		if (bounds->begin && is_within(bounds, address, 8))
			return true;
	}
	return learn_stack(walker, address, bounds);
}

static __always_inline bool find_stack(const struct orc_walker *walker,
				       unsigned long address,
				       struct bounds *bounds)
{
	bounds->begin = (unsigned long)task_stack_page(current);
	bounds->end = bounds->begin + THREAD_SIZE;
	return likely(is_within(bounds, address, 8)) ||
	       find_other_stack(walker, address, bounds);
}

static unsigned long load(unsigned long address)
{
	return READ_ONCE_NOCHECK(*(unsigned long *)address);
}

static enum unwind_outcome outcome_of_rule(u32 rule)
{
	switch (rule) {
	case RULE_NONE:
		return UNWIND_SLOW_TEXT;
	case RULE_PATCHED:
		return UNWIND_SLOW_PATCHED;
	default:
		return UNWIND_SLOW_RULE;
	}
}

/**
 * struct position - where a walk is
 * @pc:     of the frame, with its @rule
 * @sp:     after the return to @pc
 * @bp:     after the return to @pc
 * @bounds: of the stack that @sp is on
 * @rule:   of @pc
 * @interrupted: @pc is no return address
 * @stacks_left: how often the walk may still change stacks
 */
struct position {
	unsigned long pc;
	unsigned long sp;
	unsigned long bp;
	struct bounds bounds;
	u32 rule;
	bool interrupted;
	unsigned int stacks_left;
};

/* To the caller of the frame, whose return address is found as the rule says. */
static bool step_frame(const struct orc_walker *walker, struct position *at)
{
	unsigned long next, address;
	u32 rule = at->rule;

	switch (rule & RULE_KIND) {
	case RULE_SP:
		next = at->sp + sp_offset(rule);
		break;
	case RULE_BP:
		next = at->bp + sp_offset(rule);
		break;
	case RULE_BP_INDIRECT:
		address = at->bp + sp_offset(rule);
		if (!is_within(&at->bounds, address, 8))
			return false;
		next = load(address);
		break;
	default:
		if (!at->stacks_left-- || !is_within(&at->bounds, at->sp, 8))
			return false;
		next = load(at->sp) + sp_offset(rule);
		if (!is_within(&at->bounds, next - 8, 8)) {
			if (!find_stack(walker, next - 8, &at->bounds))
				return false;
			/* Nothing to compare with on this stack yet. */
			at->sp = 0;
		}
		break;
	}
	if (next <= at->sp || !is_within(&at->bounds, next - 8, 8))
		return false;
	if (rule & RULE_BP_SAVED) {
		bool realigned = (rule & RULE_KIND) == RULE_BP_INDIRECT;

		address = (realigned ? at->bp : next) + bp_offset(rule);
		if (!is_within(&at->bounds, address, 8))
			return false;
		at->bp = load(address);
	}
	at->pc = load(next - 8);
	at->sp = next;
	at->interrupted = false;
	return true;
}

/* Over the registers that an interrupt or exception saved. */
static bool step_regs(const struct orc_walker *walker, struct position *at,
		      const struct pt_regs *regs)
{
	unsigned long next = READ_ONCE_NOCHECK(regs->sp);

	if (is_within(&at->bounds, next - 8, 8)) {
		if (next <= at->sp)
			return false;
	} else if (!at->stacks_left-- ||
		   !find_stack(walker, next - 8, &at->bounds)) {
		return false;
	}
	at->pc = READ_ONCE_NOCHECK(regs->ip);
	at->bp = READ_ONCE_NOCHECK(regs->bp);
	at->sp = next;
	at->interrupted = true;
	return true;
}

enum step { STEP_ON, STEP_END, STEP_LOST };

static noinline enum step step(const struct orc_walker *walker,
			       struct position *at)
{
	const struct pt_regs *regs;

	switch (at->rule & RULE_KIND) {
	case RULE_END:
		return STEP_END;
	case RULE_REGS:
		regs = (const void *)at->sp + sp_offset(at->rule);
		if (!is_within(&at->bounds, (unsigned long)regs, sizeof(*regs)))
			return STEP_LOST;
		if (user_mode((struct pt_regs *)regs))
			return STEP_END;
		return step_regs(walker, at, regs) ? STEP_ON : STEP_LOST;
	default:
		return step_frame(walker, at) ? STEP_ON : STEP_LOST;
	}
}

static bool begin(const struct orc_walker *walker,
		  const struct unwind_start *from, struct position *at)
{
	const struct pt_regs *regs = from->regs;

	*at = (struct position) {
		.pc = regs ? regs->ip : from->ip,
		.sp = regs ? regs->sp : from->sp,
		.bp = regs ? regs->bp : from->bp,
		.stacks_left = MAX_STACKS,
		.interrupted = regs,
	};
	if (!find_stack(walker, at->sp - 8, &at->bounds))
		return false;
	at->rule = rule_of(&walker->rules, at->pc, regs);
	/* Where the walk begins is not what it crossed. */
	at->interrupted = false;
	return true;
}

/* All that can be asked for, frame by frame. */
static noinline enum unwind_outcome
walk_any(const struct orc_walker *walker, const struct unwind_start *from,
	 const struct unwind_rules *rules, struct stack *stack)
{
	struct unwind_walk walk = {
		.stack = stack,
		.skip = rules->skip,
		.cut = rules->cut,
	};
	struct position at;
	bool left_out;

	if (!begin(walker, from, &at))
		return UNWIND_SLOW_STACK;
	left_out = is_left_out(from, at.pc);
	for (;;) {
		if ((at.rule & RULE_KIND) >= RULE_UNSUPPORTED)
			return outcome_of_rule(at.rule);
		if (!left_out && !unwind_frame(&walk, at.pc, at.interrupted))
			return UNWIND_FAST;
		left_out = false;
		switch (step(walker, &at)) {
		case STEP_ON:
			break;
		case STEP_END:
			return UNWIND_FAST;
		default:
			return UNWIND_SLOW_STACK;
		}
		at.rule = rule_of(&walker->rules, at.pc, at.interrupted);
	}
}

/*
 * The same for a walk that begins at a return address on the task's stack and
 * neither cuts nor skips: nearly all of its frames are of the two plain kinds,
 * and what it gathers stays in registers.  All else it leaves to walk_any().
 */
static __always_inline bool walk_plain(const struct orc_walker *walker,
				       const struct unwind_start *from,
				       struct stack *stack)
{
	unsigned long begin = (unsigned long)task_stack_page(current);
	unsigned long end = begin + THREAD_SIZE;
	unsigned long pc = from->ip, sp = from->sp, bp = from->bp, next;
	unsigned long common = stack->common;
	u64 digest = stack->digest;
	const struct pt_regs *regs;
	unsigned int nr = 0;
	u32 rule;

	if (sp - 8 - begin >= THREAD_SIZE || is_left_out(from, pc))
		return false;
	for (;;) {
		rule = rule_of(&walker->rules, pc, false);
		if (unlikely((rule & RULE_KIND) >= RULE_UNSUPPORTED ||
			     nr == STACKID_MAX_DEPTH))
			return false;
		digest = stackid_digest_add(digest, pc);
		common &= pc;
		stack->pcs[nr++] = pc;

		if (likely((rule & RULE_KIND) == RULE_SP)) {
			next = sp + (s16)rule;
		} else if (likely((rule & RULE_KIND) == RULE_BP)) {
			next = bp + sp_offset(rule);
			/* BP may be garbage; what is loaded is 16 bytes. */
			if (unlikely(next < sp + 16))
				return false;
		} else {
			break;
		}
		/* All that is loaded is above sp: see is_inside_frame(). */
		if (unlikely(next > end))
			return false;
		if (rule & RULE_BP_SAVED)
			bp = load(next + ((s32)rule >> 16) - 1);
		pc = load(next - 8);
		sp = next;
	}
	if ((rule & RULE_KIND) == RULE_REGS) {
		regs = (const void *)sp + sp_offset(rule);
		if (unlikely((unsigned long)regs < begin ||
			     (unsigned long)(regs + 1) > end ||
			     !user_mode((struct pt_regs *)regs)))
			return false;
	} else if ((rule & RULE_KIND) != RULE_END) {
		return false;
	}
	stack->nr = nr;
	stack->depth = nr;
	stack->digest = digest;
	stack->common = common;
	return true;
}

enum unwind_outcome stackid_unwind_orc(struct orc_walker *walker,
				       const struct unwind_start *from,
				       const struct unwind_rules *rules,
				       struct stack *stack)
{
	enum unwind_outcome outcome = UNWIND_FAST;

	if (from->regs || rules->cut || rules->skip ||
	    !walk_plain(walker, from, stack))
		outcome = walk_any(walker, from, rules, stack);
	/* The cache's keys have only 32 bits of each PC; here are the others. */
	if (outcome == UNWIND_FAST && stack->nr &&
	    (long)stack->common >> 31 != -1L)
		return UNWIND_SLOW_TEXT;
	return outcome;
}

const struct orc_rules *stackid_orc_walker_rules(struct orc_walker *walker)
{
	return &walker->rules;
}

struct orc_walker *stackid_orc_walker_create(void)
{
	struct orc_walker *walker;
	int ret = -ENOMEM;

	walker = kzalloc(sizeof(*walker), GFP_KERNEL);
	if (!walker)
		return ERR_PTR(-ENOMEM);
	walker->stacks = alloc_percpu(unsigned long [NR_LEVELS]);
	if (!walker->stacks)
		goto err;
	ret = stackid_orc_rules_init(&walker->rules);
	if (ret)
		goto err;
	return walker;

err:
	free_percpu(walker->stacks);
	kfree(walker);
	return ERR_PTR(ret);
}

void stackid_orc_walker_destroy(struct orc_walker *walker)
{
	stackid_orc_rules_exit(&walker->rules);
	free_percpu(walker->stacks);
	kfree(walker);
}
