/* SPDX-License-Identifier: GPL-2.0 */
/* A section's table: titles, rows and what stands below them. */
#ifndef STACKID_REPORT_TABLE_H
#define STACKID_REPORT_TABLE_H

#include "report_rows.h"

/* The rows of an event, or of all if that is a key, with their trees. */
void stackid_table_print(struct report *report, unsigned int event);

/*
 * The parts of it that a screen shows: the columns' widths, by key, which begin with
 * those of the titles, and grow by each row that is measured;
 */
void stackid_table_begin_widths(const struct report *report,
				unsigned int *widths);
void stackid_table_measure(const struct report *report, const struct row *row,
			   unsigned int *widths);
/* and what is added to the report's line for the titles and for a row. */
void stackid_table_add_titles(struct report *report,
			      const unsigned int *widths);
void stackid_table_add_row(struct report *report, const struct row *row,
			   const unsigned int *widths);

/* Of a line, the columns that are no keys; and those of a row. */
void stackid_table_add_number_titles(struct report *report);
void stackid_table_add_numbers(struct report *report, const struct row *row);
/* What -g wants below a row. */
void stackid_table_print_calls(struct report *report, const struct rows *rows,
			       const struct row *row);
/* By --percent-limit and --symbol-filter. */
bool stackid_table_shows(const struct report *report, const struct row *row);

#endif /* STACKID_REPORT_TABLE_H */
