// SPDX-License-Identifier: GPL-2.0
/* Lines out of the pieces in which a program writes them. */
#include <linux/string.h>

#include "lines.h"

/* Whatever the verdict is, the next byte begins a new line. */
static int end_line(struct lines *lines, stackid_line_fn verdict, void *context)
{
	size_t len = lines->len;

	lines->len = 0;
	return verdict(context, lines->line, len);
}

ssize_t stackid_lines_take(struct lines *lines, size_t n, stackid_line_fn verdict,
			   void *context)
{
	char *piece = lines->line + lines->len;
	char *newline = memchr(piece, '\n', n);
	int err = 0;

	if (newline)
		n = newline + 1 - piece;
	lines->len += n - !!newline;
	if (newline || lines->len == sizeof(lines->line))
		err = end_line(lines, verdict, context);
	return err ?: n;
}

int stackid_lines_end(struct lines *lines, stackid_line_fn verdict,
		      void *context)
{
	return lines->len ? end_line(lines, verdict, context) : 0;
}
