/* SPDX-License-Identifier: GPL-2.0 */
/* A section's table with the rows of each key below those of the one before. */
#ifndef STACKID_REPORT_HIERARCHY_H
#define STACKID_REPORT_HIERARCHY_H

#include "report_common.h"

/* The rows of an event, or of all if that is a key, with their trees. */
void stackid_hierarchy_print(struct report *report, unsigned int event);

#endif /* STACKID_REPORT_HIERARCHY_H */
