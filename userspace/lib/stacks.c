// SPDX-License-Identifier: GPL-2.0
/* The stacks of a data file: a hash of whole blocks, and one of their ids. */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "hash.h"
#include "records.h"
#include "stacks.h"

/* Entries move as they grow in number; what they point to does not. */
struct stack_entry {
	struct data_stack *stack;
	struct stackid_stack *block;
};

/* @index: 0 is an empty slot. */
struct id_slot {
	uint64_t generation;
	uint32_t id;
	uint32_t index;
};

void stackid_stacks_init(struct stacks *stacks, const struct symbols *symbols)
{
	memset(stacks, 0, sizeof(*stacks));
	stacks->symbols = symbols;
	stacks->entries = stackid_array_grow(NULL, 0, &stacks->room,
					     sizeof(*stacks->entries));
	memset(stacks->entries, 0, sizeof(*stacks->entries));
	stacks->nr = 1;
	stacks->nr_slots = 1024;
	stacks->slots = stackid_memory_zalloc(stacks->nr_slots,
					      sizeof(*stacks->slots));
	stacks->nr_id_slots = 1024;
	stacks->ids = stackid_memory_zalloc(stacks->nr_id_slots,
					    sizeof(*stacks->ids));
}

void stackid_stacks_exit(struct stacks *stacks)
{
	for (size_t i = 1; i < stacks->nr; i++) {
		free((void *)stacks->entries[i].stack->frames);
		free(stacks->entries[i].stack);
		free(stacks->entries[i].block);
	}
	free(stacks->entries);
	free(stacks->slots);
	free(stacks->ids);
}

static struct id_slot *find_id(const struct stacks *stacks,
			       uint64_t generation, uint32_t id)
{
	size_t i = stackid_hash_u64(generation << STACKID_ID_BITS ^
				    generation >> 40 ^ id);

	for (;; i++) {
		struct id_slot *slot = &stacks->ids[i & (stacks->nr_id_slots - 1)];

		if (!slot->index ||
		    (slot->generation == generation && slot->id == id))
			return slot;
	}
}

static void double_ids(struct stacks *stacks)
{
	struct id_slot *old = stacks->ids;
	size_t nr_old = stacks->nr_id_slots;

	stacks->nr_id_slots *= 2;
	stacks->ids = stackid_memory_zalloc(stacks->nr_id_slots, sizeof(*old));
	for (size_t i = 0; i < nr_old; i++) {
		if (old[i].index)
			*find_id(stacks, old[i].generation, old[i].id) = old[i];
	}
	free(old);
}

static void set_id(struct stacks *stacks, uint64_t generation, uint32_t id,
		   uint32_t index)
{
	struct id_slot *slot;

	if (stacks->nr_ids >= stacks->nr_id_slots / 2)
		double_ids(stacks);
	slot = find_id(stacks, generation, id);
	if (!slot->index)
		stacks->nr_ids++;
	*slot = (struct id_slot) { generation, id, index };
}

static uint32_t *find_slot(const struct stacks *stacks, uint64_t generation,
			   const struct stackid_stack *block)
{
	size_t i = stackid_block_hash(block, generation);

	for (;; i++) {
		uint32_t *slot = &stacks->slots[i & (stacks->nr_slots - 1)];
		const struct stack_entry *entry = &stacks->entries[*slot];

		if (!*slot ||
		    (entry->stack->generation == generation &&
		     stackid_block_equals(entry->block, block)))
			return slot;
	}
}

static void double_slots(struct stacks *stacks)
{
	free(stacks->slots);
	stacks->nr_slots *= 2;
	stacks->slots = stackid_memory_zalloc(stacks->nr_slots,
					      sizeof(*stacks->slots));
	for (size_t i = 1; i < stacks->nr; i++) {
		const struct stack_entry *entry = &stacks->entries[i];

		if (entry->block)
			*find_slot(stacks, entry->stack->generation,
				   entry->block) = i;
	}
}

/* @block is the entry's own from now on; NULL is a stand-in's. */
static uint32_t add_entry(struct stacks *stacks, struct data_stack *stack,
			  struct stackid_stack *block)
{
	stacks->entries = stackid_array_grow(stacks->entries, stacks->nr,
					     &stacks->room,
					     sizeof(*stacks->entries));
	stacks->entries[stacks->nr].stack = stack;
	stacks->entries[stacks->nr].block = block;
	return stacks->nr++;
}

static struct data_stack *make_stack(const struct stacks *stacks,
				     uint64_t generation,
				     const struct stackid_stack *block)
{
	struct data_frame *frames = stackid_memory_zalloc(block->nr,
							  sizeof(*frames));
	struct data_stack *stack = stackid_memory_zalloc(1, sizeof(*stack));

	for (unsigned int i = 0; i < block->nr; i++)
		stackid_symbols_find(stacks->symbols, generation,
				     stackid_block_pc(block, i),
				     stackid_stack_is_exact(block, i),
				     &frames[i]);
	stack->generation = generation;
	stack->nr = block->nr;
	stack->depth = block->depth;
	stack->frames = frames;
	return stack;
}

uint32_t stackid_stacks_intern(struct stacks *stacks, uint64_t generation,
			       const struct stackid_stack *block)
{
	size_t size = stackid_stack_size(block);
	uint32_t *slot = find_slot(stacks, generation, block);
	struct stackid_stack *copy;

	if (*slot)
		return *slot;
	if (stacks->nr >= stacks->nr_slots / 2) {
		double_slots(stacks);
		slot = find_slot(stacks, generation, block);
	}
	copy = memcpy(stackid_memory_zalloc(size, 1), block, size);
	return *slot = add_entry(stacks, make_stack(stacks, generation, block),
				 copy);
}

bool stackid_stacks_define(struct stacks *stacks, uint64_t generation,
			   const void *payload, size_t size)
{
	const char *at = payload;
	const char *end = at + size;

	while (at < end) {
		const struct stackid_def *def = (const void *)at;
		const struct stackid_stack *block = (const void *)(def + 1);
		size_t left = end - at;
		uint32_t index;

		if (left < sizeof(*def) || def->size < sizeof(*def) ||
		    def->size > left || def->size % 8)
			return false;
		at += def->size;
		if (def->type != STACKID_DEF_STACK)
			continue;
		if (def->size < sizeof(*def) + sizeof(*block) ||
		    block->nr > STACKID_MAX_DEPTH ||
		    def->size < sizeof(*def) + stackid_stack_size(block) ||
		    !def->id || def->id >> STACKID_ID_BITS)
			return false;
		index = stackid_stacks_intern(stacks, generation, block);
		stacks->entries[index].stack->id = def->id;
		set_id(stacks, generation, def->id, index);
	}
	return true;
}

uint32_t stackid_stacks_by_id(const struct stacks *stacks, uint64_t generation,
			      uint32_t id)
{
	return find_id(stacks, generation, id)->index;
}

uint32_t stackid_stacks_stand_in(struct stacks *stacks, uint64_t generation,
				 uint32_t id)
{
	struct data_stack *stack = stackid_memory_zalloc(1, sizeof(*stack));
	uint32_t index;

	stack->generation = generation;
	stack->id = id;
	stack->undefined = true;
	index = add_entry(stacks, stack, NULL);
	set_id(stacks, generation, id, index);
	return index;
}

const struct data_stack *stackid_stacks_get(const struct stacks *stacks,
					    uint32_t index)
{
	return stacks->entries[index].stack;
}
