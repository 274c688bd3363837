// SPDX-License-Identifier: GPL-2.0
/* A generation: the stacks that have got ids since a reset, and the ids. */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "generation.h"

static size_t fixed_memory(unsigned int max_stacks)
{
	return (roundup_pow_of_two(max_stacks) + max_stacks + 1) * sizeof(u32);
}

size_t stackid_generation_min_memory(unsigned int max_stacks)
{
	return fixed_memory(max_stacks) + ARENA_CHUNK_SIZE;
}

struct generation *stackid_generation_create(u64 number,
					     unsigned int max_stacks,
					     unsigned int max_memory_mb)
{
	size_t memory = (size_t)max_memory_mb << 20;
	struct generation *gen;
	int ret = -ENOMEM;

	gen = kzalloc(sizeof(*gen), GFP_KERNEL);
	if (!gen)
		return ERR_PTR(-ENOMEM);
	gen->number = number;
	gen->start_time = ktime_get_mono_fast_ns();
	gen->max_stacks = max_stacks;
	gen->mask = roundup_pow_of_two(max_stacks) - 1;
	gen->buckets = kvcalloc(gen->mask + 1UL, sizeof(u32), GFP_KERNEL);
	gen->index = kvcalloc(gen->max_stacks + 1UL, sizeof(u32), GFP_KERNEL);
	if (!gen->buckets || !gen->index)
		goto err;
	refcount_set(&gen->refs, 1);
	ret = stackid_arena_init(&gen->arena,
				 (memory - fixed_memory(max_stacks)) /
				 ARENA_CHUNK_SIZE);
	if (ret)
		goto err;
	return gen;

err:
	kvfree(gen->index);
	kvfree(gen->buckets);
	kfree(gen);
	return ERR_PTR(ret);
}

static void free_generation(struct generation *gen)
{
	stackid_arena_exit(&gen->arena);
	kvfree(gen->index);
	kvfree(gen->buckets);
	kfree(gen);
}

void stackid_generation_put(struct generation *gen)
{
	/* Lookups have been waited for by the reset that dropped the table's. */
	if (refcount_dec_and_test(&gen->refs))
		free_generation(gen);
}

u64 stackid_generation_number(const struct generation *gen)
{
	return gen->number;
}

u64 stackid_generation_start_time(const struct generation *gen)
{
	return gen->start_time;
}

bool stackid_generation_ended(const struct generation *gen)
{
	/* Pairs with the release in stackid_reset(). */
	return smp_load_acquire(&gen->ended);
}

u32 stackid_generation_last_id(const struct generation *gen)
{
	/* Q, pairs with P. */
	return smp_load_acquire(&gen->nr_stacks);
}

NOKPROBE_SYMBOL(stackid_generation_last_id);

u32 stackid_generation_max_stacks(const struct generation *gen)
{
	return gen->max_stacks;
}

size_t stackid_generation_memory(const struct generation *gen)
{
	return fixed_memory(gen->max_stacks) +
	       stackid_arena_memory(&gen->arena);
}

const struct stackid_stack *
stackid_generation_stack(const struct generation *gen, u32 id)
{
	struct record *record;

	if (!id || id > stackid_generation_last_id(gen))
		return NULL;
	record = stackid_arena_ptr(&gen->arena, gen->index[id]);
	return &record->block;
}

/* See kprobe_state.h. */
NOKPROBE_SYMBOL(stackid_generation_stack);

u32 stackid_generation_find_block(const struct generation *gen, u32 hash,
				  const struct stackid_stack *block)
{
	/* Only who holds the lock writes it. */
	u32 handle = gen->buckets[hash & gen->mask];

	while (handle) {
		const struct record *record =
			stackid_arena_ptr(&gen->arena, handle);

		if (record->hash == hash &&
		    stackid_blocks_equal(&record->block, block))
			return record->block.id;
		handle = record->next;
	}
	return 0;
}

int stackid_generation_append(struct generation *gen, u32 hash,
			      const struct stackid_stack *block)
{
	const unsigned int head = offsetof(struct record, block);
	u32 *bucket = &gen->buckets[hash & gen->mask];
	unsigned int size = stackid_stack_size(block);
	u32 id = gen->nr_stacks + 1;
	struct record *record;
	u32 handle;

	if (id > gen->max_stacks)
		return -ENOSPC;
	handle = stackid_arena_alloc(&gen->arena, head + size);
	if (!handle)
		return -ENOMEM;
	record = stackid_arena_ptr(&gen->arena, handle);
	record->next = *bucket;
	record->hash = hash;
	memcpy((void *)record + head, block, size);
	record->block.id = id;

	gen->index[id] = handle;
	/* P, pairs with Q. */
	smp_store_release(&gen->nr_stacks, id);
	/* R, pairs with S. */
	smp_store_release(bucket, handle);
	return id;
}
