/* SPDX-License-Identifier: GPL-2.0 */
/* Which of a profile's cells a table is of, and what they give its rows. */
#ifndef STACKID_REPORT_CELL_H
#define STACKID_REPORT_CELL_H

#include "report_row.h"

/* Of the event, unless that is a key, and in the zoom. */
bool stackid_cell_in_section(const struct report *report, size_t index,
			     unsigned int event);

/*
 * Keys of the row that are the same for all frames of the cell's stack.  A cell may
 * know more than is sorted by.
 */
void stackid_cell_set_keys(const struct report *report,
			   const struct profile_cell *cell, struct row *key);

#endif /* STACKID_REPORT_CELL_H */
