/* SPDX-License-Identifier: GPL-2.0 */
/* The rows of a section's table: what its cells add up to. */
#ifndef STACKID_REPORT_ROWS_H
#define STACKID_REPORT_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "../lib/slots.h"
#include "report_row.h"

/* While rows are made: a part, and the row that it belongs to. */
struct row_part {
	uint32_t row;
	struct part part;
};

/* Likewise: cells whose rows differ by function or module only. */
struct row_group {
	struct row key;
	size_t nr_cells;
};

/* Likewise: the sums of one function's row, in the group that had one last. */
struct row_sum {
	uint64_t total;
	uint64_t self;
	uint64_t hits;
	uint32_t group;
	uint32_t row;
	uint32_t level;
	uint32_t last_cell;
	uint32_t nr_parts;
};

/**
 * struct rows - the rows of a table
 * @event:  they are of
 * @parts:  those of all rows, each row's one after the other; NULL if report->lazy
 * @log:    the same in the order in which they came, until they are sorted
 * @groups: from 1 on, found by @slots
 * @sums:   by function; those of one module are its first function's if rows are
 *          modules, see @first_of
 * @functions: of the rows of this group
 * What is only there while they are made ends with @functions.
 */
struct rows {
	const struct report *report;
	unsigned int event;
	struct row *at;
	size_t nr;
	size_t max;
	struct part *parts;
	size_t nr_parts;

	struct row_part *log;
	size_t log_room;
	struct row_group *groups;
	size_t nr_groups;
	size_t groups_room;
	struct slots slots;
	struct row_sum *sums;
	uint32_t *first_of;
	uint32_t *functions;
};

/*
 * Makes @rows of the event's cells, or of all if the event is a key, greatest
 * first.  Their texts live as long as the profile and the reading.
 */
void stackid_rows_make(struct rows *rows, const struct report *report,
		       unsigned int event);
void stackid_rows_free(struct rows *rows);
/* Where report->lazy: all parts of a row, row->nr_parts of them, to be freed. */
struct part *stackid_rows_find_parts(const struct rows *rows,
				     const struct row *row);

#endif /* STACKID_REPORT_ROWS_H */
