/* SPDX-License-Identifier: GPL-2.0 */
/* What was not freed, printed or drawn. */
#ifndef STACKID_LEAK_REPORT_H
#define STACKID_LEAK_REPORT_H

#include "leak_sites.h"

void stackid_leak_report_print(const struct leak_sites *sites);
/* As a flame graph of bytes.  The exit code. */
int stackid_leak_report_draw(const struct leak_sites *sites,
			     struct reading *reading);

#endif /* STACKID_LEAK_REPORT_H */
