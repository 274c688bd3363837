// SPDX-License-Identifier: GPL-2.0
/*
 * Walking by what the ORC tables say, compiled and cached.
 *
 * The kernel's unwinder spends most of its time on finding, frame by frame, the
 * ORC entry of a return address, and on proving each load to be on a stack.  But
 * an entry is a fact about code at an address: it changes only when the code
 * goes.  So the walker keeps, in a hash table, PC -> rule: where the caller's
 * stack pointer, return address and saved frame pointer are.
 *
 *   slot     a u64: PC in the upper half, rule in the lower; 0 is empty
 *   PC       its low 31 bits, and bit 31 for "an interrupted instruction": the
 *            entry of a return address is that of the call before it.  All
 *            kernel text is in the top 2 GiB; whether all of a walk's PCs are
 *            is checked at the walk's end
 *   rule     kind, how to get the frame pointer, and the two offsets
 *
 * A slot is loaded and stored whole, so it can not be torn, and it is true on
 * its own, so that it does not matter who overwrites it, an NMI in the middle of
 * a fill included.  It can not be stale either: it is filled only with preemption
 * off, from tables that a module has left before a grace period passes, and only
 * then its slots are cleared (remove_module() in orc_tables.c); the module's
 * memory is freed after that.
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
#include <linux/vmalloc.h>
#include <asm/unwind.h>

#include "guard.h"
#include "orc_tables.h"
#include "unwind_frame.h"
#include "unwind_orc.h"

/* 256 KiB: a busy machine's kernel shows about 20,000 return addresses. */
#define CACHE_BITS	15
#define CACHE_SLOTS	(1U << CACHE_BITS)

/* NMI, IRQ, and the task's; and one for good measure. */
#define MAX_STACKS	4

#define EXACT		0x80000000U

enum rule_kind {
	RULE_NONE,		/* in no text that is known */
	RULE_PATCHED,		/* a stand-in for another return address */
	RULE_UNSUPPORTED,
	RULE_SP,		/* caller's SP = SP + offset */
	RULE_BP,		/* caller's SP = BP + offset */
	RULE_BP_INDIRECT,	/* caller's SP = *(BP + offset): a realigned frame */
	RULE_SP_INDIRECT,	/* caller's SP = *SP + offset: another stack */
	RULE_REGS,		/* registers of what was interrupted at SP + offset */
	RULE_END,		/* a kernel thread's outermost frame */
};

/*
 * A rule: kind in bits 0..3, bit 4 says that the caller's BP was saved, the
 * offsets in units of 8 bytes, the stack pointer's in bits 5..17, that of the
 * saved BP in bits 18..30: from the caller's SP, in a realigned frame from BP.
 */
#define RULE_KIND	0xfU
#define RULE_BP_SAVED	0x10U
#define SP_SHIFT	5
#define BP_SHIFT	18
#define OFFSET_BITS	13

/* The ORC types' names are new since kernel commit 1c0c1faf5692 (v6.4). */
#ifndef ORC_TYPE_CALL
#include <linux/objtool.h>
#define ORC_TYPE_CALL	UNWIND_HINT_TYPE_CALL
#define ORC_TYPE_REGS	UNWIND_HINT_TYPE_REGS
static bool is_end(const struct orc_entry *entry)
{
	return entry->sp_reg == ORC_REG_UNDEFINED && entry->end;
}

/* Here the type alone says if what comes next was interrupted. */
static bool signal_fits(const struct orc_entry *entry)
{
	return true;
}
#else
static bool is_end(const struct orc_entry *entry)
{
	return entry->type == ORC_TYPE_END_OF_STACK;
}

static bool signal_fits(const struct orc_entry *entry)
{
	return entry->signal == (entry->type == ORC_TYPE_REGS);
}
#endif

struct orc_walker {
	struct orc_tables tables;
	u64 *cache;
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

static u32 encode_offset(int offset, unsigned int shift)
{
	return ((u32)(offset / 8) & ((1U << OFFSET_BITS) - 1)) << shift;
}

static long sp_offset(u32 rule)
{
	return (long)((s32)(rule << (32 - OFFSET_BITS - SP_SHIFT)) >>
		      (32 - OFFSET_BITS)) * 8;
}

static long bp_offset(u32 rule)
{
	return (long)((s32)(rule << (32 - OFFSET_BITS - BP_SHIFT)) >>
		      (32 - OFFSET_BITS)) * 8;
}

static enum rule_kind base_kind(const struct orc_entry *entry)
{
	if (entry->sp_offset % 8 || entry->bp_offset % 8 || !signal_fits(entry))
		return RULE_UNSUPPORTED;
	if (entry->type == ORC_TYPE_REGS)
		return entry->sp_reg == ORC_REG_SP &&
		       entry->bp_reg == ORC_REG_UNDEFINED ? RULE_REGS :
							    RULE_UNSUPPORTED;
	if (entry->type != ORC_TYPE_CALL)
		return RULE_UNSUPPORTED;
	if (entry->sp_reg == ORC_REG_BP_INDIRECT)
		return entry->bp_reg == ORC_REG_BP ? RULE_BP_INDIRECT :
						     RULE_UNSUPPORTED;
	if (entry->bp_reg != ORC_REG_UNDEFINED &&
	    entry->bp_reg != ORC_REG_PREV_SP)
		return RULE_UNSUPPORTED;
	switch (entry->sp_reg) {
	case ORC_REG_SP:
		return RULE_SP;
	case ORC_REG_BP:
		return RULE_BP;
	case ORC_REG_SP_INDIRECT:
		return RULE_SP_INDIRECT;
	default:
		return RULE_UNSUPPORTED;
	}
}

static u32 compile(const struct orc_tables *tables, unsigned long pc, bool exact)
{
	const struct orc_entry *entry;
	u32 rule;

	entry = stackid_orc_find(tables, exact ? pc : pc - 1);
	if (!entry)
		return RULE_NONE;
	if (stackid_orc_is_patched(tables, pc))
		return RULE_PATCHED;
	if (is_end(entry))
		return RULE_END;
	rule = base_kind(entry);
	if (rule == RULE_UNSUPPORTED)
		return rule;
	rule |= encode_offset(entry->sp_offset, SP_SHIFT);
	if (entry->bp_reg != ORC_REG_UNDEFINED)
		rule |= RULE_BP_SAVED | encode_offset(entry->bp_offset, BP_SHIFT);
	return rule;
}

static u32 slot_key(unsigned long pc, bool exact)
{
	return ((u32)pc & ~EXACT) | (exact ? EXACT : 0);
}

/* Knuth's multiplicative hash; the multiplier is 2^32 / golden ratio. */
static u64 *slot_of(const struct orc_walker *walker, u32 key)
{
	return &walker->cache[key * 0x9e3779b1U >> (32 - CACHE_BITS)];
}

static noinline u32 fill(const struct orc_walker *walker, unsigned long pc,
			 bool exact)
{
	u32 key = slot_key(pc, exact);
	u32 rule = compile(&walker->tables, pc, exact);

	/* What is in no text now may be text later. */
	if (rule != RULE_NONE)
		WRITE_ONCE(*slot_of(walker, key), (u64)key << 32 | rule);
	return rule;
}

static __always_inline u32 rule_of(const struct orc_walker *walker,
				   unsigned long pc, bool exact)
{
	u32 key = slot_key(pc, exact);
	u64 slot = READ_ONCE(*slot_of(walker, key));

	if (likely(slot >> 32 == key))
		return slot;
	return fill(walker, pc, exact);
}

static void forget(struct orc_tables *tables, unsigned long start,
		   unsigned long size)
{
	struct orc_walker *walker =
		container_of(tables, struct orc_walker, tables);
	unsigned int i;

	for (i = 0; i < CACHE_SLOTS; i++) {
		u32 key = READ_ONCE(walker->cache[i]) >> 32;

		/* As a distance, so that only 31 bits are needed.  A return
		 * address may be the first one after the text.
		 */
		if (((key - (u32)start) & ~EXACT) <= size)
			WRITE_ONCE(walker->cache[i], 0);
	}
}

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

static bool find_stack(const struct orc_walker *walker, unsigned long address,
		       struct bounds *bounds)
{
	unsigned int level;

	bounds->begin = (unsigned long)task_stack_page(current);
	bounds->end = bounds->begin + THREAD_SIZE;
	if (likely(is_within(bounds, address, 8)))
		return true;
	for (level = 0; level < NR_LEVELS; level++) {
		*bounds = unpack(READ_ONCE((*this_cpu_ptr(walker->stacks))[level]));
		if (bounds->begin && is_within(bounds, address, 8))
			return true;
	}
	return learn_stack(walker, address, bounds);
}

static unsigned long load(unsigned long address)
{
	return READ_ONCE_NOCHECK(*(unsigned long *)address);
}

static enum unwind_outcome outcome_of_rule(u32 rule)
{
	switch (rule & RULE_KIND) {
	case RULE_NONE:
		return UNWIND_SLOW_TEXT;
	case RULE_PATCHED:
		return UNWIND_SLOW_PATCHED;
	default:
		return UNWIND_SLOW_RULE;
	}
}

static __always_inline enum unwind_outcome
walk_frames(const struct orc_walker *walker, const struct unwind_start *from,
	    struct unwind_walk *walk)
{
	unsigned int stacks_left = MAX_STACKS;
	unsigned long pc, sp, bp, next, address;
	const struct pt_regs *regs = from->regs;
	struct bounds bounds;
	u32 rule;

	pc = regs ? regs->ip : from->ip;
	sp = regs ? regs->sp : from->sp;
	bp = regs ? regs->bp : from->bp;
	rule = rule_of(walker, pc, regs);
	if ((rule & RULE_KIND) < RULE_SP)
		return outcome_of_rule(rule);
	if (!find_stack(walker, sp - 8, &bounds))
		return UNWIND_SLOW_STACK;
	if (likely(!is_left_out(from, pc)) && !unwind_frame(walk, pc, false))
		return UNWIND_FAST;

	for (;;) {
		bool interrupted = false;

		switch (rule & RULE_KIND) {
		case RULE_SP:
			next = sp + sp_offset(rule);
			break;
		case RULE_BP:
			next = bp + sp_offset(rule);
			break;
		case RULE_BP_INDIRECT:
			address = bp + sp_offset(rule);
			if (!is_within(&bounds, address, 8))
				return UNWIND_SLOW_STACK;
			next = load(address);
			break;
		case RULE_SP_INDIRECT:
			if (!stacks_left-- || !is_within(&bounds, sp, 8))
				return UNWIND_SLOW_STACK;
			next = load(sp) + sp_offset(rule);
			if (!is_within(&bounds, next - 8, 8)) {
				if (!find_stack(walker, next - 8, &bounds))
					return UNWIND_SLOW_STACK;
				/* Nothing to compare with on this stack yet. */
				sp = 0;
			}
			break;
		case RULE_REGS:
			address = sp + sp_offset(rule);
			if (!is_within(&bounds, address, sizeof(*regs)))
				return UNWIND_SLOW_STACK;
			regs = (const struct pt_regs *)address;
			if (user_mode((struct pt_regs *)regs))
				return UNWIND_FAST;
			interrupted = true;
			pc = READ_ONCE_NOCHECK(regs->ip);
			bp = READ_ONCE_NOCHECK(regs->bp);
			next = READ_ONCE_NOCHECK(regs->sp);
			if (is_within(&bounds, next - 8, 8)) {
				if (next <= sp)
					return UNWIND_SLOW_STACK;
			} else if (!stacks_left-- ||
				   !find_stack(walker, next - 8, &bounds)) {
				return UNWIND_SLOW_STACK;
			}
			break;
		case RULE_END:
			return UNWIND_FAST;
		default:
			return outcome_of_rule(rule);
		}

		if (likely(!interrupted)) {
			if (unlikely(next <= sp ||
				     !is_within(&bounds, next - 8, 8)))
				return UNWIND_SLOW_STACK;
			pc = load(next - 8);
			if (rule & RULE_BP_SAVED) {
				bool from_bp = (rule & RULE_KIND) ==
					       RULE_BP_INDIRECT;

				address = (unlikely(from_bp) ? bp : next) +
					  bp_offset(rule);
				if (unlikely(!is_within(&bounds, address, 8)))
					return UNWIND_SLOW_STACK;
				bp = load(address);
			}
		}
		sp = next;

		rule = rule_of(walker, pc, interrupted);
		/* Only text is a frame. */
		if (unlikely((rule & RULE_KIND) < RULE_UNSUPPORTED))
			return outcome_of_rule(rule);
		if (!unwind_frame(walk, pc, interrupted))
			return UNWIND_FAST;
	}
}

enum unwind_outcome stackid_unwind_orc(struct orc_walker *walker,
				       const struct unwind_start *from,
				       const struct unwind_rules *rules,
				       struct stack *stack)
{
	struct unwind_walk walk = {
		.stack = stack,
		.skip = rules->skip,
		.cut = rules->cut,
	};
	enum unwind_outcome outcome = walk_frames(walker, from, &walk);

	/* The cache's keys have only 31 bits of each PC; here are the others. */
	if (outcome == UNWIND_FAST && stack->nr &&
	    (long)stack->common >> 31 != -1L)
		return UNWIND_SLOW_TEXT;
	return outcome;
}

struct orc_walker *stackid_orc_walker_create(void)
{
	struct orc_walker *walker;
	int ret = -ENOMEM;

	walker = kzalloc(sizeof(*walker), GFP_KERNEL);
	if (!walker)
		return ERR_PTR(-ENOMEM);
	walker->cache = vzalloc(CACHE_SLOTS * sizeof(*walker->cache));
	walker->stacks = alloc_percpu(unsigned long [NR_LEVELS]);
	if (!walker->cache || !walker->stacks)
		goto err;
	ret = stackid_orc_tables_init(&walker->tables, forget);
	if (ret)
		goto err;
	return walker;

err:
	free_percpu(walker->stacks);
	vfree(walker->cache);
	kfree(walker);
	return ERR_PTR(ret);
}

void stackid_orc_walker_destroy(struct orc_walker *walker)
{
	stackid_orc_tables_exit(&walker->tables);
	free_percpu(walker->stacks);
	vfree(walker->cache);
	kfree(walker);
}
