// SPDX-License-Identifier: GPL-2.0
/* Chunks of what is being written. */
#include <stdlib.h>
#include <string.h>

#include "../array.h"
#include "columns_decode.h"
#include "waiting_chunks.h"

/* @mark: how many marks there had been when it came */
struct waiting_chunk {
	struct section_place section;
	void *packed;
	uint64_t mark;
};

/**
 * struct waiting_lane - the events of one CPU
 * @lane:   its record is the next one, if not NULL
 * @loaded: the chunk in @lane
 * @chunks: that wait behind it, from @first to @nr
 */
struct waiting_lane {
	struct lane lane;
	struct waiting_chunk loaded;
	struct waiting_chunk *chunks;
	size_t first;
	size_t nr;
	size_t room;
};

static struct waiting_lane *find_lane(struct waiting_chunks *waiting,
				      uint32_t cpu)
{
	struct waiting_lane *lane;

	for (size_t i = 0; i < waiting->nr_lanes; i++) {
		if (waiting->lanes[i]->lane.cpu == cpu)
			return waiting->lanes[i];
	}
	lane = stackid_memory_zalloc(1, sizeof(*lane));
	lane->lane.cpu = cpu;
	stackid_array_reserve(waiting->lanes, waiting->nr_lanes, waiting->room);
	waiting->lanes[waiting->nr_lanes++] = lane;
	return lane;
}

/* False if no chunk waits. */
static bool take_chunk(struct waiting_lane *lane)
{
	if (lane->first == lane->nr) {
		lane->first = 0;
		lane->nr = 0;
		return false;
	}
	lane->loaded = lane->chunks[lane->first++];
	/* What has been read would grow as long as chunks come faster than marks. */
	if (lane->first >= 16 && lane->first > lane->nr / 2) {
		lane->nr -= lane->first;
		memmove(lane->chunks, lane->chunks + lane->first,
			lane->nr * sizeof(*lane->chunks));
		lane->first = 0;
	}
	return true;
}

/* The records of the next one that has any; false if there is none. */
static bool load_chunk(struct data_reader *reader, struct waiting_lane *waiting)
{
	struct data_file *file = &reader->file;
	struct lane *lane = &waiting->lane;
	const struct section_place *section = &waiting->loaded.section;
	const struct data_section *head = &section->head;
	size_t size;

	free(lane->payload);
	lane->payload = NULL;
	lane->record = NULL;
	while (take_chunk(waiting)) {
		void *payload = stackid_data_file_unpack(file, section,
							 waiting->loaded.packed);

		if (!payload)
			continue;
		lane->payload = stackid_columns_decode(payload, head->raw_size,
						       head->count, &size);
		free(payload);
		if (lane->payload) {
			lane->walk = (struct record_walk) {
				.data = lane->payload,
				.size = size,
				.generation = head->generation,
				.now = head->time,
			};
			return true;
		}
		stackid_data_file_warn(file, "the %s contradicts itself: skipped",
				       stackid_data_file_name_section(file, section));
	}
	return false;
}

/* Sets the next record; without one the lane has none until another chunk comes. */
static void advance(struct data_reader *reader, struct waiting_lane *waiting)
{
	struct lane *lane = &waiting->lane;
	enum walk walk;

	do {
		walk = lane->payload ? stackid_records_next(&lane->walk,
							    &lane->record) :
				       WALK_END;
		if (walk == WALK_RECORD) {
			lane->time = stackid_rec_time(lane->record,
						      lane->walk.now);
			lane->generation = lane->walk.generation;
			return;
		}
		if (walk == WALK_WRONG)
			stackid_data_file_warn(&reader->file, "after %zu of %zu bytes the %s holds no records: the rest of it is skipped",
					       lane->walk.position,
					       lane->walk.size,
					       stackid_data_file_name_section(&reader->file, &waiting->loaded.section));
	} while (load_chunk(reader, waiting));
}

void stackid_waiting_add(struct data_reader *reader,
			 struct waiting_chunks *waiting,
			 const struct section_place *section, void *packed)
{
	struct waiting_lane *lane = find_lane(waiting, section->head.cpu);
	uint32_t cpu = section->head.cpu;

	if (cpu != DATA_NO_CPU && cpu >= reader->nr_cpus)
		reader->nr_cpus = cpu + 1;
	stackid_array_reserve(lane->chunks, lane->nr, lane->room);
	lane->chunks[lane->nr++] = (struct waiting_chunk) {
		*section, packed, waiting->marks,
	};
}

void stackid_waiting_mark(struct waiting_chunks *waiting, uint64_t time)
{
	waiting->complete = time;
	waiting->marks++;
	waiting->stale = true;
}

void stackid_waiting_end(struct waiting_chunks *waiting)
{
	waiting->ended = true;
	waiting->stale = true;
}

/* What came after the mark has its definitions only at the next. */
static bool may_be_shown(const struct waiting_chunks *waiting,
			 const struct waiting_lane *lane)
{
	return lane->lane.record &&
	       (waiting->ended || (lane->loaded.mark < waiting->marks &&
				   lane->lane.time < waiting->complete));
}

static void look_again(struct data_reader *reader,
		       struct waiting_chunks *waiting)
{
	reader->heap = stackid_memory_resize(reader->heap, waiting->nr_lanes,
					     sizeof(*reader->heap));
	reader->nr_heap = 0;
	for (size_t i = 0; i < waiting->nr_lanes; i++) {
		struct waiting_lane *lane = waiting->lanes[i];

		if (!lane->lane.record)
			advance(reader, lane);
		if (may_be_shown(waiting, lane))
			reader->heap[reader->nr_heap++] = &lane->lane;
	}
	stackid_data_order_lanes(reader);
	waiting->stale = false;
}

struct lane *stackid_waiting_first(struct data_reader *reader,
				   struct waiting_chunks *waiting)
{
	if (waiting->stale)
		look_again(reader, waiting);
	return reader->nr_heap ? reader->heap[0] : NULL;
}

void stackid_waiting_advance(struct data_reader *reader,
			     struct waiting_chunks *waiting, struct lane *lane)
{
	struct waiting_lane *of = (struct waiting_lane *)lane;

	advance(reader, of);
	if (!waiting->stale)
		stackid_data_first_lane_moved(reader,
					      may_be_shown(waiting, of));
}

static void drop(struct waiting_lane *lane)
{
	while (lane->first < lane->nr)
		free(lane->chunks[lane->first++].packed);
	lane->first = 0;
	lane->nr = 0;
}

void stackid_waiting_drop(struct data_reader *reader,
			  struct waiting_chunks *waiting)
{
	for (size_t i = 0; i < waiting->nr_lanes; i++) {
		struct waiting_lane *lane = waiting->lanes[i];

		/* As whoever opens a file looks at it. */
		if (!lane->lane.record)
			advance(reader, lane);
		drop(lane);
	}
}

void stackid_waiting_free(struct waiting_chunks *waiting)
{
	for (size_t i = 0; i < waiting->nr_lanes; i++) {
		drop(waiting->lanes[i]);
		free(waiting->lanes[i]->chunks);
		free(waiting->lanes[i]->lane.payload);
		free(waiting->lanes[i]);
	}
	free(waiting->lanes);
}
