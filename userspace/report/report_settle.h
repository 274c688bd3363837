/* SPDX-License-Identifier: GPL-2.0 */
/* What the options of stackid report mean together. */
#ifndef STACKID_REPORT_SETTLE_H
#define STACKID_REPORT_SETTLE_H

#include "report_common.h"

/* OPTION_CALL's; the field is a uint64_t in ns. */
int stackid_report_parse_quantum(const char *arg, void *field);

/* 0, or -1 after a complaint.  @options are those that @report points to. */
int stackid_report_settle(struct report *report,
			  struct report_options *options);

/* Where lines go that the report prints: colours and width, and a pager. */
void stackid_report_settle_output(struct report *report);

#endif /* STACKID_REPORT_SETTLE_H */
