/* SPDX-License-Identifier: GPL-2.0 */
/* The rows of a section's table: what its cells add up to. */
#ifndef STACKID_REPORT_ROWS_H
#define STACKID_REPORT_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "../lib/slots.h"
#include "report_common.h"

/* More than a symbol's name can have (KSYM_NAME_LEN is 512). */
#define KEY_SIZE		600

/* Part of a cell that went into a row: its stack from frame @from on. */
struct part {
	uint32_t cell;
	uint32_t from;
};

/* A row of the table; keys that are not sorted by are 0 or NULL. */
struct row {
	const char *comm;
	const char *module;
	uint64_t time;
	uint32_t tgid;
	uint32_t pid;
	uint32_t cpu;
	uint32_t stack;
	uint32_t function;
	uint32_t parent;	/* its function + 1, or 0 */
	uint16_t event;
	/* Of all stacks that it is in, and of those that it is the leaf of. */
	uint64_t total;
	uint64_t self;
	uint64_t total_hits;
	/* Its smallest distance from the root: callers stand before callees. */
	uint32_t level;
	uint32_t last_cell;
	struct part *parts;
	uint32_t nr_parts;
};

/* While they are made: a part, and the row that it belongs to. */
struct row_part {
	uint32_t row;
	struct part part;
};

/**
 * struct rows - the rows of a table
 * @parts: those of all rows, each row's one after the other
 * @log:   the same in the order in which they came, until they are sorted
 */
struct rows {
	const struct report *report;
	struct row *at;
	size_t nr;
	size_t max;
	struct slots slots;
	struct part *parts;
	struct row_part *log;
	size_t nr_parts;
	size_t log_room;
};

/*
 * Makes @rows of the event's cells, or of all if the event is a key, greatest
 * first.  Their texts live as long as the profile and the reading.
 */
void stackid_rows_make(struct rows *rows, const struct report *report,
		       unsigned int event);
void stackid_rows_free(struct rows *rows);

/* The text of a key in a row; the buffer serves those that are numbers. */
const char *stackid_row_text(const struct report *report, const struct row *row,
			     enum sort_key key, char *buffer, size_t size);

#endif /* STACKID_REPORT_ROWS_H */
