/* SPDX-License-Identifier: GPL-2.0 */
/* An event's comparison as a table. */
#ifndef STACKID_DIFF_TABLE_H
#define STACKID_DIFF_TABLE_H

#include "diff_common.h"

/* The weights and what they are divided by are the event's. */
void stackid_diff_table_print(const struct diff *diff,
			      const struct comparison_event *event);

#endif /* STACKID_DIFF_TABLE_H */
