// SPDX-License-Identifier: GPL-2.0
/* From the rings of all CPUs into the data file. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../clock.h"
#include "../data/columns.h"
#include "../data/records.h"
#include "../memory.h"
#include "counts.h"
#include "drain.h"
#include "inline_stacks.h"

/*
 * The most that becomes one chunk.  It bounds a reader's memory, and gives room
 * back to the ring before all of it has been compressed.
 */
#define CHUNK_SIZE	(256 * 1024)

/* Of one that begins within the chunk's size. */
#define LARGEST_RECORD	(255 * 8)

static bool has_ring(const struct drain *drain, unsigned int cpu)
{
	for (unsigned int i = 0; i < drain->nr_rings; i++) {
		if (drain->rings[i].map.cpu == cpu)
			return true;
	}
	return false;
}

/* What lies in a ring that is @fresh belongs to this recording, or the one before. */
static int open_rings(struct drain *drain, bool fresh)
{
	for (unsigned int cpu = 0; cpu < drain->nr_cpus; cpu++) {
		struct drained_ring *ring = &drain->rings[drain->nr_rings];
		int ret;

		if (has_ring(drain, cpu))
			continue;
		ret = stackid_ring_map_open(&ring->map, drain->control, cpu,
					    fresh);
		if (ret < 0)
			return -1;
		if (ret)
			continue;
		ring->wanted = drain->wanted[cpu];
		ring->generation =
			stackid_definitions_generation(drain->definitions);
		drain->nr_rings++;
	}
	return 0;
}

/* True if they are others than the last time. */
static bool look_at_cpus(struct drain *drain)
{
	char online[sizeof(drain->online)] = "";
	int fd = open("/sys/devices/system/cpu/online", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	(void)!read(fd, online, sizeof(online) - 1);
	close(fd);
	if (!strcmp(online, drain->online))
		return false;
	memcpy(drain->online, online, sizeof(online));
	return true;
}

int stackid_drain_open(struct drain *drain, const struct control *control,
		       const bool *wanted, unsigned int nr_cpus,
		       struct definitions *definitions,
		       struct inline_stacks *inlines, bool keep)
{
	memset(drain, 0, sizeof(*drain));
	drain->control = control;
	drain->wanted = wanted;
	drain->nr_cpus = nr_cpus;
	drain->definitions = definitions;
	drain->inlines = inlines;
	drain->patience = NSEC_PER_SEC;
	drain->rings = stackid_memory_zalloc(nr_cpus, sizeof(*drain->rings));
	/* Before the rings: a CPU that comes meanwhile is looked at again. */
	look_at_cpus(drain);
	if (!open_rings(drain, keep))
		return 0;
	stackid_drain_close(drain);
	return -1;
}

int stackid_drain_follow(struct drain *drain)
{
	return look_at_cpus(drain) ? open_rings(drain, true) : 0;
}

void stackid_drain_close(struct drain *drain)
{
	for (unsigned int i = 0; i < drain->nr_rings; i++)
		stackid_ring_map_close(&drain->rings[i].map);
	free(drain->rings);
}

static void look_at_hit(struct drain *drain, const struct stackid_record *record,
			uint64_t generation)
{
	const struct stackid_stack *block = stackid_record_stack(record);
	uint32_t id = stackid_rec_id(record);

	drain->events++;
	if (block)
		stackid_inline_stacks_add(drain->inlines, generation, block);
	else if (id)
		stackid_definitions_see(drain->definitions, generation, id);
}

/* False if the record is not to be kept. */
static bool look_at(struct drain *drain, const struct drained_ring *ring,
		    const struct stackid_record *record, uint64_t generation)
{
	unsigned int type = stackid_rec_type(record);

	if (type == STACKID_REC_MODULE)
		drain->modules_changed = true;
	/* Of a CPU that is not wanted only what tasks are called. */
	if (!ring->wanted)
		return type == STACKID_REC_TASK;
	if (stackid_record_is_hit(record))
		look_at_hit(drain, record, generation);
	else if (type == STACKID_REC_LOST)
		drain->lost += ((const struct stackid_number_record *)record)->number;
	return true;
}

/*
 * Puts records into columns, a chunk of up to CHUNK_SIZE bytes.  Of hits that
 * differ in nothing but time and value only the first one is looked at.  Hence a
 * chunk ends where a generation begins: in a chunk, the 4 bits of a generation
 * always stand for the same one.
 *
 * Returns how many bytes of the ring that was.
 */
static size_t encode(struct drain *drain, struct drained_ring *ring,
		     const char *data, size_t size, struct data_chunk *chunk)
{
	size_t most = size < CHUNK_SIZE ? size : CHUNK_SIZE;
	struct record_walk walk = {
		.data = data,
		.size = size,
		.generation = ring->generation,
	};
	struct columns *columns;

	*chunk = (struct data_chunk) {
		.cpu = ring->map.cpu,
		.time = stackid_clock(CLOCK_MONOTONIC),
	};
	columns = stackid_data_begin_chunk(drain->writer,
					   CHUNK_SIZE + LARGEST_RECORD);
	while (walk.position < most) {
		uint32_t count = stackid_columns_count(columns);
		const struct stackid_record *record;
		size_t start;
		enum walk state;

		walk.position += stackid_columns_repeat(columns,
							data + walk.position,
							most - walk.position);
		drain->events += stackid_columns_count(columns) - count;
		start = walk.position;
		state = stackid_records_next(&walk, &record);
		if (state == WALK_WRONG) {
			ring->map.wild += size - walk.position;
			walk.position = size;
		}
		if (state != WALK_RECORD)
			break;

		count = stackid_columns_count(columns);
		if (count && stackid_rec_type(record) == STACKID_REC_GENERATION) {
			walk.position = start;
			break;
		}
		if (!look_at(drain, ring, record, walk.generation))
			continue;
		if (!count) {
			chunk->first_time = stackid_rec_time(record,
							     chunk->time);
			chunk->generation = walk.generation;
		}
		stackid_columns_add(columns, record);
	}
	ring->generation = walk.generation;
	return walk.position;
}

/* The same into the counts. */
static size_t count(struct drain *drain, struct drained_ring *ring,
		    const char *data, size_t size)
{
	struct record_walk walk = {
		.data = data,
		.size = size,
		.generation = ring->generation,
	};
	const struct stackid_record *record;
	enum walk state;

	while ((state = stackid_records_next(&walk, &record)) == WALK_RECORD) {
		if (look_at(drain, ring, record, walk.generation) &&
		    stackid_record_is_hit(record))
			stackid_counts_add(drain->counts, record,
					   walk.generation);
	}
	if (state == WALK_WRONG)
		ring->map.wild += size - walk.position;
	ring->generation = walk.generation;
	return size;
}

/* The disk is full: what comes now is in the ledger and nowhere else. */
static size_t drop(struct drained_ring *ring, const char *data, size_t size)
{
	struct record_walk walk = {
		.data = data,
		.size = size,
		.generation = ring->generation,
	};
	const struct stackid_record *record;

	while (stackid_records_next(&walk, &record) == WALK_RECORD) {
		if (ring->wanted && stackid_record_is_hit(record))
			ring->unwritten++;
	}
	ring->generation = walk.generation;
	return size;
}

/* Returns how many bytes of the ring it wrote or dropped; 0 if that failed. */
static size_t write_chunk(struct drain *drain, struct drained_ring *ring,
			  const char *data, size_t size)
{
	uint64_t events = drain->events;
	struct data_chunk chunk;

	if (stackid_data_full(drain->writer))
		return drop(ring, data, size);
	size = encode(drain, ring, data, size, &chunk);
	if (!stackid_data_end_chunk(drain->writer, &chunk)) {
		ring->events += drain->events - events;
		return size;
	}
	if (!stackid_data_full(drain->writer))
		return 0;
	ring->unwritten += drain->events - events;
	drain->events = events;
	return size;
}

static int drain_ring(struct drain *drain, struct drained_ring *ring)
{
	/* Records that come meanwhile wait for the next turn: other rings wait, too. */
	uint64_t waiting = stackid_ring_map_waiting(&ring->map);
	const char *data;
	size_t size;

	while (waiting) {
		data = stackid_ring_map_window(&ring->map, &size);
		if (!data)
			break;
		size = drain->counts ? count(drain, ring, data, size) :
				       write_chunk(drain, ring, data, size);
		if (!size)
			return -1;
		stackid_ring_map_consume(&ring->map, size);
		waiting -= size < waiting ? size : waiting;
	}
	return 0;
}

int stackid_drain_rings(struct drain *drain, bool all)
{
	uint64_t now = stackid_clock(CLOCK_MONOTONIC);

	for (unsigned int i = 0; i < drain->nr_rings; i++) {
		struct drained_ring *ring = &drain->rings[i];
		uint64_t waiting = stackid_ring_map_waiting(&ring->map);

		if (waiting && !all && waiting < ring->map.data_size / 8 &&
		    now - ring->written < drain->patience)
			continue;
		ring->complete = now;
		if (!waiting)
			continue;
		ring->written = now;
		if (drain_ring(drain, ring))
			return -1;
	}
	return 0;
}

void stackid_drain_skip(struct drain *drain)
{
	for (unsigned int i = 0; i < drain->nr_rings; i++) {
		struct ring_map *map = &drain->rings[i].map;

		stackid_ring_map_consume(map, stackid_ring_map_waiting(map));
	}
}

uint64_t stackid_drain_look_again(struct drain *drain, struct record_walk *walk,
				  bool fresh)
{
	uint64_t events = drain->events;
	const struct stackid_record *record;

	while (walk->data && stackid_records_next(walk, &record) == WALK_RECORD) {
		if (!stackid_record_is_hit(record))
			continue;
		if (fresh)
			look_at_hit(drain, record, walk->generation);
		else
			drain->events++;
	}
	return drain->events - events;
}

void stackid_drain_skip_written(struct drained_ring *ring, uint64_t first_time,
				uint32_t count)
{
	uint64_t now = stackid_clock(CLOCK_MONOTONIC);
	struct record_walk walk = { .generation = ring->generation };
	const struct stackid_record *record;
	uint32_t nr = 0;

	walk.data = stackid_ring_map_window(&ring->map, &walk.size);
	while (walk.data && nr < count &&
	       stackid_records_next(&walk, &record) == WALK_RECORD) {
		if (!ring->wanted && stackid_rec_type(record) != STACKID_REC_TASK)
			continue;
		if (!nr++ && stackid_rec_time(record, now) != first_time)
			return;
	}
	if (nr == count)
		stackid_ring_map_consume(&ring->map, walk.position);
}

uint64_t stackid_drain_unwritten(const struct drain *drain)
{
	uint64_t unwritten = 0;

	for (unsigned int i = 0; i < drain->nr_rings; i++)
		unwritten += drain->rings[i].unwritten;
	return unwritten;
}

uint64_t stackid_drain_complete(const struct drain *drain)
{
	uint64_t complete = UINT64_MAX;

	for (unsigned int i = 0; i < drain->nr_rings; i++) {
		if (drain->rings[i].complete < complete)
			complete = drain->rings[i].complete;
	}
	return complete;
}

uint64_t stackid_drain_wild(const struct drain *drain)
{
	uint64_t wild = 0;

	for (unsigned int i = 0; i < drain->nr_rings; i++)
		wild += drain->rings[i].map.wild;
	return wild;
}
