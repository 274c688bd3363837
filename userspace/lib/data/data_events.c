// SPDX-License-Identifier: GPL-2.0
/*
 * The events of a data file: those of all CPUs merged by time as they are asked
 * for, with one chunk of each CPU in memory.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../array.h"
#include "../hash.h"
#include "columns_decode.h"
#include "data_follow.h"
#include "data_reader.h"

static struct lane *find_lane(struct data_reader *reader, uint32_t cpu)
{
	uint64_t hash = stackid_hash_u32(cpu);
	uint32_t place = stackid_slots_get(&reader->lane_of, hash);

	if (!place) {
		stackid_array_reserve(reader->lanes, reader->nr_lanes,
				      reader->lanes_room);
		reader->lanes[reader->nr_lanes] = (struct lane) { .cpu = cpu };
		place = ++reader->nr_lanes;
		stackid_slots_add(&reader->lane_of, hash, place);
	}
	return &reader->lanes[place - 1];
}

void stackid_data_add_chunk(struct data_reader *reader, size_t index)
{
	uint32_t cpu = reader->file.sections[index].head.cpu;
	struct lane *lane = find_lane(reader, cpu);

	stackid_array_reserve(lane->chunks, lane->nr_chunks, lane->room);
	lane->chunks[lane->nr_chunks++] = index;
	if (cpu != DATA_NO_CPU && cpu >= reader->nr_cpus)
		reader->nr_cpus = cpu + 1;
}

void stackid_data_free_lanes(struct data_reader *reader)
{
	for (size_t i = 0; i < reader->nr_lanes; i++) {
		free(reader->lanes[i].chunks);
		free(reader->lanes[i].payload);
	}
	free(reader->lanes);
	stackid_slots_free(&reader->lane_of);
	free(reader->heap);
}

/* A chunk's records as they lay in the ring; NULL after a warning. */
static void *load_records(struct data_reader *reader,
			  const struct section_place *section, size_t *size)
{
	void *payload = stackid_data_file_load(&reader->file, section);
	void *records;

	if (!payload)
		return NULL;
	records = stackid_columns_decode(payload, section->head.raw_size,
					 section->head.count, size);
	if (!records)
		stackid_data_file_warn(&reader->file, "the %s contradicts itself: skipped",
				       stackid_data_file_name_section(&reader->file, section));
	free(payload);
	return records;
}

/* False if the lane has no chunk any more. */
static bool load_chunk(struct data_reader *reader, struct lane *lane)
{
	const struct section_place *section;
	size_t size;

	free(lane->payload);
	lane->payload = NULL;
	while (lane->next < lane->nr_chunks) {
		section = &reader->file.sections[lane->chunks[lane->next++]];
		if (section->head.encoding != DATA_COLUMNS) {
			stackid_data_file_warn(&reader->file, "the %s has encoding %u, which this stackid does not know: skipped",
					       stackid_data_file_name_section(&reader->file, section),
					       section->head.encoding);
			continue;
		}
		lane->payload = load_records(reader, section, &size);
		if (!lane->payload)
			continue;
		lane->walk = (struct record_walk) {
			.data = lane->payload,
			.size = size,
			.generation = section->head.generation,
			.now = section->head.time,
		};
		return true;
	}
	return false;
}

/* Sets the lane's next record.  False at its end. */
static bool advance(struct data_reader *reader, struct lane *lane)
{
	for (;;) {
		enum walk walk = WALK_END;

		if (lane->payload)
			walk = stackid_records_next(&lane->walk,
						    &lane->record);
		if (walk == WALK_RECORD) {
			lane->time = stackid_rec_time(lane->record,
						      lane->walk.now);
			lane->generation = lane->walk.generation;
			return true;
		}
		if (walk == WALK_WRONG)
			stackid_data_file_warn(&reader->file, "after %zu of %zu bytes the %s holds no records: the rest of it is skipped",
					       lane->walk.position,
					       lane->walk.size,
					       stackid_data_file_name_section(&reader->file, &reader->file.sections[lane->chunks[lane->next - 1]]));
		if (!load_chunk(reader, lane))
			return false;
	}
}

static bool earlier(const struct lane *a, const struct lane *b)
{
	return a->time != b->time ? a->time < b->time : a->cpu < b->cpu;
}

static void sift_down(struct data_reader *reader, size_t at)
{
	struct lane **heap = reader->heap;

	for (;;) {
		size_t least = 2 * at + 1;
		struct lane *lane = heap[at];

		if (least >= reader->nr_heap)
			return;
		if (least + 1 < reader->nr_heap &&
		    earlier(heap[least + 1], heap[least]))
			least++;
		if (!earlier(heap[least], lane))
			return;
		heap[at] = heap[least];
		heap[least] = lane;
		at = least;
	}
}

void stackid_data_order_lanes(struct data_reader *reader)
{
	for (size_t i = reader->nr_heap / 2; i--;)
		sift_down(reader, i);
}

void stackid_data_first_lane_moved(struct data_reader *reader, bool stays)
{
	if (!stays)
		reader->heap[0] = reader->heap[--reader->nr_heap];
	sift_down(reader, 0);
}

void stackid_data_rewind(struct data_reader *reader)
{
	reader->heap = stackid_memory_resize(reader->heap, reader->nr_lanes,
					     sizeof(*reader->heap));
	reader->nr_heap = 0;
	reader->lost = 0;
	for (size_t i = 0; i < reader->nr_lanes; i++) {
		struct lane *lane = &reader->lanes[i];

		free(lane->payload);
		lane->payload = NULL;
		lane->next = 0;
		if (advance(reader, lane))
			reader->heap[reader->nr_heap++] = lane;
	}
	stackid_data_order_lanes(reader);
	stackid_tasks_rewind(&reader->tasks);
}

static uint32_t find_stack(struct data_reader *reader, uint64_t generation,
			   uint32_t id)
{
	uint32_t index = stackid_stacks_by_id(&reader->stacks, generation, id);

	if (!index && reader->follow)
		index = stackid_data_follow_find(reader, generation, id);
	if (index)
		return index;
	if (!reader->undefined)
		stackid_data_file_warn(&reader->file, "stack %u of generation %" PRIu64 " (and perhaps others) is not defined: shown as [unknown]",
				       id, generation);
	reader->undefined = true;
	return stackid_stacks_stand_in(&reader->stacks, generation, id);
}

static void fill_hit(struct data_reader *reader, const struct lane *lane,
		     struct data_event *event)
{
	const struct stackid_record *record = lane->record;
	const struct stackid_stack *block = stackid_record_stack(record);
	const struct task *task;

	event->pid = stackid_rec_pid(record);
	task = stackid_tasks_get(&reader->tasks, event->pid);
	event->tgid = task->tgid;
	event->comm = task->comm;
	event->event = stackid_rec_event(record);
	event->id = stackid_rec_id(record);
	event->nr_values = stackid_record_nr_values(record);
	memcpy(event->values, stackid_rec_values(record),
	       event->nr_values * sizeof(event->values[0]));

	if (block) {
		event->kind = DATA_HIT_STACK;
		event->stack = stackid_stacks_intern(&reader->stacks,
						     lane->generation, block);
	} else if (event->id) {
		event->kind = DATA_HIT_STACK;
		event->stack = find_stack(reader, lane->generation, event->id);
	} else if ((stackid_rec_type(record) & ~STACKID_REC_VALUES) ==
		   STACKID_REC_EVENT_USER) {
		event->kind = DATA_HIT_USER;
	} else {
		event->kind = DATA_HIT_EMPTY;
	}
}

bool stackid_data_fill_event(struct data_reader *reader,
			     const struct lane *lane, struct data_event *event)
{
	const struct stackid_record *record = lane->record;
	const struct stackid_task_record *task = (const void *)record;
	char comm[sizeof(task->comm) + 1] = "";

	memset(event, 0, sizeof(*event));
	event->time = lane->time;
	event->cpu = lane->cpu;
	event->generation = lane->generation;
	if (stackid_record_is_hit(record)) {
		fill_hit(reader, lane, event);
		return true;
	}
	switch (stackid_rec_type(record)) {
	case STACKID_REC_LOST:
		event->kind = DATA_LOST;
		event->comm = "";
		event->lost = ((const struct stackid_number_record *)record)->number;
		if (reader->lost + event->lost < reader->lost)
			reader->lost = UINT64_MAX;
		else
			reader->lost += event->lost;
		return true;
	case STACKID_REC_TASK:
		memcpy(comm, task->comm, sizeof(task->comm));
		stackid_tasks_set(&reader->tasks, stackid_rec_pid(record),
				  task->tgid, comm);
		/* A new name is none of a new task. */
		if (task->ppid)
			stackid_tasks_made(&reader->tasks,
					   stackid_rec_pid(record), task->ppid);
		return false;
	}
	return false;
}

bool stackid_data_next(struct data_reader *reader, struct data_event *event)
{
	if (reader->follow)
		return stackid_data_follow_next(reader, event);
	while (reader->nr_heap) {
		struct lane *lane = reader->heap[0];
		bool seen = stackid_data_fill_event(reader, lane, event);

		stackid_data_first_lane_moved(reader, advance(reader, lane));
		if (seen)
			return true;
	}
	return false;
}

/* The times of the first and the last event in the chunk of section @index. */
static bool span_of_chunk(struct data_reader *reader, size_t index,
			  uint64_t *first, uint64_t *last)
{
	const struct section_place *section = &reader->file.sections[index];
	const struct stackid_record *record;
	bool any = false;
	struct record_walk walk = {
		.generation = section->head.generation,
		.now = section->head.time,
	};
	void *records;

	if (section->head.encoding != DATA_COLUMNS)
		return false;
	records = load_records(reader, section, &walk.size);
	if (!records)
		return false;
	walk.data = records;
	while (stackid_records_next(&walk, &record) == WALK_RECORD) {
		if (!stackid_record_is_hit(record))
			continue;
		*last = stackid_rec_time(record, walk.now);
		if (!any)
			*first = *last;
		any = true;
	}
	free(records);
	return any;
}

bool stackid_data_span(struct data_reader *reader, uint64_t *first,
		       uint64_t *last)
{
	uint64_t from, to;

	*first = UINT64_MAX;
	*last = 0;
	for (size_t i = 0; i < reader->nr_lanes; i++) {
		const struct lane *lane = &reader->lanes[i];
		size_t k;

		for (k = 0; k < lane->nr_chunks; k++) {
			if (!span_of_chunk(reader, lane->chunks[k], &from, &to))
				continue;
			if (from < *first)
				*first = from;
			break;
		}
		for (k = lane->nr_chunks; k--;) {
			if (!span_of_chunk(reader, lane->chunks[k], &from, &to))
				continue;
			if (to > *last)
				*last = to;
			break;
		}
	}
	return *first <= *last;
}
