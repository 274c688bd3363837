/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the events add up to: a cell for each event, stack, process and name, with the
 * sum of each of its values.  Memory grows with the cells, not with the events.
 */
#ifndef STACKID_EXPORT_CELLS_H
#define STACKID_EXPORT_CELLS_H

#include <stddef.h>
#include <stdint.h>
#include <stackid.h>

#include "../lib/slots.h"
#include "export_format.h"

/* @sums: negative values count as what they are; INT64_MAX if one has no room */
struct export_cell {
	uint64_t hits;
	int64_t sums[STACKID_MAX_VALUES];
	const char *comm;
	uint32_t tgid;
	uint32_t stack;
	uint16_t event;
	uint8_t kind;
};

/*
 * One of zeros is empty.
 *
 * @positive:  values below zero count as 0
 * @nr_values: by event, the most that one of its hits had
 */
struct export_cells {
	struct export_cell *at;
	size_t nr;
	size_t room;
	struct slots slots;
	bool positive;
	uint8_t nr_values[STACKID_MAX_EVENT + 1];
};

/* All events that the options let through: EXIT_OK, or EXIT_FAILED after a sentence. */
int stackid_export_cells_fill(struct export_cells *cells,
			      const struct export *export);
/*
 * The same for one that adds up to others: what @cell has is added to the cell that
 * agrees with it in all but the sums.
 */
void stackid_export_cells_add(struct export_cells *cells,
			      const struct export_cell *cell);
void stackid_export_cells_free(struct export_cells *cells);

/* a + b, or the number of 64 bits that is next to it. */
int64_t stackid_export_add(int64_t a, int64_t b);

/* "value" where the event's options do not name it. */
const char *stackid_export_value_name(struct reading *reading,
				      unsigned int event, unsigned int value);
/* "bytes" or "count", by the name. */
const char *stackid_export_value_unit(const char *name);

#endif /* STACKID_EXPORT_CELLS_H */
