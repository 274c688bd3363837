/* SPDX-License-Identifier: GPL-2.0 */
/* The times of a chunk's records, where only some of them are asked for. */
#ifndef STACKID_CHUNK_CLOCK_H
#define STACKID_CHUNK_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "columns_source.h"

/**
 * struct chunk_clock - a place between two records
 * @index: records before it
 * @nr:    of the chunk
 * @time:  of the last one before it: its low 42 bits, but going on above them, and what
 *         stackid_chunk_clock_set() makes of that
 */
struct chunk_clock {
	size_t index;
	size_t nr;
	uint64_t time;
	const uint8_t *time_0;
	const uint8_t *time_1;
	const uint8_t *far_0;
	const uint8_t *far_1;
	const uint8_t *far_2;
};

/* Of records that are passed over at once. */
#define CLOCK_STRIDE	256

/*
 * Behind the first of @nr records; there is one.  Takes the columns of times from
 * @source.  False if they contradict themselves, or a record is earlier than the one
 * before it.
 */
bool stackid_chunk_clock_begin(struct chunk_clock *clock,
			       struct columns_source *source, size_t nr);

/* The whole time of the last record. */
static inline void stackid_chunk_clock_set(struct chunk_clock *clock,
					   uint64_t time)
{
	clock->time = time;
}

/* Forward to the place behind @index records. */
void stackid_chunk_clock_advance(struct chunk_clock *clock, size_t index);

/* Forward to the first record at @time or later, or behind the last one. */
void stackid_chunk_clock_find(struct chunk_clock *clock, uint64_t time);

#endif /* STACKID_CHUNK_CLOCK_H */
