/* SPDX-License-Identifier: GPL-2.0 */
/* Bytes that a terminal would obey.  It knows nothing of the command's own ways. */
#ifndef STACKID_TERMINAL_SCAN_H
#define STACKID_TERMINAL_SCAN_H

#include <stdbool.h>
#include <stdint.h>

/* Bytes of a character that ends later, and what is known of it. */
struct terminal_scan {
	unsigned int left;
	uint32_t character;
	uint32_t least;
};

/* False if it is nothing that a text in UTF-8 may have. */
bool terminal_scan_byte(struct terminal_scan *scan, unsigned char byte);

#endif /* STACKID_TERMINAL_SCAN_H */
