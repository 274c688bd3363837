// SPDX-License-Identifier: GPL-2.0
/* Hits put aside. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/array.h"
#include "../lib/complain.h"
#include "export_spool.h"

/**
 * struct export_queue - blocks of hits, each shortened by the values it has not
 * @blocks: those in the file, by their places in it
 * @tail:   the last one
 */
struct export_queue {
	uint64_t *blocks;
	size_t nr_blocks;
	size_t room;
	char *tail;
	size_t used;
};

/* In front of a block in the file: how much of it is used. */
#define HEAD	sizeof(uint64_t)

bool stackid_export_spool_open(struct export_spool *spool)
{
	*spool = (struct export_spool) { .file = tmpfile() };
	if (!spool->file)
		stackid_complain("cannot make a temporary file: %s",
				 strerror(errno));
	return spool->file;
}

bool stackid_export_spool_is_whole(const struct export_spool *spool)
{
	return !spool->failed;
}

void stackid_export_spool_close(struct export_spool *spool)
{
	for (size_t i = 0; i < spool->nr; i++) {
		free(spool->queues[i].blocks);
		free(spool->queues[i].tail);
	}
	free(spool->queues);
	fclose(spool->file);
}

size_t stackid_export_spool_queue(struct export_spool *spool)
{
	stackid_array_reserve(spool->queues, spool->nr, spool->room);
	spool->queues[spool->nr] = (struct export_queue) {
		.tail = stackid_memory_zalloc(1, EXPORT_SPOOL_BLOCK),
		.used = HEAD,
	};
	return spool->nr++;
}

static void fail(struct export_spool *spool)
{
	if (!spool->failed)
		stackid_complain("the temporary file cannot be used: %s",
				 strerror(errno));
	spool->failed = true;
}

static void put_tail(struct export_spool *spool, struct export_queue *queue)
{
	uint64_t used = queue->used;

	memcpy(queue->tail, &used, HEAD);
	queue->used = HEAD;
	errno = ENOSPC;
	if (spool->failed ||
	    pwrite(fileno(spool->file), queue->tail, EXPORT_SPOOL_BLOCK,
		   spool->nr_blocks * EXPORT_SPOOL_BLOCK) != EXPORT_SPOOL_BLOCK) {
		fail(spool);
		return;
	}
	stackid_array_reserve(queue->blocks, queue->nr_blocks, queue->room);
	queue->blocks[queue->nr_blocks++] = spool->nr_blocks++;
}

static size_t size_of(uint32_t nr_values)
{
	return offsetof(struct export_hit, values) +
	       nr_values * sizeof(uint64_t);
}

void stackid_export_spool_add(struct export_spool *spool, size_t number,
			      const struct export_hit *hit)
{
	struct export_queue *queue = &spool->queues[number];
	size_t size = size_of(hit->nr_values);

	if (queue->used + size > EXPORT_SPOOL_BLOCK)
		put_tail(spool, queue);
	memcpy(queue->tail + queue->used, hit, size);
	queue->used += size;
}

/* False after the last one. */
static bool next_block(struct export_walk *walk)
{
	const struct export_queue *queue =
		&walk->spool->queues[walk->queue];
	size_t block = walk->block++;
	uint64_t used;

	walk->at = HEAD;
	if (block == queue->nr_blocks) {
		memcpy(walk->data, queue->tail, queue->used);
		walk->used = queue->used;
		return walk->used > HEAD;
	}
	if (block > queue->nr_blocks)
		return false;
	errno = EIO;
	if (pread(fileno(walk->spool->file), walk->data, EXPORT_SPOOL_BLOCK,
		  queue->blocks[block] * EXPORT_SPOOL_BLOCK) !=
	    EXPORT_SPOOL_BLOCK) {
		fail(walk->spool);
		return false;
	}
	memcpy(&used, walk->data, HEAD);
	walk->used = used;
	return true;
}

bool stackid_export_walk(struct export_walk *walk, struct export_hit *hit)
{
	size_t fixed = size_of(0);
	size_t size;

	if (walk->at >= walk->used && !next_block(walk))
		return false;
	memcpy(hit, walk->data + walk->at, fixed);
	size = size_of(hit->nr_values);
	memcpy(hit->values, walk->data + walk->at + fixed, size - fixed);
	walk->at += size;
	return true;
}
