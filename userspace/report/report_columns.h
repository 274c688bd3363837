/* SPDX-License-Identifier: GPL-2.0 */
/* The columns of a table: shares and numbers, and the keys of --sort. */
#ifndef STACKID_REPORT_COLUMNS_H
#define STACKID_REPORT_COLUMNS_H

#include <stdbool.h>

#include "report_sort.h"

/* A column is a key, or one of these. */
enum report_column {
	COLUMN_OVERHEAD = NR_KEYS,	/* Self, where there is Children */
	COLUMN_CHILDREN,
	COLUMN_SAMPLES,
	COLUMN_PERIOD,
	NR_COLUMNS,
};

/* @given: by --fields */
struct columns {
	unsigned char at[NR_COLUMNS];
	unsigned int nr;
	bool given;
};

/* What --column-widths says of the first @nr columns; 0 is as wide as needed. */
struct column_widths {
	unsigned int at[NR_COLUMNS];
	unsigned int nr;
};

/* OPTION_CALL's; the field is a struct column_widths. */
int stackid_report_columns_parse_widths(const char *arg, void *field);
/* OPTION_CALL's; the field is a struct columns. */
int stackid_report_columns_parse(const char *arg, void *field);

void stackid_report_columns_add(struct columns *columns, unsigned int column);

static inline bool stackid_report_columns_has(const struct columns *columns,
				       unsigned int column)
{
	for (unsigned int i = 0; i < columns->nr; i++) {
		if (columns->at[i] == column)
			return true;
	}
	return false;
}

/* --fields names keys too: what is not sorted by is added to @sort. */
void stackid_report_columns_settle(const struct columns *columns,
			    struct sort_order *sort);

/* What stands above a column that is no key. */
const char *stackid_report_columns_title(unsigned int column, bool children);

#endif /* STACKID_REPORT_COLUMNS_H */
