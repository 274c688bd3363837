// SPDX-License-Identifier: GPL-2.0
/* Many small pieces of memory that are freed together. */
#include <stdlib.h>

#include "memory.h"
#include "pool.h"

#define BLOCK_SIZE	65536

struct pool_block {
	struct pool_block *next;
	char data[];
};

void *stackid_pool_alloc(struct pool *pool, size_t size)
{
	struct pool_block *block;
	size_t room = BLOCK_SIZE - sizeof(*block);
	char *at;

	size = (size + 7) & ~(size_t)7;
	if (size > pool->left) {
		if (room < size)
			room = size;
		block = stackid_memory_zalloc(1, sizeof(*block) + room);
		block->next = pool->blocks;
		pool->blocks = block;
		pool->at = block->data;
		pool->left = room;
	}
	at = pool->at;
	pool->at += size;
	pool->left -= size;
	return at;
}

void stackid_pool_free(struct pool *pool)
{
	while (pool->blocks) {
		struct pool_block *next = pool->blocks->next;

		free(pool->blocks);
		pool->blocks = next;
	}
}
