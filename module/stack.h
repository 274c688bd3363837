/* SPDX-License-Identifier: GPL-2.0 */
/* A captured stack on its way to the table or the ring. */
#ifndef _STACKID_STACK_H
#define _STACKID_STACK_H

#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/stddef.h>
#include <linux/string.h>
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
 * @marks:  bit i: PC i, not the first, is no return address.  Only if @flags has
 *          STACKID_STACK_MARKED
 * @pcs:    innermost first
 */
struct stack {
	u8 nr;
	u8 flags;
	u16 depth;
	u32 hash;
	u64 digest;
	unsigned long common;
	u64 marks[DIV_ROUND_UP(STACKID_MAX_DEPTH, 64)];
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

/* PC @i, which was added or will be next, is no return address. */
static inline void stackid_stack_mark(struct stack *stack, unsigned int i)
{
	if (!(stack->flags & STACKID_STACK_MARKED))
		memset(stack->marks, 0, sizeof(stack->marks));
	stack->flags |= STACKID_STACK_MARKED;
	stack->marks[i / 64] |= 1ULL << (i % 64);
}

/*
 * The selftests' own build of the module, and no other, defines STACKID_TEST_HOOKS:
 * a parameter then leaves few hashes, so that many stacks collide.
 */
#ifdef STACKID_TEST_HOOKS
extern unsigned int stackid_test_hash_mask;
#else
#define stackid_test_hash_mask U32_MAX
#endif

/* Of a stack with the given flags; see struct stack. */
static inline u32 stackid_stack_hash(u64 digest, u8 flags)
{
	u32 hash = (u32)digest ^ (u32)(digest >> 32) ^ (flags & STACKID_STACK_EXACT);

	return hash & stackid_test_hash_mask;
}

static inline void stackid_stack_end(struct stack *stack)
{
	stack->hash = stackid_stack_hash(stack->digest, stack->flags);
}

/**
 * struct stack_key - what a stack is looked for by, wherever its PCs lie
 * @pcs:    those that are held
 * @digest: see struct stack
 * @hash:   see struct stack
 * @shape:  its depth, nr and flags in one
 *
 * It is passed to inlines only, which leave it in registers.
 */
struct stack_key {
	const unsigned long *pcs;
	u64 digest;
	u32 hash;
	u32 shape;
};

/*
 * Stacks that differ in these alone are one stack: how PCs are stored, and what
 * follows from the PCs.
 */
#define STACK_FLAGS_OF_NO_SHAPE	(STACKID_STACK_PC64 | STACKID_STACK_MARKED)

static inline u32 stackid_stack_shape(u32 depth, u32 nr, u32 flags)
{
	/* Masked as a whole, so that of a block it is one load. */
	return (depth | nr << 16 | flags << 24) &
	       ~((u32)STACK_FLAGS_OF_NO_SHAPE << 24);
}

static __always_inline struct stack_key
stackid_stack_key(const struct stack *stack)
{
	return (struct stack_key) {
		.pcs = stack->pcs,
		.digest = stack->digest,
		.hash = stack->hash,
		.shape = stackid_stack_shape(stack->depth, stack->nr,
					     stack->flags),
	};
}

/*
 * As if @entries had been added to a stack one by one.  Two at a time, because
 * the loop's own instructions are as many as those of a step.
 */
static __always_inline struct stack_key
stackid_entries_key(const unsigned long *entries, unsigned int nr_entries)
{
	struct stack_key key = { .pcs = entries, .digest = stackid_hash_key };
	const unsigned long *end = entries + nr_entries;
	u8 flags = 0;

	if (nr_entries & 1)
		key.digest = stackid_digest_add(key.digest, *entries++);
	for (; entries != end; entries += 2) {
		key.digest = stackid_digest_add(key.digest, entries[0]);
		key.digest = stackid_digest_add(key.digest, entries[1]);
	}
	key.shape = stackid_stack_shape(nr_entries, nr_entries, 0);
	if (unlikely(nr_entries > STACKID_MAX_DEPTH)) {
		flags = STACKID_STACK_CUT;
		key.shape = stackid_stack_shape(min_t(u32, nr_entries, U16_MAX),
						STACKID_MAX_DEPTH, flags);
	}
	key.hash = stackid_stack_hash(key.digest, flags);
	return key;
}

/* The uapi stack block.  Its size is a multiple of 8. */
#define STACK_BLOCK_MAX_SIZE						\
	(sizeof(struct stackid_stack) + sizeof(u64) +			\
	 sizeof_field(struct stack, marks) + STACKID_MAX_DEPTH * sizeof(u64))

unsigned int stackid_stack_block_size(const struct stack *stack);
void stackid_stack_write_block(const struct stack *stack, u32 id,
			       struct stackid_stack *block);

/* Of one stack?  Their ids do not matter. */
bool stackid_blocks_equal(const struct stackid_stack *a,
			  const struct stackid_stack *b);

static __always_inline unsigned long
stackid_block_pc(const struct stackid_stack *block, unsigned int i)
{
	const void *pcs = stackid_stack_pcs(block);

	/* 32 bits stand for their sign extension. */
	return block->flags & STACKID_STACK_PC64 ? ((const u64 *)pcs)[i] :
						   ((const s32 *)pcs)[i];
}

static __always_inline bool
stackid_key_equals_block(const struct stack_key *key,
			 const struct stackid_stack *block)
{
	const u64 *pcs_64 = (const u64 *)(block + 1);
	const s32 *pcs = (const s32 *)pcs_64;
	unsigned long i = block->nr;

	if (stackid_stack_shape(block->depth, block->nr, block->flags) !=
	    key->shape)
		return false;
	if (unlikely(block->flags & (STACKID_STACK_CUT | STACKID_STACK_PC64 |
				     STACKID_STACK_MARKED))) {
		if (block->flags & STACKID_STACK_CUT &&
		    *pcs_64 != key->digest)
			return false;
		while (i--)
			if (stackid_block_pc(block, i) != key->pcs[i])
				return false;
		return true;
	}
	/* stackid_block_pc() of two at a time. */
	if (i & 1) {
		i--;
		if (pcs[i] != (long)key->pcs[i])
			return false;
	}
	for (; i; i -= 2)
		if (pcs[i - 1] != (long)key->pcs[i - 1] ||
		    pcs[i - 2] != (long)key->pcs[i - 2])
			return false;
	return true;
}

static inline bool stackid_stack_equals_block(const struct stack *stack,
					      const struct stackid_stack *block)
{
	struct stack_key key = stackid_stack_key(stack);

	return stackid_key_equals_block(&key, block);
}

#endif /* _STACKID_STACK_H */
