// SPDX-License-Identifier: GPL-2.0
/* Why a write was refused, in words for error_log. */
#include <linux/kernel.h>

#include "refusal.h"

int stackid_refuse(struct refusal *why, int error, int caret,
		   const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	why->caret = caret;
	return error;
}
