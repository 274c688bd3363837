/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The arena: memory that is only ever appended to, named by 32-bit handles.
 *
 * A handle counts 8-byte units, so that 32 bits reach 32 GiB; 0 is none.  The
 * memory lies in chunks that a worker allocates beforehand, because appending
 * happens with interrupts off and must not allocate.
 *
 *	beside      alloc                 ptr    refill
 *	alloc       no: the table's lock  yes    yes
 *	refill      yes                   yes    no: one worker
 *	exit        no                    no     no
 */
#ifndef _STACKID_ARENA_H
#define _STACKID_ARENA_H

#include <linux/types.h>

#define ARENA_UNIT_SHIFT	3
#define ARENA_CHUNK_SHIFT	16
#define ARENA_CHUNK_SIZE	(1UL << ARENA_CHUNK_SHIFT)
#define ARENA_CHUNK_UNITS	(1U << (ARENA_CHUNK_SHIFT - ARENA_UNIT_SHIFT))

/*
 * Chunks that shall be ready at any time: about 2,500 new stacks until the
 * worker must have run.
 */
#define ARENA_RESERVE		4

/**
 * struct arena - see the top of the file
 * @chunks:     constant array, of which [0, @nr_chunks) are set
 * @max_chunks: the memory bound; constant
 * @nr_chunks:  written by the refilling worker with release, read by alloc
 *              with acquire
 * @cur_chunk:  being filled; under the table's lock
 * @cur_unit:   first free unit of it; under the table's lock
 */
struct arena {
	void **chunks;
	unsigned int max_chunks;
	unsigned int nr_chunks;
	unsigned int cur_chunk;
	unsigned int cur_unit;
};

/* Task context, may sleep.  Comes with its reserve.  0 or -ENOMEM. */
int stackid_arena_init(struct arena *arena, unsigned int max_chunks);
void stackid_arena_exit(struct arena *arena);

/*
 * A handle for @size bytes, aligned to 8, or 0 when the chunks that are ready
 * are used up.  @size is at most ARENA_CHUNK_SIZE - 8.
 */
u32 stackid_arena_alloc(struct arena *arena, unsigned int size);

/*
 * Is there room for @size bytes?  Without the table's lock a snapshot, which never
 * says so for ever when there is none.
 */
bool stackid_arena_has_room(const struct arena *arena, unsigned int size);

/* Is the reserve low, and may it grow? */
bool stackid_arena_needs_refill(const struct arena *arena);
/* Task context, may sleep.  False if it is still low for want of memory. */
bool stackid_arena_refill(struct arena *arena);

size_t stackid_arena_memory(const struct arena *arena);

/* Of a handle that was published to the caller. */
static __always_inline void *stackid_arena_ptr(const struct arena *arena, u32 handle)
{
	char *chunk = arena->chunks[handle / ARENA_CHUNK_UNITS];

	return chunk + ((handle % ARENA_CHUNK_UNITS) << ARENA_UNIT_SHIFT);
}

#endif /* _STACKID_ARENA_H */
