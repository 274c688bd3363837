/* SPDX-License-Identifier: GPL-2.0 */
/* A captured stack on its way to the table or the ring. */
#ifndef _STACKID_STACK_H
#define _STACKID_STACK_H

#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/types.h>

#include "../include/uapi/stackid.h"

/**
 * struct stack - a captured stack
 * @nr:     PCs held
 * @flags:  STACKID_STACK_*, but for PC64, which the block's writer decides
 * @depth:  frames that it had; greater than @nr if it was cut
 * @hash:   for the table's buckets, valid after stackid_stack_end()
 * @digest: keyed hash of all its frames; part of a cut stack's identity
 * @common: the bits that all PCs have set
 * @pcs:    innermost first
 */
struct stack {
	u8 nr;
	u8 flags;
	u16 depth;
	u32 hash;
	u64 digest;
	unsigned long common;
	unsigned long pcs[STACKID_MAX_DEPTH];
};

/*
 * Set once from main.c, before any stack is captured: makes the hashes of each
 * boot different, so that nobody can prepare stacks for one bucket.
 */
extern u64 stackid_hash_key;

/* Build one frame by frame: begin, add..., end. */
static inline void stackid_stack_begin(struct stack *stack, bool exact)
{
	stack->nr = 0;
	stack->flags = exact ? STACKID_STACK_EXACT : 0;
	stack->depth = 0;
	stack->digest = stackid_hash_key;
	stack->common = ~0UL;
}

/*
 * Each step is a bijection of the digest for a given PC, and of the PC for a
 * given digest, so that stacks which differ in one frame never share a digest;
 * others do with a chance of 2^-64.  The multiplication spreads upwards only,
 * the rotation brings down what it has spread.  The multiplier is 2^64 / golden
 * ratio.
 */
static inline u64 stackid_digest_add(u64 digest, unsigned long pc)
{
	return (rol64(digest, 32) ^ pc) * 0x9e3779b97f4a7c15ULL;
}

static inline void stackid_stack_add(struct stack *stack, unsigned long pc)
{
	stack->digest = stackid_digest_add(stack->digest, pc);
	if (likely(stack->nr < STACKID_MAX_DEPTH)) {
		stack->common &= pc;
		stack->pcs[stack->nr++] = pc;
	} else {
		stack->flags |= STACKID_STACK_CUT;
	}
	if (likely(stack->depth < U16_MAX))
		stack->depth++;
}

/* Of a stack with the given flags; see struct stack. */
static inline u32 stackid_stack_hash(u64 digest, u8 flags)
{
	return (u32)digest ^ (u32)(digest >> 32) ^ (flags & STACKID_STACK_EXACT);
}

static inline void stackid_stack_end(struct stack *stack)
{
	stack->hash = stackid_stack_hash(stack->digest, stack->flags);
}

/*
 * The uapi stack block.  Its size is a multiple of 8; without 32-bit PCs the
 * comparison of a long stack with its block is as exact as with them.
 */
unsigned int stackid_stack_block_size(const struct stack *stack);
void stackid_stack_write_block(const struct stack *stack, u32 id,
			       struct stackid_stack *block);
/* Back from a block, for requests that waited in a queue. */
void stackid_stack_read_block(struct stack *stack,
			      const struct stackid_stack *block);
bool stackid_stack_equals_block(const struct stack *stack,
				const struct stackid_stack *block);
unsigned long stackid_block_pc(const struct stackid_stack *block,
			       unsigned int i);

#endif /* _STACKID_STACK_H */
