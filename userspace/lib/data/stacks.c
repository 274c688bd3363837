// SPDX-License-Identifier: GPL-2.0
/* The stacks of a data file, found by whole blocks and by their ids. */
#include <stdlib.h>
#include <string.h>

#include "../array.h"
#include "../hash.h"
#include "records.h"
#include "stack_ids.h"
#include "stacks.h"

struct stack_generation {
	struct data_generation of;
	struct stack_ids ids;
};

/* Definitions that are looked up together. */
#define MOST_DEFINED	32

/* One of a payload.  @hash: the block's */
struct definition {
	const struct stackid_stack *block;
	uint64_t hash;
	uint32_t id;
};

void stackid_stacks_init(struct stacks *stacks, struct symbols *symbols)
{
	memset(stacks, 0, sizeof(*stacks));
	stacks->symbols = symbols;
	stackid_array_reserve(stacks->entries, 0, stacks->room);
	memset(stacks->entries, 0, sizeof(*stacks->entries));
	stacks->nr = 1;
}

void stackid_stacks_exit(struct stacks *stacks)
{
	free(stacks->entries);
	for (size_t i = 0; i < stacks->nr_generations; i++)
		stackid_stack_ids_free(&stacks->generations[i]->ids);
	free(stacks->generations);
	stackid_pool_free(&stacks->pool);
	stackid_slots_free(&stacks->slots);
	stackid_slots_free(&stacks->places);
}

/* NULL if there is no stack of it. */
static struct stack_generation *find_generation(struct stacks *stacks,
						uint64_t number)
{
	struct stack_generation **generations = stacks->generations;
	uint32_t place;
	size_t step = 0;

	if (stacks->last < stacks->nr_generations &&
	    generations[stacks->last]->of.number == number)
		return generations[stacks->last];
	while ((place = stackid_slots_next(&stacks->places,
					   stackid_hash_u64(number), &step))) {
		stacks->last = place - 1;
		if (generations[stacks->last]->of.number == number)
			return generations[stacks->last];
	}
	return NULL;
}

static struct stack_generation *make_generation(struct stacks *stacks,
						uint64_t number)
{
	struct stack_generation *generation = find_generation(stacks, number);

	if (generation)
		return generation;
	stackid_array_reserve(stacks->generations, stacks->nr_generations,
			      stacks->generations_room);
	generation = stackid_pool_alloc(&stacks->pool, sizeof(*generation));
	generation->of.number = number;
	generation->of.symbols = stacks->symbols;
	stacks->generations[stacks->nr_generations++] = generation;
	stackid_slots_add(&stacks->places, stackid_hash_u64(number),
			  stacks->nr_generations);
	return generation;
}

static void set_id(struct stacks *stacks, uint64_t generation, uint32_t id,
		   uint32_t index)
{
	stackid_stack_ids_set(&make_generation(stacks, generation)->ids, id,
			      index);
}

static uint32_t add_entry(struct stacks *stacks, struct data_stack *stack)
{
	stackid_array_reserve(stacks->entries, stacks->nr, stacks->room);
	stacks->entries[stacks->nr] = stack;
	return stacks->nr++;
}

/* What stands between the head of a block and its PCs. */
static size_t size_of_words(const struct stackid_stack *block)
{
	return (const char *)stackid_stack_pcs(block) - (const char *)(block + 1);
}

/* Behind a stack's places lie the words that its block had before the PCs. */
static uint32_t add_stack(struct stacks *stacks, uint64_t generation,
			  const struct stackid_stack *block)
{
	size_t size = size_of_words(block);
	struct data_stack *stack;

	stack = stackid_pool_alloc(&stacks->pool,
				   offsetof(struct data_stack, places) + size +
				   block->nr * sizeof(*stack->places));
	stackid_symbols_places(stacks->symbols, generation, block, stack->places);
	stack->generation = &make_generation(stacks, generation)->of;
	stack->nr = block->nr;
	stack->depth = block->depth;
	stack->flags = block->flags;
	memcpy(stack->places + block->nr, block + 1, size);
	return add_entry(stacks, stack);
}

const struct data_frame *stackid_data_frame(const struct data_stack *stack,
					    unsigned int i)
{
	return stackid_symbols_at(stack->generation->symbols, stack->places[i]);
}

static bool is_of_block(const struct data_stack *stack, uint64_t generation,
			const struct stackid_stack *block)
{
	if (stack->generation->number != generation || stack->nr != block->nr ||
	    stack->depth != block->depth || stack->flags != block->flags ||
	    memcmp(stack->places + stack->nr, block + 1, size_of_words(block)))
		return false;
	for (unsigned int i = 0; i < block->nr; i++) {
		if (stackid_data_frame(stack, i)->pc != stackid_block_pc(block, i))
			return false;
	}
	return true;
}

static uint32_t find(const struct stacks *stacks, uint64_t generation,
		     const struct stackid_stack *block, uint64_t hash)
{
	uint32_t index;
	size_t step = 0;

	while ((index = stackid_slots_next(&stacks->slots, hash, &step))) {
		if (is_of_block(stacks->entries[index], generation, block))
			break;
	}
	return index;
}

uint32_t stackid_stacks_find(const struct stacks *stacks, uint64_t generation,
			     const struct stackid_stack *block)
{
	return find(stacks, generation, block,
		    stackid_block_hash(block, generation));
}

static uint32_t intern(struct stacks *stacks, uint64_t generation,
		       const struct stackid_stack *block, uint64_t hash)
{
	uint32_t index = find(stacks, generation, block, hash);

	if (index)
		return index;
	index = add_stack(stacks, generation, block);
	stackid_slots_add(&stacks->slots, hash, index);
	return index;
}

uint32_t stackid_stacks_intern(struct stacks *stacks, uint64_t generation,
			       const struct stackid_stack *block)
{
	return intern(stacks, generation, block,
		      stackid_block_hash(block, generation));
}

/* Where their hashes lie has been asked of memory before: it takes long to come. */
static void define(struct stacks *stacks, uint64_t generation,
		   const struct definition *definitions, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		const struct definition *definition = &definitions[i];
		uint32_t index = intern(stacks, generation, definition->block,
					definition->hash);

		stacks->entries[index]->id = definition->id;
		set_id(stacks, generation, definition->id, index);
	}
}

/* NULL if it contradicts itself; what follows it begins at *@at then. */
static const struct stackid_def *next_definition(const char **at,
						 const char *end)
{
	const struct stackid_def *def = (const void *)*at;
	const struct stackid_stack *block = (const void *)(def + 1);
	size_t left = end - *at;

	if (left < sizeof(*def) || def->size < sizeof(*def) ||
	    def->size > left || def->size % 8)
		return NULL;
	if (def->type == STACKID_DEF_STACK &&
	    (def->size < sizeof(*def) + sizeof(*block) ||
	     block->nr > STACKID_MAX_DEPTH ||
	     def->size < sizeof(*def) + stackid_stack_size(block) ||
	     !def->id || def->id >> STACKID_ID_BITS))
		return NULL;
	*at += def->size;
	return def;
}

bool stackid_stacks_define(struct stacks *stacks, uint64_t generation,
			   const void *payload, size_t size)
{
	struct definition definitions[MOST_DEFINED];
	const char *at = payload;
	const char *end = at + size;
	const struct stackid_def *def;
	unsigned int nr = 0;

	while (at < end && (def = next_definition(&at, end))) {
		const struct stackid_stack *block = (const void *)(def + 1);

		if (def->type != STACKID_DEF_STACK)
			continue;
		definitions[nr] = (struct definition) {
			.block = block,
			.hash = stackid_block_hash(block, generation),
			.id = def->id,
		};
		stackid_slots_expect(&stacks->slots, definitions[nr].hash);
		if (++nr < MOST_DEFINED)
			continue;
		define(stacks, generation, definitions, nr);
		nr = 0;
	}
	define(stacks, generation, definitions, nr);
	return at == end;
}

uint32_t stackid_stacks_by_id(struct stacks *stacks, uint64_t generation,
			      uint32_t id)
{
	const struct stack_generation *found =
		find_generation(stacks, generation);

	return found ? stackid_stack_ids_get(&found->ids, id) : 0;
}

uint32_t stackid_stacks_stand_in(struct stacks *stacks, uint64_t generation,
				 uint32_t id)
{
	struct data_stack *stack = stackid_pool_alloc(&stacks->pool,
						      sizeof(*stack));
	uint32_t index;

	stack->generation = &make_generation(stacks, generation)->of;
	stack->id = id;
	stack->undefined = true;
	index = add_entry(stacks, stack);
	set_id(stacks, generation, id, index);
	return index;
}

const struct data_stack *stackid_stacks_get(const struct stacks *stacks,
					    uint32_t index)
{
	return stacks->entries[index];
}
