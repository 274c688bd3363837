/* SPDX-License-Identifier: GPL-2.0 */
/* report --tui. */
#ifndef STACKID_REPORT_TUI_H
#define STACKID_REPORT_TUI_H

#include "report_common.h"

/* @options: those of @report.  0, or -1 after a complaint. */
int stackid_report_tui(struct report *report, struct report_options *options);

#endif /* STACKID_REPORT_TUI_H */
