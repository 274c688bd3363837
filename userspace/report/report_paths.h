/* SPDX-License-Identifier: GPL-2.0 */
/* The call paths below a row, each by itself. */
#ifndef STACKID_REPORT_PATHS_H
#define STACKID_REPORT_PATHS_H

#include "report_rows.h"

/* As -g flat and -g folded have them; nothing for a row that is below the limit. */
void stackid_paths_print(struct report *report, const struct rows *rows,
			 const struct row *row);

#endif /* STACKID_REPORT_PATHS_H */
