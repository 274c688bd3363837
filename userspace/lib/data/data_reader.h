/* SPDX-License-Identifier: GPL-2.0 */
/* What is in a struct data_reader; for data_read.c, data_events.c, data_live.c, data_follow.c and waiting_chunks.c only. */
#ifndef STACKID_DATA_READER_H
#define STACKID_DATA_READER_H

#include "../slots.h"
#include "data.h"
#include "data_file.h"
#include "data_text.h"
#include "records.h"
#include "stacks.h"
#include "symbols.h"
#include "tasks.h"

struct data_follow;

/**
 * struct lane - the events of one CPU
 * @chunks:  indices of its sections
 * @next:    of the chunk to load next
 * @payload: the loaded chunk
 * @walk:    in @payload
 * @record:  the next one, at @time in generation @generation
 */
struct lane {
	uint32_t cpu;
	size_t *chunks;
	size_t nr_chunks;
	size_t room;
	size_t next;
	void *payload;
	struct record_walk walk;
	const struct stackid_record *record;
	uint64_t time;
	uint64_t generation;
};

/**
 * struct data_reader - see data.h
 * @heap:        lanes that have a record, the earliest first
 * @lost:        sum of the LOST records met since the beginning or a rewind
 * @undefined:   the file refers to ids that it does not define; it has been said
 * @follow:      of one that reads what is being written, else NULL
 * @lane_of:     from CPUs to places in @lanes + 1
 */
struct data_reader {
	struct data_file file;
	struct data_text text;
	struct symbols symbols;
	struct stacks stacks;
	struct tasks tasks;
	struct lane *lanes;
	size_t nr_lanes;
	size_t lanes_room;
	struct slots lane_of;
	struct lane **heap;
	size_t nr_heap;
	uint32_t nr_cpus;
	uint64_t lost;
	bool undefined;
	struct data_follow *follow;
};

/* All but its file. */
void stackid_data_init(struct data_reader *reader);
/* Of any section but a chunk.  False if it contradicts itself. */
bool stackid_data_take_payload(struct data_reader *reader,
			       const struct data_section *head,
			       const void *payload);

/* False if the lane's record is none that a reader sees. */
bool stackid_data_fill_event(struct data_reader *reader,
			     const struct lane *lane, struct data_event *event);

/* The lanes in the heap become one, by the times of their records. */
void stackid_data_order_lanes(struct data_reader *reader);
/* The first one has another record; or none that is to be shown, unless it @stays. */
void stackid_data_first_lane_moved(struct data_reader *reader, bool stays);

/* The chunk in section @index is one of its CPU's lane. */
void stackid_data_add_chunk(struct data_reader *reader, size_t index);
void stackid_data_free_lanes(struct data_reader *reader);

#endif /* STACKID_DATA_READER_H */
