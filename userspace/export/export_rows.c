// SPDX-License-Identifier: GPL-2.0
/* The rows of a recording. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "../lib/memory.h"
#include "../lib/profile/shapes.h"
#include "../lib/profile/waits.h"
#include "export_dictionary.h"
#include "export_rows.h"

/**
 * struct rows - a run
 * @offset: see stackid_rows_clock_offset()
 * @nr:     rows of events
 */
struct rows {
	struct export *export;
	struct tables_sink *sink;
	struct dictionary dictionary;
	char recording[ROWS_NAME];
	uint64_t offset;
	uint64_t nr;
};

static const char *meta(const struct export *export, const char *key)
{
	return stackid_data_meta(export->data, key);
}

void stackid_rows_name_recording(const struct export *export,
				 char name[ROWS_NAME])
{
	static const char *const keys[] = {
		"hostname", "release", "version", "start", "start_time", "pid",
		"command",
	};
	struct buffer text = {};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *value = meta(export, keys[i]);

		if (value)
			stackid_buffer_add(&text, value, strlen(value));
		stackid_buffer_add(&text, "\n", 1);
	}
	snprintf(name, ROWS_NAME, "%016" PRIx64,
		 (uint64_t)XXH3_64bits(text.data, text.size));
	free(text.data);
}

uint64_t stackid_rows_clock_offset(const struct export *export)
{
	uint64_t offset;

	return stackid_reading_number(export->reading, "clock_offset", &offset) ?
	       offset : 0;
}

static uint64_t real_time(const struct rows *rows, uint64_t time)
{
	uint64_t real = time + rows->offset;

	return real < time ? UINT64_MAX : real;
}

static int write_lost(struct rows *rows, const struct data_event *event)
{
	struct table_row row = {};

	table_row_text(&row, rows->recording);
	table_row_number(&row, real_time(rows, event->time));
	table_row_number(&row, event->cpu);
	table_row_number(&row, event->lost);
	return stackid_tables_add(rows->sink, TABLE_LOSSES, &row);
}

static void add_task(struct table_row *row, uint32_t task, uint32_t pid,
		     uint32_t tgid, const char *comm)
{
	table_row_number(row, task);
	table_row_number(row, pid);
	table_row_number(row, tgid);
	table_row_text(row, comm);
}

static int write_event(struct rows *rows, const struct data_event *event)
{
	const struct data_event_name *name =
		stackid_reading_event(rows->export->reading, event->event);
	struct dictionary *dictionary = &rows->dictionary;
	uint32_t task, stack;
	struct table_row row;

	if (stackid_dictionary_event(dictionary, name))
		return -1;
	task = stackid_dictionary_task(dictionary, event->pid, event->tgid,
				       event->comm);
	stack = stackid_dictionary_stack(dictionary, event->kind, event->stack);
	if (!task || !stack)
		return -1;
	row.nr = 0;
	table_row_text(&row, rows->recording);
	table_row_number(&row, real_time(rows, event->time));
	table_row_number(&row, event->cpu);
	add_task(&row, task, event->pid, event->tgid, event->comm);
	table_row_number(&row, event->event);
	table_row_text(&row, name->name);
	table_row_number(&row, stack);
	table_row_text(&row, stackid_dictionary_digest(dictionary, stack));
	for (unsigned int i = 0; i < STACKID_MAX_VALUES; i++) {
		if (i < event->nr_values)
			table_row_value(&row, event->values[i],
					i < name->nr_values &&
					name->values[i].is_signed);
		else
			table_row_null(&row);
	}
	rows->nr++;
	return stackid_tables_add(rows->sink, TABLE_EVENTS, &row);
}

static int write_events(struct rows *rows)
{
	struct reading *reading = rows->export->reading;
	struct data_event event;

	while (stackid_reading_next(reading, &event)) {
		if (event.kind == DATA_LOST ? write_lost(rows, &event) :
					      write_event(rows, &event))
			return -1;
	}
	return 0;
}

/* One of them was recorded although nothing may have hit. */
static int write_event_names(struct rows *rows)
{
	for (unsigned int i = 0; i < stackid_data_nr_events(rows->export->data);
	     i++) {
		const struct data_event_name *event =
			stackid_data_event(rows->export->data, i);

		if (event->number <= STACKID_MAX_EVENT &&
		    stackid_reading_wants_event(rows->export->reading,
						event->number) &&
		    stackid_dictionary_event(&rows->dictionary, event))
			return -1;
	}
	return 0;
}

static int write_wait(struct rows *rows, const struct shapes *shapes,
		      const struct wait *wait)
{
	const struct wait_side *left = &wait->left, *waker = &wait->waker;
	struct dictionary *dictionary = &rows->dictionary;
	char state[] = { wait->state, '\0' };
	struct table_row row = {};
	uint32_t task, stack;

	task = stackid_dictionary_task(dictionary, left->pid, left->tgid,
				       left->comm);
	stack = stackid_dictionary_stack(dictionary, DATA_HIT_STACK, left->stack);
	if (!task || !stack)
		return -1;
	table_row_text(&row, rows->recording);
	table_row_number(&row, real_time(rows, wait->start));
	table_row_number(&row, real_time(rows, wait->woken));
	table_row_number(&row, real_time(rows, wait->end));
	table_row_text(&row, state);
	add_task(&row, task, left->pid, left->tgid, left->comm);
	table_row_number(&row, stack);
	table_row_text(&row, stackid_dictionary_digest(dictionary, stack));
	if (!waker->comm) {
		for (int i = 0; i < 5; i++)
			table_row_null(&row);
		return stackid_tables_add(rows->sink, TABLE_WAITS, &row);
	}
	task = stackid_dictionary_task(dictionary, waker->pid, waker->tgid,
				       waker->comm);
	stack = stackid_dictionary_stack(dictionary, DATA_HIT_STACK, waker->stack);
	if (!task || !stack)
		return -1;
	/* As stackid offcpu calls it. */
	table_row_text(&row, stackid_shapes_interrupt(shapes, waker->stack) ?
			     "[interrupt]" : waker->comm);
	table_row_number(&row, task);
	table_row_number(&row, waker->pid);
	table_row_number(&row, stack);
	table_row_text(&row, stackid_dictionary_digest(dictionary, stack));
	return stackid_tables_add(rows->sink, TABLE_WAITS, &row);
}

/* Whether the options let the thread through where it left the CPU. */
static bool has_moment(struct reading *reading, const struct wait *wait)
{
	struct data_event moment = stackid_waits_moment(wait);

	return stackid_reading_has_moment(reading, &moment);
}

/* A second time through the file, where it has what waits are made of. */
static int write_waits(struct rows *rows)
{
	struct data_reader *data = rows->export->data;
	struct shapes shapes = { .data = data };
	struct waits *waits;
	struct wait wait;
	int result = 0;

	if (!stackid_waits_can(data))
		return 0;
	stackid_data_rewind(data);
	waits = stackid_waits_open(data);
	if (!waits)
		return 0;
	while (!result && stackid_waits_next(waits, &wait)) {
		if (has_moment(rows->export->reading, &wait))
			result = write_wait(rows, &shapes, &wait);
	}
	stackid_waits_close(waits);
	stackid_shapes_free(&shapes);
	return result;
}

static int write_counters(struct rows *rows, uint32_t cpu)
{
	const char *counter;
	uint64_t start, end;

	for (unsigned int i = 0; stackid_data_ledger_at(rows->export->data, cpu,
							i, &counter, &start, &end);
	     i++) {
		struct table_row row = {};

		table_row_text(&row, rows->recording);
		if (cpu == DATA_NO_CPU)
			table_row_null(&row);
		else
			table_row_number(&row, cpu);
		table_row_text(&row, counter);
		table_row_number(&row, start);
		table_row_number(&row, end);
		if (stackid_tables_add(rows->sink, TABLE_LEDGER, &row))
			return -1;
	}
	return 0;
}

static int write_ledger(struct rows *rows)
{
	uint32_t nr = stackid_data_nr_cpus(rows->export->data);

	if (write_counters(rows, DATA_NO_CPU))
		return -1;
	for (uint32_t cpu = 0; cpu < nr; cpu++) {
		if (write_counters(rows, cpu))
			return -1;
	}
	return 0;
}

static int write_modules(struct rows *rows)
{
	for (unsigned int i = 0; i < stackid_data_nr_modules(rows->export->data);
	     i++) {
		const struct data_module *module =
			stackid_data_module(rows->export->data, i);
		struct table_row row = {};
		char base[24];

		snprintf(base, sizeof(base), "0x%016" PRIx64, module->base);
		table_row_text(&row, rows->recording);
		table_row_text(&row, module->name);
		table_row_text(&row, base);
		table_row_number(&row, module->size);
		table_row_text(&row, strcmp(module->build_id, "-") ?
				     module->build_id : NULL);
		if (stackid_tables_add(rows->sink, TABLE_MODULES, &row))
			return -1;
	}
	return 0;
}

static int write_meta(struct rows *rows)
{
	const char *key, *value;

	for (unsigned int i = 0; stackid_data_meta_at(rows->export->data, i,
						      &key, &value);
	     i++) {
		struct table_row row = {};

		table_row_text(&row, key);
		table_row_text(&row, value);
		if (stackid_tables_add(rows->sink, TABLE_META, &row))
			return -1;
	}
	return 0;
}

static void add_number(const struct rows *rows, struct table_row *row,
		       const char *key)
{
	uint64_t number;

	if (stackid_reading_number(rows->export->reading, key, &number))
		table_row_number(row, number);
	else
		table_row_null(row);
}

static int write_recording(struct rows *rows)
{
	static const char *const texts[] = {
		"hostname", "release", "version", "arch",
	};
	static const char *const numbers[] = {
		"cpus", "start", "clock_offset", "duration",
	};
	static const char *const more[] = {
		"command", "workload", "result", "stackid",
	};
	struct table_row row = {};

	table_row_text(&row, rows->recording);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		table_row_text(&row, meta(rows->export, texts[i]));
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		add_number(rows, &row, numbers[i]);
	for (size_t i = 0; i < ARRAY_SIZE(more); i++)
		table_row_text(&row, meta(rows->export, more[i]));
	table_row_number(&row, rows->nr);
	table_row_number(&row, stackid_data_lost(rows->export->data));
	return stackid_tables_add(rows->sink, TABLE_RECORDINGS, &row);
}

int stackid_rows_write(struct export *export, struct tables_sink *sink)
{
	struct rows rows = {
		.export = export,
		.sink = sink,
		.dictionary = {
			.reading = export->reading,
			.sink = sink,
			.recording = rows.recording,
		},
		.offset = stackid_rows_clock_offset(export),
	};
	bool failed;

	stackid_rows_name_recording(export, rows.recording);
	failed = write_event_names(&rows) || write_events(&rows);
	/* Of a fleet it is worth knowing that nothing happened there. */
	if (!failed && !rows.nr && sink->form == TABLES_ONE_FILE) {
		stackid_reading_complain_empty(export->reading);
		failed = true;
	}
	failed = failed || write_waits(&rows) || write_ledger(&rows) ||
		 write_modules(&rows) || write_meta(&rows) ||
		 write_recording(&rows);
	stackid_dictionary_free(&rows.dictionary);
	return failed ? EXIT_FAILED : EXIT_OK;
}
