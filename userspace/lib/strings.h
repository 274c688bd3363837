/* SPDX-License-Identifier: GPL-2.0 */
/* A set of strings: equal ones become the same pointer. */
#ifndef STACKID_STRINGS_H
#define STACKID_STRINGS_H

#include <stddef.h>

struct strings {
	const char **slots;
	size_t nr_slots;
	size_t nr;
};

void stackid_strings_init(struct strings *strings);
void stackid_strings_exit(struct strings *strings);

/*
 * Valid until exit.  Control characters become "?": threads choose their names,
 * files come from anybody, and both end up on terminals.
 */
const char *stackid_strings_intern(struct strings *strings, const char *text);

#endif /* STACKID_STRINGS_H */
