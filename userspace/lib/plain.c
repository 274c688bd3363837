// SPDX-License-Identifier: GPL-2.0
/* Plain text: what a terminal shows and does not obey. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "plain.h"

/* Sorted; from C1 on they are Unicode's format controls and noncharacters. */
static const struct {
	uint32_t first;
	uint32_t last;
} obeyed[] = {
	{ 0x0000, 0x001f },
	{ 0x007f, 0x009f },
	{ 0x00ad, 0x00ad },
	{ 0x061c, 0x061c },
	{ 0x180e, 0x180e },
	{ 0x200b, 0x200f },
	{ 0x2028, 0x202e },
	{ 0x2060, 0x206f },
	{ 0xfeff, 0xfeff },
	{ 0xfff0, 0xfffb },
	{ 0xfffe, 0xffff },
	{ 0x1d173, 0x1d17a },
	{ 0xe0000, 0xe0fff },
};

/* The NUL at the end of @string is no tail. */
size_t stackid_plain_decode(const char *string, uint32_t *character)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *text = (const unsigned char *)string;
	uint32_t c = *text;
	size_t length = c < 0x80 ? 1 : (c & 0xe0) == 0xc0 ? 2 :
			(c & 0xf0) == 0xe0 ? 3 : (c & 0xf8) == 0xf0 ? 4 : 0;

	if (length > 1)
		c &= 0x7f >> length;
	for (size_t i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (text[i] & 0x3f);
	}
	/* Longer than need be, a surrogate, or beyond the last one. */
	if (!length || c < least[length] || (c >= 0xd800 && c < 0xe000) ||
	    c > 0x10ffff)
		return 0;
	*character = c;
	return length;
}

size_t stackid_plain_length(const char *text)
{
	uint32_t c;
	size_t length = stackid_plain_decode(text, &c);

	for (size_t i = 0; length && i < ARRAY_SIZE(obeyed); i++) {
		if (c < obeyed[i].first)
			break;
		if (c <= obeyed[i].last)
			return 0;
	}
	return length;
}

void stackid_plain_make(char *text)
{
	char *to = text;

	while (*text) {
		uint32_t c;
		size_t length = stackid_plain_length(text);

		if (length) {
			memmove(to, text, length);
			to += length;
			text += length;
			continue;
		}
		*to++ = '?';
		length = stackid_plain_decode(text, &c);
		text += length ? length : 1;
	}
	*to = '\0';
}

void stackid_plain_print(FILE *out, const char *format, va_list args)
{
	va_list again;
	char *text;
	int length;

	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	text = length < 0 ? NULL : malloc(length + 1);
	if (!text) {
		fputs("out of memory", out);
		return;
	}
	vsnprintf(text, length + 1, format, args);
	stackid_plain_make(text);
	fputs(text, out);
	free(text);
}
