// SPDX-License-Identifier: GPL-2.0
/* Sentences on stderr. */
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "complain.h"
#include "plain.h"

/* Erase to the end of the line. */
#define ERASE	"\033[K"

static FILE *elsewhere;
/* A line of stackid_line()'s stands there; the cursor is at its beginning. */
static bool line_is_up;

void stackid_line_clear(void)
{
	if (line_is_up)
		fputs(ERASE, stderr);
	line_is_up = false;
}

bool stackid_line_fits(void)
{
	return isatty(STDERR_FILENO);
}

void stackid_line(const char *format, ...)
{
	struct winsize size = { };
	char text[256];
	va_list args;
	int width;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	/* The last column stays free: some terminals wrap there. */
	width = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || !size.ws_col ?
		79 : size.ws_col - 1;
	fprintf(stderr, "%.*s" ERASE "\r", width, text);
	fflush(stderr);
	line_is_up = true;
}

void stackid_complain_into(FILE *out)
{
	elsewhere = out;
}

void stackid_complain(const char *format, ...)
{
	FILE *out = elsewhere ? elsewhere : stderr;
	va_list args;

	fflush(stdout);
	stackid_line_clear();
	fputs("stackid: ", out);
	va_start(args, format);
	stackid_plain_print(out, format, args);
	va_end(args);
	fputc('\n', out);
}

void stackid_say_args(const char *command, const char *format, va_list args)
{
	stackid_line_clear();
	fprintf(stderr, "[ stackid %s: ", command);
	stackid_plain_print(stderr, format, args);
	fputs(" ]\n", stderr);
}

void stackid_say(const char *command, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	stackid_say_args(command, format, args);
	va_end(args);
}
