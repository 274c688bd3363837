// SPDX-License-Identifier: GPL-2.0
/* Stacks that travelled in records. */
#include <stdlib.h>
#include <string.h>

#include "../buffer.h"
#include "../data/records.h"
#include "../memory.h"
#include "../slots.h"
#include "inline_stacks.h"
#include "symbolizer.h"

/**
 * struct inline_stacks - see inline_stacks.h
 * @seen:    hashes of all stacks so far, the lower half as the number that goes with
 *           the upper.  Two with equal hashes would cost the second one its symbols,
 *           which at 63 bits does not happen; its PCs are in the file all the same
 * @waiting: generation and block, one after the other
 */
struct inline_stacks {
	struct slots seen;
	struct buffer waiting;
};

struct inline_stacks *stackid_inline_stacks_create(void)
{
	return stackid_memory_zalloc(1, sizeof(struct inline_stacks));
}

void stackid_inline_stacks_forget(struct inline_stacks *stacks)
{
	stackid_slots_free(&stacks->seen);
	stacks->seen = (struct slots) { };
	stacks->waiting.size = 0;
}

void stackid_inline_stacks_destroy(struct inline_stacks *stacks)
{
	stackid_slots_free(&stacks->seen);
	free(stacks->waiting.data);
	free(stacks);
}

/* True if it is the first time. */
static bool count(struct inline_stacks *stacks, uint64_t generation,
		  const struct stackid_stack *block)
{
	uint64_t hash = stackid_block_hash(block, generation);
	uint32_t half = (uint32_t)hash | 1, seen;
	size_t step = 0;

	while ((seen = stackid_slots_next(&stacks->seen, hash, &step))) {
		if (seen == half)
			return false;
	}
	stackid_slots_add(&stacks->seen, hash, half);
	return true;
}

void stackid_inline_stacks_note(struct inline_stacks *stacks,
				uint64_t generation,
				const struct stackid_stack *block)
{
	count(stacks, generation, block);
}

uint64_t stackid_inline_stacks_count(const struct inline_stacks *stacks)
{
	return stacks->seen.used;
}

void stackid_inline_stacks_add(struct inline_stacks *stacks,
			       uint64_t generation,
			       const struct stackid_stack *block)
{
	if (!count(stacks, generation, block))
		return;
	stackid_buffer_add(&stacks->waiting, &generation, sizeof(generation));
	stackid_buffer_add(&stacks->waiting, block, stackid_stack_size(block));
}

void stackid_inline_stacks_resolve(struct inline_stacks *stacks,
				   struct symbolizer *symbolizer)
{
	for (size_t at = 0; at < stacks->waiting.size;) {
		const struct stackid_stack *block;
		uint64_t generation;

		memcpy(&generation, stacks->waiting.data + at, sizeof(generation));
		at += sizeof(generation);
		block = (const void *)(stacks->waiting.data + at);
		stackid_symbolizer_add(symbolizer, generation, block);
		at += stackid_stack_size(block);
	}
	stacks->waiting.size = 0;
}
