/* SPDX-License-Identifier: GPL-2.0 */
/* Many small pieces of memory that are freed together, without what malloc() adds to each. */
#ifndef STACKID_POOL_H
#define STACKID_POOL_H

#include <stddef.h>

struct pool_block;

/* One of zeros is empty. */
struct pool {
	struct pool_block *blocks;
	char *at;
	size_t left;
};

/* Zeros; aligned for 8 bytes, and never moved. */
void *stackid_pool_alloc(struct pool *pool, size_t size);
void stackid_pool_free(struct pool *pool);

#endif /* STACKID_POOL_H */
