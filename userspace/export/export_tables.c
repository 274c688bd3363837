// SPDX-License-Identifier: GPL-2.0
/* The tables that a recording is made into. */

#include <stdlib.h>

#include "export_tables.h"

#define TEXT(name, forms)	{ name, COLUMN_TEXT, TABLES_##forms }
#define INTEGER(name, forms)	{ name, COLUMN_INTEGER, TABLES_##forms }
#define VALUE(name)		{ name, COLUMN_VALUE, TABLES_BOTH }

/* Each in its own way. */
#define RECORDING		TEXT("recording", SHARDS)
#define EVENT			INTEGER("event", ONE_FILE), TEXT("event", SHARDS)
#define STACK(name)		INTEGER(name, ONE_FILE), TEXT(name, SHARDS)
#define TASK			INTEGER("task", ONE_FILE),		\
				INTEGER("pid", SHARDS),			\
				INTEGER("tgid", SHARDS),		\
				TEXT("comm", SHARDS)

const struct table_layout stackid_tables[NR_TABLES] = {
	[TABLE_RECORDINGS] = {
		"recordings", NULL, NULL, TABLES_BOTH, {
			TEXT("recording", BOTH),
			TEXT("hostname", BOTH),
			TEXT("release", BOTH),
			TEXT("version", BOTH),
			TEXT("arch", BOTH),
			INTEGER("cpus", BOTH),
			INTEGER("start", BOTH),
			INTEGER("clock_offset", BOTH),
			INTEGER("duration", BOTH),
			TEXT("command", BOTH),
			TEXT("workload", BOTH),
			TEXT("result", BOTH),
			TEXT("stackid", BOTH),
			INTEGER("exported", BOTH),
			INTEGER("lost", BOTH),
		},
	},
	[TABLE_META] = {
		"meta", "key", NULL, TABLES_ONE_FILE, {
			TEXT("key", ONE_FILE),
			TEXT("value", ONE_FILE),
		},
	},
	[TABLE_EVENT_NAMES] = {
		"event_names", "event", NULL, TABLES_BOTH, {
			RECORDING,
			EVENT,
			TEXT("name", ONE_FILE),
			TEXT("options", BOTH),
		},
	},
	[TABLE_VALUE_NAMES] = {
		"value_names", "event, place", NULL, TABLES_BOTH, {
			RECORDING,
			EVENT,
			INTEGER("place", BOTH),
			TEXT("name", BOTH),
			INTEGER("is_signed", BOTH),
		},
	},
	[TABLE_EVENTS] = {
		"events", NULL, "time", TABLES_BOTH, {
			RECORDING,
			INTEGER("time", BOTH),
			INTEGER("cpu", BOTH),
			TASK,
			EVENT,
			STACK("stack"),
			VALUE("value1"),
			VALUE("value2"),
			VALUE("value3"),
			VALUE("value4"),
		},
	},
	[TABLE_TASKS] = {
		"tasks", "task", NULL, TABLES_ONE_FILE, {
			INTEGER("task", ONE_FILE),
			INTEGER("pid", ONE_FILE),
			INTEGER("tgid", ONE_FILE),
			TEXT("comm", ONE_FILE),
		},
	},
	[TABLE_STACKS] = {
		"stacks", "stack", NULL, TABLES_BOTH, {
			RECORDING,
			INTEGER("stack", ONE_FILE),
			TEXT("digest", ONE_FILE),
			TEXT("stack", SHARDS),
			TEXT("kind", BOTH),
			INTEGER("frames", BOTH),
			INTEGER("depth", BOTH),
		},
	},
	[TABLE_STACK_IDS] = {
		"stack_ids", NULL, NULL, TABLES_ONE_FILE, {
			INTEGER("generation", ONE_FILE),
			INTEGER("id", ONE_FILE),
			INTEGER("stack", ONE_FILE),
		},
	},
	[TABLE_FRAMES] = {
		"frames", "stack, position", NULL, TABLES_BOTH, {
			RECORDING,
			STACK("stack"),
			INTEGER("position", BOTH),
			INTEGER("symbol", ONE_FILE),
			TEXT("function", SHARDS),
			TEXT("module", SHARDS),
			INTEGER("pc_offset", BOTH),
			TEXT("pc", BOTH),
		},
	},
	[TABLE_SYMBOLS] = {
		"symbols", "symbol", NULL, TABLES_ONE_FILE, {
			INTEGER("symbol", ONE_FILE),
			TEXT("function", ONE_FILE),
			TEXT("module", ONE_FILE),
		},
	},
	[TABLE_WAITS] = {
		"waits", NULL, "back_at", TABLES_BOTH, {
			RECORDING,
			INTEGER("left_at", BOTH),
			INTEGER("woken_at", BOTH),
			INTEGER("back_at", BOTH),
			TEXT("state", BOTH),
			TASK,
			STACK("stack"),
			TEXT("waker", BOTH),
			INTEGER("waker_task", ONE_FILE),
			INTEGER("waker_pid", SHARDS),
			STACK("waker_stack"),
		},
	},
	[TABLE_LOSSES] = {
		"losses", NULL, NULL, TABLES_BOTH, {
			RECORDING,
			INTEGER("time", BOTH),
			INTEGER("cpu", BOTH),
			INTEGER("lost", BOTH),
		},
	},
	[TABLE_LEDGER] = {
		"ledger", NULL, NULL, TABLES_BOTH, {
			RECORDING,
			INTEGER("cpu", BOTH),
			TEXT("counter", BOTH),
			INTEGER("at_start", BOTH),
			INTEGER("at_end", BOTH),
		},
	},
	[TABLE_MODULES] = {
		"modules", NULL, NULL, TABLES_BOTH, {
			RECORDING,
			TEXT("module", BOTH),
			TEXT("base", BOTH),
			INTEGER("size", BOTH),
			TEXT("build_id", BOTH),
		},
	},
};

int stackid_tables_add(struct tables_sink *sink, enum table table,
		       struct table_row *row)
{
	row->nr = 0;
	if (!(stackid_tables[table].forms & sink->form))
		return 0;
	return sink->add(sink, table, row->cells);
}

const char *stackid_tables_digits(const struct cell *cell, char *to)
{
	uint64_t number = cell->number;
	int negative = cell->kind == CELL_SIGNED && (int64_t)number < 0;
	char *at = to + 20;

	*at = '\0';
	if (negative)
		number = -number;
	do {
		*--at = '0' + number % 10;
		number /= 10;
	} while (number);
	if (negative)
		*--at = '-';
	return at;
}
