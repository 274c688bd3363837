/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hits put aside, for a format that wants them thread by thread and column by column:
 * queues in a file that has no name, so that memory grows with the queues and not with
 * the events.
 */
#ifndef STACKID_EXPORT_SPOOL_H
#define STACKID_EXPORT_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stackid.h>

/* @node: whatever the format knows the stack by; @weight: as --weight has it, or 1 */
struct export_hit {
	uint64_t time;
	uint64_t weight;
	uint32_t node;
	uint32_t nr_values;
	uint64_t values[STACKID_MAX_VALUES];
};

struct export_queue;

/* One of zeros has no queues; they are numbered from 0. */
struct export_spool {
	FILE *file;
	uint64_t nr_blocks;
	struct export_queue *queues;
	size_t nr;
	size_t room;
	bool failed;
};

/* False after a sentence. */
bool stackid_export_spool_open(struct export_spool *spool);
/* False after a sentence if anything could not be put aside. */
bool stackid_export_spool_is_whole(const struct export_spool *spool);
void stackid_export_spool_close(struct export_spool *spool);

/* A new queue's number. */
size_t stackid_export_spool_queue(struct export_spool *spool);
void stackid_export_spool_add(struct export_spool *spool, size_t queue,
			      const struct export_hit *hit);

#define EXPORT_SPOOL_BLOCK	4096

/* Walks through a queue: .spool and .queue are set, the rest is zeros. */
struct export_walk {
	struct export_spool *spool;
	size_t queue;
	size_t block;
	size_t at;
	size_t used;
	char data[EXPORT_SPOOL_BLOCK];
};

/* The next in the order in which they were added; false after the last. */
bool stackid_export_walk(struct export_walk *walk, struct export_hit *hit);

#endif /* STACKID_EXPORT_SPOOL_H */
