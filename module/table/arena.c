// SPDX-License-Identifier: GPL-2.0
/* The arena: append-only memory for the table's records. */
#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "arena.h"

int stackid_arena_init(struct arena *arena, unsigned int max_chunks)
{
	arena->chunks = kvcalloc(max_chunks, sizeof(*arena->chunks),
				 GFP_KERNEL);
	if (!arena->chunks)
		return -ENOMEM;
	arena->max_chunks = max_chunks;
	arena->nr_chunks = 0;
	arena->cur_chunk = 0;
	arena->cur_unit = 1;	/* handle 0 is none */
	stackid_arena_refill(arena);
	if (!arena->nr_chunks) {
		kvfree(arena->chunks);
		return -ENOMEM;
	}
	return 0;
}

void stackid_arena_exit(struct arena *arena)
{
	unsigned int i;

	for (i = 0; i < arena->nr_chunks; i++)
		kvfree(arena->chunks[i]);
	kvfree(arena->chunks);
}

u32 stackid_arena_alloc(struct arena *arena, unsigned int size)
{
	unsigned int units = DIV_ROUND_UP(size, 1U << ARENA_UNIT_SHIFT);
	u32 handle;

	if (arena->cur_unit + units > ARENA_CHUNK_UNITS) {
		/* Pairs with the release in stackid_arena_refill(). */
		if (arena->cur_chunk + 1 >= smp_load_acquire(&arena->nr_chunks))
			return 0;
		/* stackid_arena_needs_refill() looks without the lock. */
		WRITE_ONCE(arena->cur_chunk, arena->cur_chunk + 1);
		WRITE_ONCE(arena->cur_unit, 0);
	}
	handle = arena->cur_chunk * ARENA_CHUNK_UNITS + arena->cur_unit;
	/* stackid_arena_has_room() likewise. */
	WRITE_ONCE(arena->cur_unit, arena->cur_unit + units);
	return handle;
}

bool stackid_arena_has_room(const struct arena *arena, unsigned int size)
{
	unsigned int units = DIV_ROUND_UP(size, 1U << ARENA_UNIT_SHIFT);

	return READ_ONCE(arena->cur_unit) + units <= ARENA_CHUNK_UNITS ||
	       READ_ONCE(arena->cur_chunk) + 1 < READ_ONCE(arena->nr_chunks);
}

bool stackid_arena_needs_refill(const struct arena *arena)
{
	unsigned int nr = READ_ONCE(arena->nr_chunks);

	return nr < arena->max_chunks &&
	       nr - READ_ONCE(arena->cur_chunk) < 1 + ARENA_RESERVE;
}

bool stackid_arena_refill(struct arena *arena)
{
	while (stackid_arena_needs_refill(arena)) {
		void *chunk = kvmalloc(ARENA_CHUNK_SIZE,
				       GFP_KERNEL | __GFP_NOWARN);

		if (!chunk)
			return false;
		arena->chunks[arena->nr_chunks] = chunk;
		/* Pairs with the acquire in stackid_arena_alloc(). */
		smp_store_release(&arena->nr_chunks, arena->nr_chunks + 1);
	}
	return true;
}

size_t stackid_arena_memory(const struct arena *arena)
{
	return READ_ONCE(arena->nr_chunks) * ARENA_CHUNK_SIZE +
	       arena->max_chunks * sizeof(*arena->chunks);
}
