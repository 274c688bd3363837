/* SPDX-License-Identifier: GPL-2.0 */
/* Regular expressions that an option names, extended ones of POSIX. */
#ifndef STACKID_PATTERNS_H
#define STACKID_PATTERNS_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

struct patterns {
	regex_t *at;
	size_t nr;
	size_t room;
};

/* OPTION_CALL's; the field is a struct patterns. */
int stackid_patterns_add(const char *arg, void *field);
/* Whether one of them matches a part of @text. */
bool stackid_patterns_match(const struct patterns *patterns, const char *text);
/* Frees what it holds, not the struct. */
void stackid_patterns_free(struct patterns *patterns);

#endif /* STACKID_PATTERNS_H */
