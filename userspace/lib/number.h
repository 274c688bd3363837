/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers as people write them: decimal, or 0x. */
#ifndef STACKID_NUMBER_H
#define STACKID_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * *@end is behind the number with which @text begins; or it is @text, and false is
 * returned, if there is none or it has more than 64 bits.
 */
bool stackid_number_begins(const char *text, const char **end,
			   uint64_t *number);

/* 0, or -1 after a complaint that names @what. */
int stackid_parse_number(const char *text, const char *what, uint64_t *number);

#endif /* STACKID_NUMBER_H */
