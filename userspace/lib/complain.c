// SPDX-License-Identifier: GPL-2.0
/* Sentences on stderr. */
#include <stdio.h>

#include "complain.h"
#include "plain.h"

static FILE *elsewhere;

void stackid_complain_into(FILE *out)
{
	elsewhere = out;
}

void stackid_complain(const char *format, ...)
{
	FILE *out = elsewhere ? elsewhere : stderr;
	va_list args;

	fflush(stdout);
	fputs("stackid: ", out);
	va_start(args, format);
	stackid_plain_print(out, format, args);
	va_end(args);
	fputc('\n', out);
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
