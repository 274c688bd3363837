// SPDX-License-Identifier: GPL-2.0
/* From the rings of all CPUs into the data file. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "drain.h"
#include "inline_stacks.h"
#include "memory.h"
#include "records.h"

/*
 * The most that becomes one chunk.  It bounds a reader's memory, and gives room
 * back to the ring before all of it has been compressed.
 */
#define CHUNK_SIZE	(256 * 1024)

/* So long a CPU with few events may wait: what a killed recorder loses. */
#define PATIENCE	1000000000ULL

uint64_t stackid_drain_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

int stackid_drain_open(struct drain *drain, const struct control *control,
		       const bool *wanted, unsigned int nr_cpus,
		       struct definitions *definitions,
		       struct inline_stacks *inlines,
		       struct data_writer *writer)
{
	memset(drain, 0, sizeof(*drain));
	drain->definitions = definitions;
	drain->writer = writer;
	drain->inlines = inlines;
	drain->rings = stackid_memory_zalloc(nr_cpus, sizeof(*drain->rings));
	for (unsigned int cpu = 0; cpu < nr_cpus; cpu++) {
		struct drained_ring *ring = &drain->rings[drain->nr_rings];
		int ret = stackid_ring_map_open(&ring->map, control, cpu);

		if (ret < 0) {
			stackid_drain_close(drain);
			return -1;
		}
		if (ret)
			continue;
		ring->wanted = wanted[cpu];
		ring->generation =
			stackid_definitions_generation(definitions);
		drain->nr_rings++;
	}
	return 0;
}

void stackid_drain_close(struct drain *drain)
{
	for (unsigned int i = 0; i < drain->nr_rings; i++)
		stackid_ring_map_close(&drain->rings[i].map);
	free(drain->rings);
}

static void look_at(struct drain *drain, const struct stackid_record *record,
		    uint64_t generation)
{
	const struct stackid_stack *block;
	uint32_t id;

	if (stackid_record_is_hit(record)) {
		drain->events++;
		id = stackid_rec_id(record);
		block = stackid_record_stack(record);
		if (block)
			stackid_inline_stacks_add(drain->inlines, generation,
						  block);
		else if (id)
			stackid_definitions_see(drain->definitions, generation,
						id);
		return;
	}
	switch (stackid_rec_type(record)) {
	case STACKID_REC_LOST:
		drain->lost += ((const struct stackid_number_record *)record)->number;
		break;
	case STACKID_REC_MODULE:
		drain->modules_changed = true;
		break;
	}
}

/**
 * struct window - records of a ring that are about to become a chunk
 * @used: bytes to be given back to the ring, PADs included
 */
struct window {
	struct data_chunk chunk;
	size_t used;
};

/* Up to the chunk's size, at a record's end, without PADs at either end. */
static void measure(struct drain *drain, struct drained_ring *ring,
		    const char *data, size_t size, struct window *window)
{
	struct record_walk walk = {
		.data = data,
		.size = size,
		.generation = ring->generation,
	};
	struct data_chunk *chunk = &window->chunk;
	const struct stackid_record *record;
	enum walk state = WALK_END;

	memset(window, 0, sizeof(*window));
	chunk->cpu = ring->map.cpu;
	chunk->time = stackid_drain_clock();
	while (walk.position < CHUNK_SIZE) {
		state = stackid_records_next(&walk, &record);
		if (state != WALK_RECORD)
			break;
		if (!chunk->count++) {
			chunk->records = record;
			chunk->first_time = stackid_rec_time(record,
							     chunk->time);
			chunk->generation = walk.generation;
		}
		chunk->size = data + walk.position - (const char *)chunk->records;
		look_at(drain, record, walk.generation);
	}
	ring->generation = walk.generation;
	window->used = walk.position;
	if (state == WALK_WRONG) {
		ring->map.wild += size - walk.position;
		window->used = size;
	}
}

/* Of a CPU that is not wanted only what tasks are called; it is never much. */
static int write_names(struct drain *drain, struct drained_ring *ring,
		       const char *data, size_t size)
{
	struct record_walk walk = {
		.data = data,
		.size = size,
		.generation = ring->generation,
	};
	struct data_chunk chunk = {
		.cpu = ring->map.cpu,
		.generation = ring->generation,
		.time = stackid_drain_clock(),
	};
	const struct stackid_record *record;
	char *names = NULL;
	int ret = 0;

	while (stackid_records_next(&walk, &record) == WALK_RECORD) {
		switch (stackid_rec_type(record)) {
		case STACKID_REC_MODULE:
			drain->modules_changed = true;
			break;
		case STACKID_REC_TASK:
			names = stackid_memory_resize(names, chunk.size +
						      stackid_rec_size(record),
						      1);
			memcpy(names + chunk.size, record,
			       stackid_rec_size(record));
			chunk.size += stackid_rec_size(record);
			if (!chunk.count++)
				chunk.first_time = stackid_rec_time(record,
								    chunk.time);
			break;
		}
	}
	ring->generation = walk.generation;
	chunk.records = names;
	if (chunk.count)
		ret = stackid_data_write_chunk(drain->writer, &chunk);
	free(names);
	return ret;
}

static int drain_ring(struct drain *drain, struct drained_ring *ring)
{
	/* What comes in the meantime waits for the next turn: others do, too. */
	uint64_t waiting = stackid_ring_map_waiting(&ring->map);
	struct window window;
	const char *data;
	size_t size;

	while (waiting) {
		data = stackid_ring_map_window(&ring->map, &size);
		if (!data)
			break;
		if (ring->wanted) {
			measure(drain, ring, data, size, &window);
			if (window.chunk.count &&
			    stackid_data_write_chunk(drain->writer,
						     &window.chunk))
				return -1;
		} else {
			if (write_names(drain, ring, data, size))
				return -1;
			window.used = size;
		}
		stackid_ring_map_consume(&ring->map, window.used);
		waiting -= window.used < waiting ? window.used : waiting;
	}
	return 0;
}

int stackid_drain_rings(struct drain *drain, bool all)
{
	uint64_t now = stackid_drain_clock();

	for (unsigned int i = 0; i < drain->nr_rings; i++) {
		struct drained_ring *ring = &drain->rings[i];
		uint64_t waiting = stackid_ring_map_waiting(&ring->map);

		if (!waiting || (!all && waiting < ring->map.data_size / 8 &&
				 now - ring->written < PATIENCE))
			continue;
		ring->written = now;
		if (drain_ring(drain, ring))
			return -1;
	}
	return 0;
}

uint64_t stackid_drain_wild(const struct drain *drain)
{
	uint64_t wild = 0;

	for (unsigned int i = 0; i < drain->nr_rings; i++)
		wild += drain->rings[i].map.wild;
	return wild;
}
