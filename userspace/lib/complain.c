// SPDX-License-Identifier: GPL-2.0
/* Sentences on stderr. */
#include <stdio.h>
#include <stdlib.h>

#include "complain.h"
#include "plain.h"

void stackid_complain_plain(const char *format, va_list args)
{
	char *text;

	if (vasprintf(&text, format, args) < 0) {
		fputs("out of memory", stderr);
		return;
	}
	stackid_plain_make(text);
	fputs(text, stderr);
	free(text);
}

void stackid_complain(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fputs("stackid: ", stderr);
	va_start(args, format);
	stackid_complain_plain(format, args);
	va_end(args);
	fputc('\n', stderr);
}

void stackid_say_args(const char *command, const char *format, va_list args)
{
	fprintf(stderr, "[ stackid %s: ", command);
	stackid_complain_plain(format, args);
	fputs(" ]\n", stderr);
}

void stackid_say(const char *command, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	stackid_say_args(command, format, args);
	va_end(args);
}
