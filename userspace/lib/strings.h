/* SPDX-License-Identifier: GPL-2.0 */
/* A set of strings: equal ones become the same pointer and the same number. */
#ifndef STACKID_STRINGS_H
#define STACKID_STRINGS_H

#include <stddef.h>
#include <stdint.h>

#include "slots.h"

/* One of zeros is empty.  @texts: by number */
struct strings {
	char **texts;
	size_t nr;
	size_t room;
	struct slots slots;
};

/* Frees what it holds, not the struct. */
void stackid_strings_exit(struct strings *strings);

/* Valid until exit.  It is plain text, see plain.h. */
const char *stackid_strings_intern(struct strings *strings, const char *text);
/* *number: from 0, in the order in which they came. */
const char *stackid_strings_number(struct strings *strings, const char *text,
				   uint32_t *number);

#endif /* STACKID_STRINGS_H */
