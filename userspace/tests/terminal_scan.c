// SPDX-License-Identifier: GPL-2.0
/* Bytes that a terminal would obey. */
#include "terminal_scan.h"

/* Of those that are no control characters: they turn the text's order or hide it. */
static bool is_format_control(uint32_t c)
{
	return c == 0xad || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
	       c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
	       (c >= 0xe0000 && c <= 0xe007f);
}

bool terminal_scan_byte(struct terminal_scan *scan, unsigned char byte)
{
	if (scan->left) {
		if ((byte & 0xc0) != 0x80)
			return false;
		scan->character = scan->character << 6 | (byte & 0x3f);
		if (--scan->left)
			return true;
		return scan->character >= scan->least &&
		       scan->character <= 0x10ffff &&
		       (scan->character & ~0x7ffU) != 0xd800 &&
		       scan->character >= 0xa0 &&
		       !is_format_control(scan->character);
	}
	if (byte < 0x80)
		return byte == '\n' || byte == '\t' ||
		       (byte >= ' ' && byte < 0x7f);
	if (byte < 0xc0 || byte >= 0xf8)
		return false;
	scan->left = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
	scan->character = byte & (0x3f >> scan->left);
	scan->least = scan->left == 1 ? 0x80 : scan->left == 2 ? 0x800 :
								 0x10000;
	return true;
}
