/* SPDX-License-Identifier: GPL-2.0 */
/* The call tree below a row. */
#ifndef STACKID_REPORT_TREE_H
#define STACKID_REPORT_TREE_H

#include "report_rows.h"

/* Nothing for a row that is below the limit or has no calls to show. */
void stackid_tree_print(struct report *report, const struct row *row);

#endif /* STACKID_REPORT_TREE_H */
