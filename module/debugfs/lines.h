/* SPDX-License-Identifier: GPL-2.0 */
/* Lines out of the pieces in which a program writes them. */
#ifndef _STACKID_LINES_H
#define _STACKID_LINES_H

#include <linux/types.h>

#include "../recording/event_spec.h"

/**
 * struct lines - what has been written so far
 * @len:  bytes of the line that has not ended yet
 * @line: these
 *
 * The owner sees to it that one at a time uses it.
 */
struct lines {
	size_t len;
	char line[STACKID_EVENT_LINE_SIZE];
};

/*
 * The verdict on a line without its newline: 0 or a negative errno.  A line that
 * is too long has @len STACKID_EVENT_LINE_SIZE, and comes without its end.
 */
typedef int (*stackid_line_fn)(void *context, const char *line, size_t len);

/* Where the next bytes are to be put, and how many there is room for: at least 1. */
static inline char *stackid_lines_room(struct lines *lines, size_t *room)
{
	*room = sizeof(lines->line) - lines->len;
	return lines->line + lines->len;
}

/* Nobody hears what became of the line that has not ended: it never was. */
static inline void stackid_lines_drop(struct lines *lines)
{
	lines->len = 0;
}

/*
 * @n bytes have been put there.  Takes them up to the end of the first line, if one
 * ends there, and asks for its verdict.  How many were taken, or the verdict if that
 * is an error.
 */
ssize_t stackid_lines_take(struct lines *lines, size_t n, stackid_line_fn verdict,
			   void *context);

/* The line ends here.  Its verdict; 0 if there is none. */
int stackid_lines_end(struct lines *lines, stackid_line_fn verdict,
		      void *context);

#endif /* _STACKID_LINES_H */
