/* SPDX-License-Identifier: GPL-2.0 */
/* Lines are built first, so that they can be cut at the terminal's edge. */
#ifndef STACKID_REPORT_LINE_H
#define STACKID_REPORT_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "../lib/compiler.h"

/* @width: 0 cuts nothing */
struct report_line {
	bool colours;
	unsigned int width;
	char *text;
	size_t len;
	size_t max;
};

/* One of zeros is empty; what it came to hold is freed, not the struct. */
void stackid_line_free(struct report_line *line);

__printf(2, 3)
void stackid_line_add(struct report_line *line, const char *format, ...);

/* "    12.34%" in a column, "12.34%" at a branch, in the share's colour. */
void stackid_line_add_percent(struct report_line *line, double percent);
void stackid_line_add_share(struct report_line *line, double percent);

/* Writes it to stdout and begins the next. */
void stackid_line_end(struct report_line *line);

#endif /* STACKID_REPORT_LINE_H */
