// SPDX-License-Identifier: GPL-2.0
/* Lines are built first, so that they can be cut at the terminal's edge. */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "../lib/memory.h"
#include "report_line.h"

/* From these percentages on a row is red, or green. */
#define RED_PERCENT		5.0
#define GREEN_PERCENT		0.5

void stackid_line_free(struct report_line *line)
{
	free(line->text);
}

void stackid_line_add(struct report_line *line, const char *format, ...)
{
	va_list args;
	int len;

	for (;;) {
		size_t room = line->max - line->len;

		va_start(args, format);
		/* An empty one has no place yet. */
		len = vsnprintf(line->text ? line->text + line->len : NULL,
				room, format, args);
		va_end(args);
		if ((size_t)len < room)
			break;
		line->max = line->max * 2 + len + 256;
		line->text = stackid_memory_resize(line->text, line->max, 1);
	}
	line->len += len;
}

static bool begin_colour(struct report_line *line, double percent)
{
	if (!line->colours || percent < GREEN_PERCENT)
		return false;
	stackid_line_add(line, percent >= RED_PERCENT ? "\033[31m" :
							"\033[32m");
	return true;
}

void stackid_line_add_percent(struct report_line *line, double percent)
{
	bool coloured = begin_colour(line, percent);

	stackid_line_add(line, "%9.2f%%", percent);
	if (coloured)
		stackid_line_add(line, "\033[m");
}

void stackid_line_add_share(struct report_line *line, double percent)
{
	bool coloured = begin_colour(line, percent);

	stackid_line_add(line, "%.2f%%", percent);
	if (coloured)
		stackid_line_add(line, "\033[m");
}

/* How much of the line fits: escape sequences and UTF-8's tails are no column. */
static size_t fitting(const struct report_line *line)
{
	unsigned int column = 0;
	bool escape = false;

	if (!line->width)
		return line->len;
	for (size_t i = 0; i < line->len; i++) {
		unsigned char c = line->text[i];

		if (c == '\033')
			escape = true;
		if (!escape && (c & 0xc0) != 0x80 && ++column > line->width)
			return i;
		if (escape && c == 'm')
			escape = false;
	}
	return line->len;
}

void stackid_line_end(struct report_line *line)
{
	while (line->len && line->text[line->len - 1] == ' ')
		line->len--;
	if (line->len)
		fwrite(line->text, 1, fitting(line), stdout);
	putchar('\n');
	line->len = 0;
}
