/* SPDX-License-Identifier: GPL-2.0 */
/* The order of a table's rows. */
#ifndef STACKID_REPORT_RANKS_H
#define STACKID_REPORT_RANKS_H

#include <stddef.h>

#include "report_row.h"

#define ROW_GROUP_BITS	22
#define ROW_MAX_GROUP	((1U << ROW_GROUP_BITS) - 1)

/* Greatest first, see stackid_row_compare(). */
void stackid_ranks_sort(const struct report *report, struct row *rows,
			size_t nr);

#endif /* STACKID_REPORT_RANKS_H */
