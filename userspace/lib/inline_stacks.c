// SPDX-License-Identifier: GPL-2.0
/* Stacks that travelled in records. */
#include <stdlib.h>
#include <string.h>

#include "inline_stacks.h"
#include "memory.h"
#include "records.h"
#include "symbolizer.h"

/**
 * struct inline_stacks - see inline_stacks.h
 * @seen:    hashes of all stacks so far, 0 where there is none.  Two with equal
 *           hashes would cost the second one its symbols, which at 64 bits does
 *           not happen; its PCs are in the file all the same
 * @nr:      of them
 * @waiting: generation and block, one after the other
 */
struct inline_stacks {
	uint64_t *seen;
	size_t nr_slots;
	size_t nr;
	char *waiting;
	size_t size;
	size_t room;
};

struct inline_stacks *stackid_inline_stacks_create(void)
{
	struct inline_stacks *stacks = stackid_memory_zalloc(1,
							     sizeof(*stacks));

	stacks->nr_slots = 1024;
	stacks->seen = stackid_memory_zalloc(stacks->nr_slots,
					     sizeof(*stacks->seen));
	return stacks;
}

void stackid_inline_stacks_destroy(struct inline_stacks *stacks)
{
	free(stacks->seen);
	free(stacks->waiting);
	free(stacks);
}

static uint64_t *find_slot(const struct inline_stacks *stacks, uint64_t hash)
{
	for (size_t i = hash;; i++) {
		uint64_t *slot = &stacks->seen[i & (stacks->nr_slots - 1)];

		if (!*slot || *slot == hash)
			return slot;
	}
}

static void double_slots(struct inline_stacks *stacks)
{
	uint64_t *old = stacks->seen;
	size_t nr_old = stacks->nr_slots;

	stacks->nr_slots *= 2;
	stacks->seen = stackid_memory_zalloc(stacks->nr_slots, sizeof(*old));
	for (size_t i = 0; i < nr_old; i++) {
		if (old[i])
			*find_slot(stacks, old[i]) = old[i];
	}
	free(old);
}

/* True if it is the first time. */
static bool count(struct inline_stacks *stacks, uint64_t generation,
		  const struct stackid_stack *block)
{
	uint64_t hash = stackid_block_hash(block, generation) | 1;
	uint64_t *slot = find_slot(stacks, hash);

	if (*slot)
		return false;
	if (stacks->nr >= stacks->nr_slots / 2) {
		double_slots(stacks);
		slot = find_slot(stacks, hash);
	}
	*slot = hash;
	stacks->nr++;
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
	return stacks->nr;
}

void stackid_inline_stacks_add(struct inline_stacks *stacks,
			       uint64_t generation,
			       const struct stackid_stack *block)
{
	size_t size = stackid_stack_size(block);

	if (!count(stacks, generation, block))
		return;
	if (stacks->size + sizeof(generation) + size > stacks->room) {
		stacks->room = 2 * (stacks->room + sizeof(generation) + size);
		stacks->waiting = stackid_memory_resize(stacks->waiting,
							stacks->room, 1);
	}
	memcpy(stacks->waiting + stacks->size, &generation,
	       sizeof(generation));
	stacks->size += sizeof(generation);
	memcpy(stacks->waiting + stacks->size, block, size);
	stacks->size += size;
}

void stackid_inline_stacks_resolve(struct inline_stacks *stacks,
				   struct symbolizer *symbolizer)
{
	for (size_t at = 0; at < stacks->size;) {
		const struct stackid_stack *block;
		uint64_t generation;

		memcpy(&generation, stacks->waiting + at, sizeof(generation));
		at += sizeof(generation);
		block = (const void *)(stacks->waiting + at);
		stackid_symbolizer_add(symbolizer, generation, block);
		at += stackid_stack_size(block);
	}
	stacks->size = 0;
}
