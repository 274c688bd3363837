// SPDX-License-Identifier: GPL-2.0
/* A captured stack, and the block that it becomes in memory and in records. */
#include "stack.h"

#ifdef STACKID_TEST_HOOKS
#include <linux/moduleparam.h>

/* Set when the module is loaded: a stack must not change its hash. */
unsigned int stackid_test_hash_mask = U32_MAX;
module_param_named(test_hash_mask, stackid_test_hash_mask, uint, 0444);
#endif

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

static u32 block_shape(const struct stackid_stack *block)
{
	return stackid_stack_shape(block->depth, block->nr, block->flags);
}

bool stackid_blocks_equal(const struct stackid_stack *a,
			  const struct stackid_stack *b)
{
	unsigned int pc_size = a->flags & STACKID_STACK_PC64 ? sizeof(u64) :
							       sizeof(u32);

	/* How wide the PCs are follows from them. */
	if (block_shape(a) != block_shape(b) ||
	    (a->flags ^ b->flags) & STACKID_STACK_PC64)
		return false;
	if (a->flags & STACKID_STACK_CUT &&
	    *(const u64 *)(a + 1) != *(const u64 *)(b + 1))
		return false;
	return !memcmp(stackid_stack_pcs(a), stackid_stack_pcs(b),
		       a->nr * pc_size);
}
