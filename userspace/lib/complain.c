// SPDX-License-Identifier: GPL-2.0
/* Sentences on stderr. */
#include <stdio.h>

#include "complain.h"
#include "plain.h"

void stackid_complain(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fputs("stackid: ", stderr);
	va_start(args, format);
	stackid_plain_print(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

void stackid_say_args(const char *command, const char *format, va_list args)
{
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
