/* SPDX-License-Identifier: GPL-2.0 */
/* The profile that a report is made of. */
#ifndef STACKID_REPORT_PROFILE_H
#define STACKID_REPORT_PROFILE_H

#include "report_common.h"

/* The enum profile_key that the sort keys want. */
unsigned int stackid_report_keys(const struct report *report);
/* After the profile is finished: which functions are parents, where KEY_PARENT is asked for. */
void stackid_report_mark_parents(struct report *report);

#endif /* STACKID_REPORT_PROFILE_H */
