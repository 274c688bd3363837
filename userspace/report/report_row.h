/* SPDX-License-Identifier: GPL-2.0 */
/* A row of the table: its text, and its place among others. */
#ifndef STACKID_REPORT_ROW_H
#define STACKID_REPORT_ROW_H

#include <stddef.h>
#include <stdint.h>

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
	/* Of its stack among all stacks, by generation and id. */
	uint64_t stack_order;
	struct part *parts;
	uint32_t nr_parts;
	/* Of rows that differ by function only, and came in its order; or 0. */
	uint32_t group;
};

/* The text of a key in a row; the buffer serves those that are numbers. */
const char *stackid_row_text(const struct report *report, const struct row *row,
			     enum sort_key key, char *buffer, size_t size);

/* Greatest first, for qsort(). */
int stackid_row_compare(const struct report *report, const struct row *x,
			const struct row *y);
/* By the first @nr keys only. */
int stackid_row_compare_keys(const struct report *report, const struct row *x,
			     const struct row *y, unsigned int nr);
/*
 * Where this differs between two rows of equal total, level and self, they are in its
 * order.
 */
uint64_t stackid_row_hint(const struct report *report, const struct row *row);

#endif /* STACKID_REPORT_ROW_H */
