/* SPDX-License-Identifier: GPL-2.0 */
/* Rules: ORC entries compiled for the walk, and kept by PC. */
#ifndef _STACKID_ORC_RULES_H
#define _STACKID_ORC_RULES_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "orc_tables.h"

/* 256 KiB: a busy machine's kernel shows about 20,000 return addresses. */
#define CACHE_BITS	15
#define CACHE_SLOTS	(1U << CACHE_BITS)

/* Set in every PC, so the key of an interrupted instruction has it cleared. */
#define RETURN_ADDRESS	0x80000000U

/* Of a rule, in the order in which the walk asks for them. */
enum rule_kind {
	RULE_SP,		/* caller's SP = SP + offset */
	RULE_BP,		/* caller's SP = BP + offset */
	RULE_BP_INDIRECT,	/* caller's SP = *(BP + offset): a realigned frame */
	RULE_SP_INDIRECT,	/* caller's SP = *SP + offset: another stack */
	RULE_REGS,		/* registers of what was interrupted at SP + offset */
	RULE_END,		/* a kernel thread's outermost frame */
	RULE_UNSUPPORTED,
	RULE_NO_FRAME,		/* RULE_NONE or RULE_PATCHED */
};

/*
 * A rule: in bits 0..15 the stack pointer's offset, in bits 16..31 that of the
 * saved BP from the caller's SP (in a realigned frame from BP).  Both are signed
 * multiples of 8, so that their low bits are free: in bits 0..2 is the kind, bit
 * 16 says that the caller's BP was saved, bit 17 that the PC is where interrupts
 * or softirqs are entered.
 */
#define RULE_KIND	7U
#define RULE_BP_SAVED	0x10000U
#define RULE_ENTRY	0x20000U
/* In no text that is known; never in the cache. */
#define RULE_NONE	((u32)RULE_NO_FRAME)
/* A stand-in for another return address. */
#define RULE_PATCHED	(RULE_NO_FRAME | RULE_BP_SAVED)

/**
 * struct orc_rules - what is known of PCs
 * @tables: where it comes from
 * @cache:  of CACHE_SLOTS, see orc_rules.c
 */
struct orc_rules {
	struct orc_tables tables;
	u64 *cache;
};

/* Task context, may sleep.  0 or a negative errno. */
int stackid_orc_rules_init(struct orc_rules *rules);
/* No walk is under way. */
void stackid_orc_rules_exit(struct orc_rules *rules);

/* The rule of a PC that is not in the cache; puts it there. */
u32 stackid_orc_rules_fill(const struct orc_rules *rules, unsigned long pc,
			   bool exact);

static inline long sp_offset(u32 rule)
{
	return (s16)(rule & ~RULE_KIND);
}

static inline long bp_offset(u32 rule)
{
	return ((s32)rule >> 16) & ~7;
}

static inline u32 slot_key(unsigned long pc, bool exact)
{
	return exact ? (u32)pc & ~RETURN_ADDRESS : pc;
}

/* Knuth's multiplicative hash; the multiplier is 2^32 / golden ratio. */
static inline u32 slot_index(u32 key)
{
	return key * 0x9e3779b1U >> (32 - CACHE_BITS);
}

static inline u64 *slot_of(const struct orc_rules *rules, u32 key)
{
	return &rules->cache[slot_index(key)];
}

/*
 * The rule of a PC.  @exact: it is an interrupted instruction, not a return
 * address.  Any context; preemption must be off as long as the rule is used.
 */
static __always_inline u32 rule_of(const struct orc_rules *rules,
				   unsigned long pc, bool exact)
{
	u32 key = slot_key(pc, exact);
	u64 slot = READ_ONCE(*slot_of(rules, key));

	if (likely(slot >> 32 == key))
		return slot;
	return stackid_orc_rules_fill(rules, pc, exact);
}

#endif /* _STACKID_ORC_RULES_H */
