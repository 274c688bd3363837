// SPDX-License-Identifier: GPL-2.0
/*
 * Rules: ORC entries compiled for the walk, and kept by PC.
 *
 * The kernel's unwinder spends most of its time on finding, frame by frame, the
 * ORC entry of a return address, and on proving each load to be on a stack.  But
 * an entry is a fact about code at an address: it changes only when the code
 * goes.  So the walker keeps, in a hash table, PC -> rule: where the caller's
 * stack pointer, return address and saved frame pointer are.
 *
 *   slot     a u64: PC in the upper half, rule in the lower; 0 is empty
 *   PC       its low 32 bits, of which bit 31 is set, as all kernel text is in
 *            the top 2 GiB (whether all of a walk's PCs are is checked at the
 *            walk's end).  Bit 31 is cleared for an interrupted instruction: its
 *            entry is its own, that of a return address the call's before it
 *   rule     kind, how to get the frame pointer, and the two offsets
 *
 * A slot is loaded and stored whole, so it can not be torn, and it is true on
 * its own, so that it does not matter who overwrites it, an NMI in the middle of
 * a fill included.  It can not be stale either: it is filled only with preemption
 * off, from tables that a module has left before a grace period passes, and only
 * then its slots are cleared (remove_module() in orc_tables.c); the module's
 * memory is freed after that.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/vmalloc.h>

#include "../context.h"
#include "orc_rules.h"

/* The ORC types' names are new since kernel commit 1c0c1faf5692 (v6.4). */
#ifndef ORC_TYPE_CALL
#include <linux/objtool.h>
#define ORC_TYPE_CALL	UNWIND_HINT_TYPE_CALL
#define ORC_TYPE_REGS	UNWIND_HINT_TYPE_REGS
static bool is_end(const struct orc_entry *entry)
{
	return entry->sp_reg == ORC_REG_UNDEFINED && entry->end;
}

/* Here the type alone says whether the next frame was interrupted. */
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

/*
 * Is all that a walk loads between the frame's SP and the caller's?  Then the
 * walk needs to compare no more than the latter with the stack's end.
 */
static bool is_inside_frame(const struct orc_entry *entry)
{
	return entry->sp_offset >= 8 &&
	       (entry->bp_reg == ORC_REG_UNDEFINED ||
		(entry->bp_offset <= -16 &&
		 entry->bp_offset >= -entry->sp_offset));
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
		return is_inside_frame(entry) ? RULE_SP : RULE_UNSUPPORTED;
	case ORC_REG_BP:
		/* The common form, in which BP points to where it was saved. */
		return entry->bp_reg == ORC_REG_UNDEFINED ||
		       entry->bp_offset == -16 ? RULE_BP : RULE_UNSUPPORTED;
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
	rule = is_end(entry) ? RULE_END : base_kind(entry);
	if (rule == RULE_UNSUPPORTED)
		return rule;
	if (is_interrupt_entry(pc))
		rule |= RULE_ENTRY;
	if (is_end(entry))
		return rule;
	rule |= (u16)entry->sp_offset;
	if (entry->bp_reg != ORC_REG_UNDEFINED)
		rule |= RULE_BP_SAVED | (u32)(u16)entry->bp_offset << 16;
	return rule;
}

u32 stackid_orc_rules_fill(const struct orc_rules *rules, unsigned long pc,
			   bool exact)
{
	u32 key = slot_key(pc, exact);
	u32 rule = compile(&rules->tables, pc, exact);

	/* What is in no text now may be text later. */
	if (rule != RULE_NONE)
		WRITE_ONCE(*slot_of(rules, key), (u64)key << 32 | rule);
	return rule;
}

static void forget(struct orc_tables *tables, unsigned long start,
		   unsigned long size)
{
	struct orc_rules *rules =
		container_of(tables, struct orc_rules, tables);
	unsigned int i;

	for (i = 0; i < CACHE_SLOTS; i++) {
		u32 key = READ_ONCE(rules->cache[i]) >> 32;

		/* As a distance, so that only 31 bits are needed.  A return
		 * address may be the first one after the text.
		 */
		if (((key - (u32)start) & ~RETURN_ADDRESS) <= size)
			WRITE_ONCE(rules->cache[i], 0);
	}
}

int stackid_orc_rules_init(struct orc_rules *rules)
{
	int ret;

	rules->cache = vzalloc(CACHE_SLOTS * sizeof(*rules->cache));
	if (!rules->cache)
		return -ENOMEM;
	ret = stackid_orc_tables_init(&rules->tables, forget);
	if (ret)
		vfree(rules->cache);
	return ret;
}

void stackid_orc_rules_exit(struct orc_rules *rules)
{
	stackid_orc_tables_exit(&rules->tables);
	vfree(rules->cache);
}
