/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A recording as tables: which there are, what their columns are called, and how rows
 * come to who writes them.  In one file a stack, a thread, a function is a number with a
 * table that explains it; in shards, which are read together with those of other
 * recordings, it stands there itself.
 */
#ifndef STACKID_EXPORT_TABLES_H
#define STACKID_EXPORT_TABLES_H

#include <stdint.h>

enum tables_form {
	TABLES_ONE_FILE	= 1,
	TABLES_SHARDS	= 2,
	TABLES_BOTH	= 3,
};

enum table {
	TABLE_RECORDINGS,
	TABLE_META,
	TABLE_EVENT_NAMES,
	TABLE_VALUE_NAMES,
	TABLE_EVENTS,
	TABLE_TASKS,
	TABLE_STACKS,
	TABLE_STACK_IDS,
	TABLE_FRAMES,
	TABLE_SYMBOLS,
	TABLE_WAITS,
	TABLE_LOSSES,
	TABLE_LEDGER,
	TABLE_MODULES,
	NR_TABLES
};

/* INTEGERs have 63 bits; a VALUE is what an event recorded, 64 bits with or without sign. */
enum column_type {
	COLUMN_TEXT,
	COLUMN_INTEGER,
	COLUMN_VALUE,
};

struct table_column {
	const char *name;
	enum column_type type;
	enum tables_form forms;
};

#define TABLE_MAX_COLUMNS	20

/**
 * struct table_layout - a table
 * @key:     which columns say in one file which row it is; NULL if none do
 * @hour_of: the name of the column whose hour says into which shard a row goes; or NULL
 * @columns: up to one without a name
 */
struct table_layout {
	const char *name;
	const char *key;
	const char *hour_of;
	enum tables_form forms;
	struct table_column columns[TABLE_MAX_COLUMNS + 1];
};

extern const struct table_layout stackid_tables[NR_TABLES];

enum cell_kind {
	CELL_NULL,
	CELL_SIGNED,
	CELL_UNSIGNED,
	CELL_TEXT,
};

struct cell {
	enum cell_kind kind;
	union {
		uint64_t number;
		const char *text;
	};
};

/**
 * struct tables_sink - who writes rows
 * @form: which columns it takes
 * @add:  a row, a cell for each column of the layout, whatever its forms.  0, or -1
 *        after a sentence
 */
struct tables_sink {
	enum tables_form form;
	int (*add)(struct tables_sink *sink, enum table table,
		   const struct cell *cells);
};

/* A row, filled from the left. */
struct table_row {
	struct cell cells[TABLE_MAX_COLUMNS];
	unsigned int nr;
};

static inline void table_row_text(struct table_row *row, const char *text)
{
	row->cells[row->nr++] = (struct cell) {
		.kind = text ? CELL_TEXT : CELL_NULL,
		.text = text,
	};
}

/* What has no room is the greatest number there is. */
static inline void table_row_number(struct table_row *row, uint64_t number)
{
	row->cells[row->nr++] = (struct cell) {
		.kind = CELL_UNSIGNED,
		.number = number > INT64_MAX ? INT64_MAX : number,
	};
}

static inline void table_row_null(struct table_row *row)
{
	row->cells[row->nr++].kind = CELL_NULL;
}

static inline void table_row_value(struct table_row *row, uint64_t value,
				   int is_signed)
{
	row->cells[row->nr++] = (struct cell) {
		.kind = is_signed ? CELL_SIGNED : CELL_UNSIGNED,
		.number = value,
	};
}

/* Gives it to the sink, and empties it. */
int stackid_tables_add(struct tables_sink *sink, enum table table,
		       struct table_row *row);

/* The digits of a cell that is a number; @to has room for 21 characters. */
const char *stackid_tables_digits(const struct cell *cell, char *to);

#endif /* STACKID_EXPORT_TABLES_H */
