/* SPDX-License-Identifier: GPL-2.0 */
/* Pieces of text; each adds to script->text. */
#ifndef STACKID_SCRIPT_TEXT_H
#define STACKID_SCRIPT_TEXT_H

#include <string.h>

#include "script_common.h"

static inline void add_text(struct script *script, const char *text, size_t len)
{
	stackid_buffer_add(&script->text, text, len);
}

static inline void add_char(struct script *script, char c)
{
	*stackid_buffer_extend(&script->text, 1) = c;
}

/*
 * Right-aligned in @width, which @fill fills; @base is a constant.  printf() is too slow
 * for these.
 */
static inline void add_number(struct script *script, uint64_t number,
			      unsigned int base, size_t width, char fill)
{
	char digits[64];
	size_t at = sizeof(digits);

	do {
		digits[--at] = "0123456789abcdef"[number % base];
		number /= base;
	} while (number);
	while (sizeof(digits) - at < width)
		digits[--at] = fill;
	add_text(script, digits + at, sizeof(digits) - at);
}

static inline void add_aligned(struct script *script, const char *text,
			       size_t width)
{
	size_t len = strlen(text);

	for (; width > len; width--)
		add_char(script, ' ');
	add_text(script, text, len);
}

#endif /* STACKID_SCRIPT_TEXT_H */
