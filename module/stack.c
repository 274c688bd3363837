// SPDX-License-Identifier: GPL-2.0
/* A captured stack, and the block that it becomes in memory and in records. */
#include <linux/string.h>

#include "stack.h"

/* Where the PCs begin: after the head, and a cut stack's digest. */
static const void *block_pcs(const struct stackid_stack *block)
{
	return (const char *)(block + 1) +
	       (block->flags & STACKID_STACK_CUT ? sizeof(u64) : 0);
}

/*
 * On x86-64 the kernel, its modules and BPF programs share the top 2 GiB, so
 * that this holds for every stack; elsewhere PCs take 8 bytes.
 */
static bool fits_32(const struct stack *stack)
{
	return (u64)stack->common >> 32 == U32_MAX;
}

static struct stackid_stack block_head(const struct stack *stack, u32 id)
{
	return (struct stackid_stack) {
		.id = id,
		.depth = stack->depth,
		.nr = stack->nr,
		.flags = stack->flags | (fits_32(stack) ? 0 : STACKID_STACK_PC64),
	};
}

unsigned int stackid_stack_block_size(const struct stack *stack)
{
	struct stackid_stack head = block_head(stack, 0);

	return stackid_stack_size(&head);
}

void stackid_stack_write_block(const struct stack *stack, u32 id,
			       struct stackid_stack *block)
{
	unsigned int i;

	*block = block_head(stack, id);
	if (block->flags & STACKID_STACK_CUT)
		*(u64 *)(block + 1) = stack->digest;
	if (block->flags & STACKID_STACK_PC64) {
		u64 *pcs = (void *)block_pcs(block);

		for (i = 0; i < stack->nr; i++)
			pcs[i] = stack->pcs[i];
	} else {
		u32 *pcs = (void *)block_pcs(block);

		for (i = 0; i < stack->nr; i++)
			pcs[i] = stack->pcs[i];
		if (stack->nr % 2)
			pcs[i] = 0;
	}
}

unsigned long stackid_block_pc(const struct stackid_stack *block,
			       unsigned int i)
{
	if (block->flags & STACKID_STACK_PC64)
		return ((const u64 *)block_pcs(block))[i];
	return (unsigned long)(0xffffffff00000000ULL |
			       ((const u32 *)block_pcs(block))[i]);
}

void stackid_stack_read_block(struct stack *stack,
			      const struct stackid_stack *block)
{
	unsigned int i;

	stackid_stack_begin(stack, block->flags & STACKID_STACK_EXACT);
	for (i = 0; i < block->nr; i++)
		stackid_stack_add(stack, stackid_block_pc(block, i));
	if (block->flags & STACKID_STACK_CUT) {
		stack->flags |= STACKID_STACK_CUT;
		stack->depth = block->depth;
		stack->digest = *(const u64 *)(block + 1);
	}
	stackid_stack_end(stack);
}

bool stackid_stack_equals_block(const struct stack *stack,
				const struct stackid_stack *block)
{
	struct stackid_stack head = block_head(stack, block->id);
	unsigned int i;

	if (memcmp(&head, block, sizeof(head)))
		return false;
	if (block->flags & STACKID_STACK_CUT &&
	    stack->digest != *(const u64 *)(block + 1))
		return false;
	if (block->flags & STACKID_STACK_PC64)
		return !memcmp(stack->pcs, block_pcs(block),
			       stack->nr * sizeof(u64));
	for (i = 0; i < stack->nr; i++) {
		if ((u32)stack->pcs[i] != ((const u32 *)block_pcs(block))[i])
			return false;
	}
	return true;
}
