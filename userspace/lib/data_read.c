// SPDX-License-Identifier: GPL-2.0
/*
 * Reading a data file: what it says about the machine is loaded at once, the
 * events of all CPUs are merged as they are asked for, one chunk of each CPU in
 * memory.  The format is told in data.h.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "command.h"
#include "data.h"
#include "data_file.h"
#include "data_text.h"
#include "records.h"
#include "stacks.h"
#include "symbols.h"
#include "tasks.h"

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
 * @first_tasks: those there were at the beginning
 */
struct data_reader {
	struct data_file file;
	struct data_text text;
	struct symbols symbols;
	struct stacks stacks;
	struct tasks tasks;
	struct data_task *first_tasks;
	size_t nr_first_tasks;
	struct lane *lanes;
	size_t nr_lanes;
	size_t lanes_room;
	struct lane **heap;
	size_t nr_heap;
	uint32_t nr_cpus;
	uint64_t lost;
	bool undefined;
};

static void add_chunk(struct data_reader *reader, size_t index)
{
	uint32_t cpu = reader->file.sections[index].head.cpu;
	struct lane *lane;
	size_t i;

	for (i = 0; i < reader->nr_lanes; i++) {
		if (reader->lanes[i].cpu == cpu)
			break;
	}
	if (i == reader->nr_lanes) {
		reader->lanes = stackid_array_grow(reader->lanes, i,
						   &reader->lanes_room,
						   sizeof(*reader->lanes));
		memset(&reader->lanes[i], 0, sizeof(*lane));
		reader->lanes[i].cpu = cpu;
		reader->nr_lanes++;
	}
	lane = &reader->lanes[i];
	lane->chunks = stackid_array_grow(lane->chunks, lane->nr_chunks,
					  &lane->room, sizeof(*lane->chunks));
	lane->chunks[lane->nr_chunks++] = index;
	if (cpu != DATA_NO_CPU && cpu >= reader->nr_cpus)
		reader->nr_cpus = cpu + 1;
}

static bool take_tasks(struct data_reader *reader, const void *payload,
		       size_t size)
{
	size_t nr = size / sizeof(struct data_task);
	struct data_task *tasks;

	if (size % sizeof(struct data_task))
		return false;
	reader->first_tasks =
		stackid_memory_resize(reader->first_tasks,
				      reader->nr_first_tasks + nr,
				      sizeof(*tasks));
	tasks = reader->first_tasks + reader->nr_first_tasks;
	memcpy(tasks, payload, size);
	for (size_t i = 0; i < nr; i++)
		tasks[i].comm[sizeof(tasks[i].comm) - 1] = '\0';
	reader->nr_first_tasks += nr;
	return true;
}

static void take_section(struct data_reader *reader,
			 const struct section_place *section)
{
	const struct data_section *head = &section->head;
	bool right = true;
	void *payload;

	if (head->encoding) {
		stackid_data_file_warn(&reader->file, "the %s has encoding %u, which this stackid does not know: skipped",
				       stackid_data_file_name_section(section),
				       head->encoding);
		return;
	}
	payload = stackid_data_file_load(&reader->file, section);
	if (!payload)
		return;
	switch (head->type) {
	case DATA_TASKS:
		right = take_tasks(reader, payload, head->raw_size);
		break;
	case DATA_STACKS:
		right = stackid_stacks_define(&reader->stacks,
					      head->generation, payload,
					      head->raw_size);
		break;
	case DATA_SYMBOLS:
		right = stackid_symbols_add(&reader->symbols, head->generation,
					    payload, head->raw_size);
		break;
	default:
		stackid_data_text_add(&reader->text, head->type, head->cpu,
				      payload, head->raw_size);
		if (head->cpu != DATA_NO_CPU && head->cpu >= reader->nr_cpus)
			reader->nr_cpus = head->cpu + 1;
		break;
	}
	if (!right)
		stackid_data_file_warn(&reader->file, "the %s contradicts itself: skipped",
				       stackid_data_file_name_section(section));
	free(payload);
}

/* Symbols go before the stacks, whose frames are looked up as they come. */
static void load(struct data_reader *reader)
{
	const struct data_file *file = &reader->file;

	for (size_t i = 0; i < file->nr_sections; i++) {
		if (file->sections[i].head.type == DATA_SYMBOLS)
			take_section(reader, &file->sections[i]);
	}
	for (size_t i = 0; i < file->nr_sections; i++) {
		unsigned int type = file->sections[i].head.type;

		if (type == DATA_CHUNK)
			add_chunk(reader, i);
		else if (type != DATA_SYMBOLS && type >= DATA_META &&
			 type <= DATA_END)
			take_section(reader, &file->sections[i]);
	}
}

struct data_reader *stackid_data_open(const char *path)
{
	struct data_reader *reader = stackid_memory_zalloc(1, sizeof(*reader));

	if (stackid_data_file_open(&reader->file, path)) {
		free(reader);
		return NULL;
	}
	stackid_data_text_init(&reader->text);
	stackid_symbols_init(&reader->symbols);
	stackid_stacks_init(&reader->stacks, &reader->symbols);
	stackid_tasks_init(&reader->tasks);
	load(reader);
	reader->heap = stackid_memory_zalloc(reader->nr_lanes,
					     sizeof(*reader->heap));
	stackid_data_rewind(reader);
	return reader;
}

int stackid_data_close(struct data_reader *reader)
{
	int ret = reader->file.damaged ? EXIT_DAMAGED : EXIT_OK;

	for (size_t i = 0; i < reader->nr_lanes; i++) {
		free(reader->lanes[i].chunks);
		free(reader->lanes[i].payload);
	}
	free(reader->lanes);
	free(reader->heap);
	free(reader->first_tasks);
	stackid_tasks_exit(&reader->tasks);
	stackid_stacks_exit(&reader->stacks);
	stackid_symbols_exit(&reader->symbols);
	stackid_data_text_exit(&reader->text);
	stackid_data_file_close(&reader->file);
	free(reader);
	return ret;
}

/* False if the lane has no chunk any more. */
static bool load_chunk(struct data_reader *reader, struct lane *lane)
{
	const struct section_place *section;

	free(lane->payload);
	lane->payload = NULL;
	while (lane->next < lane->nr_chunks) {
		section = &reader->file.sections[lane->chunks[lane->next++]];
		if (section->head.encoding) {
			stackid_data_file_warn(&reader->file, "the %s has encoding %u, which this stackid does not know: skipped",
					       stackid_data_file_name_section(section),
					       section->head.encoding);
			continue;
		}
		lane->payload = stackid_data_file_load(&reader->file, section);
		if (!lane->payload)
			continue;
		lane->walk = (struct record_walk) {
			.data = lane->payload,
			.size = section->head.raw_size,
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
					       stackid_data_file_name_section(&reader->file.sections[lane->chunks[lane->next - 1]]));
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

void stackid_data_rewind(struct data_reader *reader)
{
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
	for (size_t i = reader->nr_heap / 2; i--;)
		sift_down(reader, i);

	stackid_tasks_clear(&reader->tasks);
	/* Of several names for one pid the first was true at the beginning. */
	for (size_t i = reader->nr_first_tasks; i--;)
		stackid_tasks_set(&reader->tasks, reader->first_tasks[i].pid,
				  reader->first_tasks[i].tgid,
				  reader->first_tasks[i].comm);
}

static uint32_t find_stack(struct data_reader *reader, uint64_t generation,
			   uint32_t id)
{
	uint32_t index = stackid_stacks_by_id(&reader->stacks, generation, id);

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
	const struct task_slot *task;

	event->pid = stackid_rec_pid(record);
	task = stackid_tasks_get(&reader->tasks, event->pid);
	event->tgid = task->tgid;
	event->comm = task->comm;
	event->event = stackid_rec_event(record);
	event->id = stackid_rec_id(record);
	event->has_value = stackid_record_has_value(record);
	event->value = event->has_value ? stackid_record_value(record) : 0;

	if (block) {
		event->kind = DATA_HIT_STACK;
		event->stack = stackid_stacks_intern(&reader->stacks,
						     lane->generation, block);
	} else if (event->id) {
		event->kind = DATA_HIT_STACK;
		event->stack = find_stack(reader, lane->generation, event->id);
	} else if ((stackid_rec_type(record) & ~STACKID_REC_VALUE) ==
		   STACKID_REC_EVENT_USER) {
		event->kind = DATA_HIT_USER;
	} else {
		event->kind = DATA_HIT_EMPTY;
	}
}

/* False if the record is nothing that a reader is told. */
static bool fill_event(struct data_reader *reader, const struct lane *lane,
		       struct data_event *event)
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
		event->value = ((const struct stackid_number_record *)record)->number;
		reader->lost += event->value;
		return true;
	case STACKID_REC_TASK:
		memcpy(comm, task->comm, sizeof(task->comm));
		stackid_tasks_set(&reader->tasks, stackid_rec_pid(record),
				  task->tgid, comm);
		return false;
	}
	return false;
}

bool stackid_data_next(struct data_reader *reader, struct data_event *event)
{
	while (reader->nr_heap) {
		struct lane *lane = reader->heap[0];
		bool told = fill_event(reader, lane, event);

		if (!advance(reader, lane))
			reader->heap[0] = reader->heap[--reader->nr_heap];
		sift_down(reader, 0);
		if (told)
			return true;
	}
	return false;
}

uint32_t stackid_data_nr_stacks(const struct data_reader *reader)
{
	return reader->stacks.nr - 1;
}

const struct data_stack *stackid_data_stack(const struct data_reader *reader,
					    uint32_t index)
{
	return stackid_stacks_get(&reader->stacks, index);
}

uint32_t stackid_data_nr_symbols(const struct data_reader *reader)
{
	return reader->symbols.nr_symbols;
}

const struct data_symbol *stackid_data_symbol(const struct data_reader *reader,
					      uint32_t index)
{
	return &reader->symbols.symbols[index];
}

unsigned int stackid_data_nr_events(const struct data_reader *reader)
{
	return reader->text.nr_events;
}

const struct data_event_name *
stackid_data_event(const struct data_reader *reader, unsigned int i)
{
	return &reader->text.events[i];
}

const struct data_event_name *
stackid_data_event_by_number(const struct data_reader *reader,
			     unsigned int number)
{
	for (size_t i = 0; i < reader->text.nr_events; i++) {
		if (reader->text.events[i].number == number)
			return &reader->text.events[i];
	}
	return NULL;
}

const char *stackid_data_meta(const struct data_reader *reader,
			      const char *key)
{
	for (size_t i = 0; i < reader->text.nr_keys; i++) {
		if (!strcmp(reader->text.keys[i].key, key))
			return reader->text.keys[i].value;
	}
	return NULL;
}

bool stackid_data_meta_at(const struct data_reader *reader, unsigned int i,
			  const char **key, const char **value)
{
	if (i >= reader->text.nr_keys)
		return false;
	*key = reader->text.keys[i].key;
	*value = reader->text.keys[i].value;
	return true;
}

unsigned int stackid_data_nr_modules(const struct data_reader *reader)
{
	return reader->text.nr_modules;
}

const struct data_module *
stackid_data_module(const struct data_reader *reader, unsigned int i)
{
	return &reader->text.modules[i];
}

bool stackid_data_ledger_at(const struct data_reader *reader, uint32_t cpu,
			    unsigned int i, const char **counter,
			    uint64_t *start, uint64_t *end)
{
	for (size_t at = 0; at < reader->text.nr_counters; at++) {
		const struct data_counter *c = &reader->text.counters[at];

		if (c->cpu != cpu || i--)
			continue;
		*counter = c->name;
		*start = c->start;
		*end = c->end;
		return true;
	}
	return false;
}

static const struct data_counter *find_counter(const struct data_reader *reader,
					       uint32_t cpu,
					       const char *counter)
{
	for (size_t i = 0; i < reader->text.nr_counters; i++) {
		const struct data_counter *c = &reader->text.counters[i];

		if (c->cpu == cpu && !strcmp(c->name, counter))
			return c;
	}
	return NULL;
}

uint64_t stackid_data_ledger(const struct data_reader *reader, uint32_t cpu,
			     const char *counter)
{
	const struct data_counter *c = find_counter(reader, cpu, counter);

	return c ? c->end - c->start : 0;
}

uint32_t stackid_data_nr_cpus(const struct data_reader *reader)
{
	return reader->nr_cpus;
}

uint64_t stackid_data_lost(const struct data_reader *reader)
{
	if (!find_counter(reader, DATA_NO_CPU, "lost_full"))
		return reader->lost;
	return stackid_data_ledger(reader, DATA_NO_CPU, "lost_full") +
	       stackid_data_ledger(reader, DATA_NO_CPU, "lost_recursion") +
	       stackid_data_ledger(reader, DATA_NO_CPU, "lost_rcu");
}
