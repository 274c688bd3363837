// SPDX-License-Identifier: GPL-2.0
/* How often which event hit with which stack. */
#include <stdlib.h>
#include <string.h>

#include "../array.h"
#include "../clock.h"
#include "../data/columns.h"
#include "../data/records.h"
#include "../hash.h"
#include "counts.h"

/* Of w0: the event, the id, and the kind of record. */
#define KEY_MASK	0x0003ffffffff0007ULL
#define TIME_0_BITS	14
#define TIME_1_BITS	42
#define SIZE_SHIFT	8

/* Of a chunk, without the last record's rest. */
#define CHUNK_SIZE	(128 * 1024)
#define LARGEST_RECORD	(255 * 8)

void stackid_counts_exit(struct counts *counts)
{
	stackid_slots_free(&counts->slots);
	free(counts->records.data);
	free(counts->at);
}

static bool is_same(const struct counts *counts, const struct count *count,
		    const struct stackid_record *record, uint64_t generation)
{
	const struct stackid_record *first =
		(const void *)(counts->records.data + count->record);
	const struct stackid_stack *block = stackid_record_stack(record);

	return count->generation == generation &&
	       !((first->w0 ^ record->w0) & KEY_MASK) &&
	       (!block ||
		stackid_block_equals(block, stackid_record_stack(first)));
}

/* The record without its values, and without a time and a thread. */
static size_t keep(struct counts *counts, const struct stackid_record *record)
{
	const struct stackid_stack *block = stackid_record_stack(record);
	struct stackid_record first = { .w0 = record->w0 & KEY_MASK };
	size_t at = counts->records.size;

	stackid_buffer_add(&counts->records, &first, sizeof(first));
	if (block)
		stackid_buffer_add(&counts->records, block,
				   stackid_stack_size(block));
	return at;
}

size_t stackid_counts_add(struct counts *counts,
			  const struct stackid_record *record,
			  uint64_t generation)
{
	const struct stackid_stack *block = stackid_record_stack(record);
	uint64_t hash = stackid_hash_mix(stackid_hash_u64(record->w0 & KEY_MASK),
					 generation);
	struct count *count;
	uint32_t number;
	size_t step = 0;

	counts->hits[stackid_rec_event(record)]++;
	if (block)
		hash = stackid_hash_mix(hash, stackid_block_hash(block, 0));
	while ((number = stackid_slots_next(&counts->slots, hash, &step))) {
		count = &counts->at[number - 1];
		if (is_same(counts, count, record, generation)) {
			count->hits++;
			return number - 1;
		}
	}
	stackid_array_reserve(counts->at, counts->nr, counts->room);
	counts->at[counts->nr++] = (struct count) {
		.hits = 1,
		.generation = generation,
		.record = keep(counts, record),
	};
	stackid_slots_add(&counts->slots, hash, counts->nr);
	return counts->nr - 1;
}

const struct stackid_record *stackid_counts_record(const struct counts *counts,
						   size_t i)
{
	return (const void *)(counts->records.data + counts->at[i].record);
}

/* The record of a count, with the value, in @room. */
static void make_record(const struct counts *counts, const struct count *count,
			uint64_t time, char *room)
{
	const struct stackid_record *first =
		(const void *)(counts->records.data + count->record);
	const struct stackid_stack *block = stackid_record_stack(first);
	size_t size = sizeof(*first) + (block ? stackid_stack_size(block) : 0);
	struct stackid_record *record = (void *)room;

	memcpy(room, first, size);
	memcpy(room + size, &count->hits, sizeof(count->hits));
	size += sizeof(count->hits);
	record->w0 |= STACKID_REC_VALUES | (count->generation & 0xf) << 4 |
		      (uint64_t)size / 8 << SIZE_SHIFT |
		      (time >> TIME_1_BITS) << (64 - TIME_0_BITS);
	record->w1 = time << (64 - TIME_1_BITS);
}

/* From count @i on as many as have a generation in common and room in a chunk. */
static int write_chunk(const struct counts *counts, struct data_writer *writer,
		       size_t *i)
{
	struct data_chunk chunk = {
		.generation = counts->at[*i].generation,
		.time = stackid_clock(CLOCK_MONOTONIC),
	};
	uint64_t room[LARGEST_RECORD / 8 + 1];
	struct columns *columns;
	size_t size = 0;

	chunk.first_time = chunk.time;
	columns = stackid_data_begin_chunk(writer,
					   CHUNK_SIZE + LARGEST_RECORD + 8);
	for (; *i < counts->nr && size < CHUNK_SIZE; (*i)++) {
		const struct count *count = &counts->at[*i];

		if (count->generation != chunk.generation)
			break;
		make_record(counts, count, chunk.time, (char *)room);
		stackid_columns_add(columns, (const void *)room);
		size += stackid_rec_size((const void *)room);
	}
	return stackid_data_end_chunk(writer, &chunk);
}

int stackid_counts_write(const struct counts *counts,
			 struct data_writer *writer)
{
	size_t i = 0;

	while (i < counts->nr) {
		if (write_chunk(counts, writer, &i))
			return -1;
	}
	return 0;
}
