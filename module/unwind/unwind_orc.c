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

#include "../context.h"
#include "orc_rules.h"
#include "path_orc.h"
#include "unwind_frame.h"
#include "unwind_gather.h"
#include "unwind_fast.h"

/* NMI, IRQ, and the task's; and one for good measure. */
#define MAX_STACKS	4

/*
 * The stacks of a CPU other than the task's, by the context level that was the
 * first to be seen on it: the lowest address, and in the bits that are 0 in it the
 * number of pages.  One word each, so that an NMI never sees half of one.
 */
struct cpu_stacks {
	unsigned long word[NR_LEVELS];
};

struct fast_walker {
	struct orc_rules rules;
	struct cpu_stacks __percpu *stacks;
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
static noinline bool learn_stack(const struct fast_walker *walker,
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
	WRITE_ONCE(this_cpu_ptr(walker->stacks)->word[context_level()], word);
	return true;
}

static noinline bool find_other_stack(const struct fast_walker *walker,
				      unsigned long address,
				      struct bounds *bounds)
{
	unsigned int level;

	for (level = 0; level < NR_LEVELS; level++) {
		*bounds = unpack(READ_ONCE(this_cpu_ptr(walker->stacks)->word[level]));
		if (bounds->begin && is_within(bounds, address, 8))
			return true;
	}
	return learn_stack(walker, address, bounds);
}

static __always_inline bool find_stack(const struct fast_walker *walker,
				       unsigned long address,
				       struct bounds *bounds)
{
	bounds->begin = (unsigned long)task_stack_page(current);
	bounds->end = bounds->begin + THREAD_SIZE;
	return likely(is_within(bounds, address, 8)) ||
	       find_other_stack(walker, address, bounds);
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
 * @switched: it was reached by a return to another stack
 * @stacks_left: how often the walk may still change stacks
 */
struct position {
	unsigned long pc;
	unsigned long sp;
	unsigned long bp;
	struct bounds bounds;
	u32 rule;
	bool interrupted;
	bool switched;
	unsigned int stacks_left;
};

/* To the caller of the frame, whose return address is found as the rule says. */
static bool step_frame(const struct fast_walker *walker, struct position *at)
{
	unsigned long next, address;
	u32 rule = at->rule;

	at->interrupted = false;
	at->switched = false;
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
		next = stack_word(address);
		break;
	default:
		if (!at->stacks_left-- || !is_within(&at->bounds, at->sp, 8))
			return false;
		next = stack_word(at->sp) + sp_offset(rule);
		if (!is_within(&at->bounds, next - 8, 8)) {
			if (!find_stack(walker, next - 8, &at->bounds))
				return false;
			/* Nothing to compare with on this stack yet. */
			at->sp = 0;
			at->switched = true;
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
		at->bp = stack_word(address);
	}
	at->pc = stack_word(next - 8);
	at->sp = next;
	return true;
}

/* Over the registers that an interrupt or exception saved. */
static bool step_regs(const struct fast_walker *walker, struct position *at,
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

static noinline enum step step(const struct fast_walker *walker,
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

static bool is_outermost(u32 rule, unsigned long sp,
			 const struct bounds *bounds)
{
	const struct pt_regs *regs = (void *)sp + sp_offset(rule);

	if ((rule & RULE_KIND) == RULE_END)
		return true;
	return (rule & RULE_KIND) == RULE_REGS &&
	       is_within(bounds, (unsigned long)regs, sizeof(*regs)) &&
	       user_mode((struct pt_regs *)regs);
}

/*
 * To the caller of a frame of a rare kind, for a walk that may be @cut there; see
 * unwind_frame().
 */
static noinline enum step step_rare(const struct fast_walker *walker,
				    struct position *at, bool cut)
{
	enum step ret = step(walker, at);

	if (ret != STEP_ON)
		return ret;
	at->rule = rule_of(&walker->rules, at->pc, at->interrupted);
	if (cut && (at->interrupted ||
		    (at->switched && !(at->rule & RULE_ENTRY))))
		return STEP_END;
	return STEP_ON;
}

/*
 * Most frames are of the two plain kinds, and most walks stay on one stack: all
 * that such a walk needs is kept in registers.
 */
enum unwind_outcome stackid_walk_fast(struct fast_walker *walker,
				      const struct unwind_start *from,
				      struct unwind_rules rules,
				      struct stack *stack)
{
	const u32 kind_or_cut = RULE_KIND | (rules.cut ? RULE_ENTRY : 0);
	const u64 *cache = walker->rules.cache;
	unsigned long pc, sp, bp, next, limit;
	struct gathered got;
	struct position at;
	u64 slot;
	u32 rule;

	pc = from->regs ? from->regs->ip : from->ip;
	sp = from->regs ? from->regs->sp : from->sp;
	bp = from->regs ? from->regs->bp : from->bp;
	if (!find_stack(walker, sp - 8, &at.bounds))
		return UNWIND_SLOW_STACK;
	at.stacks_left = MAX_STACKS;
	limit = at.bounds.end;
	gather_begin(&got, stack, rules.skip + is_left_out(from, pc));
	rule = rule_of(&walker->rules, pc, from->regs);
	for (;;) {
		gather(&got, stack, pc);
		if (likely(!(rule & kind_or_cut))) {
			next = sp + (s16)rule;
		} else if (likely((rule & kind_or_cut) == RULE_BP)) {
			next = bp + sp_offset(rule);
			/* BP may be garbage; what is loaded is 16 bytes. */
			if (unlikely(next < sp + 16))
				return UNWIND_SLOW_STACK;
		} else {
			if ((rule & RULE_KIND) >= RULE_UNSUPPORTED)
				return outcome_of_rule(rule);
			if (is_outermost(rule, sp, &at.bounds) ||
			    (rule & kind_or_cut & RULE_ENTRY && !got.skip))
				break;
			at.pc = pc;
			at.sp = sp;
			at.bp = bp;
			at.rule = rule;
			switch (step_rare(walker, &at, rules.cut)) {
			case STEP_LOST:
				return UNWIND_SLOW_STACK;
			case STEP_END:
				goto out;
			default:
				pc = at.pc;
				sp = at.sp;
				bp = at.bp;
				rule = at.rule;
				limit = at.bounds.end;
				if (at.interrupted)
					gather_mark_next(&got, stack);
				continue;
			}
		}
		/* All that is loaded is above sp: see is_inside_frame(). */
		if (unlikely(next > limit))
			return UNWIND_SLOW_STACK;
		if (rule & RULE_BP_SAVED)
			bp = stack_word(next + bp_offset(rule));
		pc = stack_word(next - 8);
		sp = next;

		slot = READ_ONCE(cache[slot_index(pc)]);
		rule = slot;
		if (unlikely(slot >> 32 != (u32)pc))
			rule = stackid_orc_rules_fill(&walker->rules, pc, false);
	}
out:
	gather_end(&got, stack);
	/* The cache's keys have only 32 bits of each PC; here are the others. */
	return !stack->nr || (long)stack->common >> 31 == -1L ?
	       UNWIND_FAST : UNWIND_SLOW_TEXT;
}

bool stackid_fast_in_trampoline(struct fast_walker *walker, unsigned long pc)
{
	return stackid_orc_is_patched(&walker->rules.tables, pc);
}

bool stackid_fast_path(const struct fast_walker *walker,
		       const struct unwind_start *from,
		       const struct stack *stack, struct unwind_path *path)
{
	return stackid_path_make(&walker->rules, from, stack, path);
}

struct fast_walker *stackid_fast_walker_create(void)
{
	struct fast_walker *walker;
	int ret = -ENOMEM;

	walker = kzalloc(sizeof(*walker), GFP_KERNEL);
	if (!walker)
		return ERR_PTR(-ENOMEM);
	walker->stacks = alloc_percpu(struct cpu_stacks);
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

void stackid_fast_walker_destroy(struct fast_walker *walker)
{
	stackid_orc_rules_exit(&walker->rules);
	free_percpu(walker->stacks);
	kfree(walker);
}
