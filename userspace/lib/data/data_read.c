// SPDX-License-Identifier: GPL-2.0
/*
 * Reading a data file: what it says about the machine, loaded when it is opened.
 * Events are data_events.c's.  The format is in data.h.
 */
#include <stdlib.h>
#include <string.h>

#include "../exit_code.h"
#include "../memory.h"
#include "data_follow.h"
#include "data_reader.h"

static bool take_tasks(struct data_reader *reader, const void *payload,
		       size_t size)
{
	const struct data_task *tasks = payload;
	char comm[sizeof(tasks->comm) + 1] = "";

	if (size % sizeof(*tasks))
		return false;
	for (size_t i = 0; i < size / sizeof(*tasks); i++) {
		/* No record can name another one. */
		if (tasks[i].pid >> STACKID_PID_BITS)
			return false;
		memcpy(comm, tasks[i].comm, sizeof(tasks->comm) - 1);
		stackid_tasks_set_first(&reader->tasks, tasks[i].pid,
					tasks[i].tgid, comm);
	}
	return true;
}

bool stackid_data_take_payload(struct data_reader *reader,
			       const struct data_section *head,
			       const void *payload)
{
	switch (head->type) {
	case DATA_TASKS:
		return take_tasks(reader, payload, head->raw_size);
	case DATA_STACKS:
		return stackid_stacks_define(&reader->stacks,
					     head->generation, payload,
					     head->raw_size);
	case DATA_SYMBOLS:
		return stackid_symbols_add(&reader->symbols, head->generation,
					   payload, head->raw_size);
	}
	stackid_data_text_add(&reader->text, head->type, head->cpu, payload,
			      head->raw_size);
	if (head->cpu != DATA_NO_CPU && head->cpu >= reader->nr_cpus)
		reader->nr_cpus = head->cpu + 1;
	return true;
}

static void take_section(struct data_reader *reader,
			 const struct section_place *section)
{
	const struct data_section *head = &section->head;
	void *payload;

	if (head->encoding) {
		stackid_data_file_warn(&reader->file, "the %s has encoding %u, which this stackid does not know: skipped",
				       stackid_data_file_name_section(&reader->file, section),
				       head->encoding);
		return;
	}
	payload = stackid_data_file_load(&reader->file, section);
	if (!payload)
		return;
	if (!stackid_data_take_payload(reader, head, payload))
		stackid_data_file_warn(&reader->file, "the %s contradicts itself: skipped",
				       stackid_data_file_name_section(&reader->file, section));
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
			stackid_data_add_chunk(reader, i);
		else if (type != DATA_SYMBOLS && type >= DATA_META &&
			 type <= DATA_END)
			take_section(reader, &file->sections[i]);
	}
	stackid_data_text_finish(&reader->text);
}

void stackid_data_init(struct data_reader *reader)
{
	stackid_data_text_init(&reader->text);
	stackid_symbols_init(&reader->symbols);
	stackid_stacks_init(&reader->stacks, &reader->symbols);
	stackid_tasks_init(&reader->tasks);
}

static void begin(struct data_reader *reader)
{
	stackid_data_init(reader);
	load(reader);
	stackid_data_rewind(reader);
}

struct data_reader *stackid_data_open(const char *path, bool trusted)
{
	struct data_reader *reader = stackid_memory_zalloc(1, sizeof(*reader));

	if (stackid_data_file_open(&reader->file, path, trusted)) {
		free(reader);
		return NULL;
	}
	begin(reader);
	return reader;
}

bool stackid_data_open_fd(struct data_reader **place, int fd, const char *name,
			  bool trusted)
{
	struct data_reader *reader = stackid_memory_zalloc(1, sizeof(*reader));

	reader->file.fd = -1;
	*place = reader;
	if (stackid_data_file_open_fd(&reader->file, fd, name, trusted)) {
		*place = NULL;
		free(reader);
		return false;
	}
	begin(reader);
	return true;
}

void stackid_data_abandon(struct data_reader *reader)
{
	stackid_data_file_abandon(&reader->file);
}

int stackid_data_close(struct data_reader *reader)
{
	int ret = reader->file.damaged ? EXIT_DAMAGED : EXIT_OK;

	stackid_data_follow_free(reader);
	stackid_data_free_lanes(reader);
	stackid_tasks_exit(&reader->tasks);
	stackid_stacks_exit(&reader->stacks);
	stackid_symbols_exit(&reader->symbols);
	stackid_data_text_exit(&reader->text);
	stackid_data_file_close(&reader->file);
	free(reader);
	return ret;
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

uint32_t stackid_data_stack_number(const struct data_reader *reader,
				   uint32_t index)
{
	return reader->follow ? stackid_data_follow_number(reader, index) :
				index;
}

uint32_t stackid_data_nr_frames(const struct data_reader *reader)
{
	return reader->symbols.nr_pcs;
}

const struct data_frame *stackid_data_frame_at(const struct data_reader *reader,
					       uint32_t index)
{
	return stackid_symbols_at(&reader->symbols, index);
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
	unsigned int place = 0;

	if (number <= STACKID_MAX_EVENT)
		place = reader->text.places[number];
	return place ? &reader->text.events[place - 1] : NULL;
}

uint32_t stackid_data_maker(const struct data_reader *reader, uint32_t pid)
{
	return stackid_tasks_maker(&reader->tasks, pid);
}

bool stackid_data_descends(const struct data_reader *reader, uint32_t pid,
			   const struct ranges *processes)
{
	return stackid_tasks_descends(&reader->tasks, pid, processes);
}

int stackid_data_find_value(const struct data_event_name *event,
			    const char *name)
{
	for (unsigned int i = 0; i < event->nr_values; i++) {
		if (!strcmp(event->values[i].name, name))
			return i;
	}
	return -1;
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
	size_t nr;
	const struct data_counter *counters =
		stackid_data_text_counters(&reader->text, cpu, &nr);

	if (i >= nr)
		return false;
	*counter = counters[i].name;
	*start = counters[i].start;
	*end = counters[i].end;
	return true;
}

static const struct data_counter *find_counter(const struct data_reader *reader,
					       uint32_t cpu,
					       const char *counter)
{
	size_t nr;
	const struct data_counter *counters =
		stackid_data_text_counters(&reader->text, cpu, &nr);

	for (size_t i = 0; i < nr; i++) {
		if (!strcmp(counters[i].name, counter))
			return &counters[i];
	}
	return NULL;
}

uint64_t stackid_data_ledger(const struct data_reader *reader, uint32_t cpu,
			     enum ledger_word which)
{
	const struct data_counter *c =
		find_counter(reader, cpu, stackid_ledger[which].word);

	return c && c->end > c->start ? c->end - c->start : 0;
}

uint32_t stackid_data_nr_cpus(const struct data_reader *reader)
{
	return reader->nr_cpus;
}

uint64_t stackid_data_lost(const struct data_reader *reader)
{
	uint64_t lost = 0;

	if (!find_counter(reader, DATA_NO_CPU,
			  stackid_ledger[LEDGER_LOST_FULL].word))
		return reader->lost;
	for (enum ledger_word i = 0; i < NR_LEDGER; i++) {
		if (stackid_ledger_is_loss(i))
			lost += stackid_data_ledger(reader, DATA_NO_CPU, i);
	}
	return lost;
}
