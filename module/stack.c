// SPDX-License-Identifier: GPL-2.0
/* A captured stack, and the block that it becomes in memory and in records. */
#include "stack.h"

/*
 * On x86-64 the kernel, its modules and BPF programs share the top 2 GiB, so
 * that this holds for every stack; elsewhere PCs take 8 bytes.
 */
static bool fits_32(const struct stack *stack)
{
	return (long)stack->common >> 31 == -1;
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
	if (block->flags & STACKID_STACK_MARKED)
		for (i = 0; i < DIV_ROUND_UP(stack->nr, 64); i++)
			((u64 *)stackid_stack_marks(block))[i] = stack->marks[i];
	if (block->flags & STACKID_STACK_PC64) {
		u64 *pcs = (void *)stackid_stack_pcs(block);

		for (i = 0; i < stack->nr; i++)
			pcs[i] = stack->pcs[i];
	} else {
		u32 *pcs = (void *)stackid_stack_pcs(block);

		for (i = 0; i < stack->nr; i++)
			pcs[i] = stack->pcs[i];
		if (stack->nr % 2)
			pcs[i] = 0;
	}
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
	for (i = 1; i < block->nr; i++)
		if (stackid_stack_is_exact(block, i))
			stackid_stack_mark(stack, i);
	stackid_stack_end(stack);
}
