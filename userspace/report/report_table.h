/* SPDX-License-Identifier: GPL-2.0 */
/* A section's table: titles, rows and what stands below them. */
#ifndef STACKID_REPORT_TABLE_H
#define STACKID_REPORT_TABLE_H

#include "report_common.h"

/* The rows of an event, or of all if that is a key, with their trees. */
void stackid_table_print(struct report *report, unsigned int event);

#endif /* STACKID_REPORT_TABLE_H */
