/* SPDX-License-Identifier: GPL-2.0 */
/* Words that an option lists. */
#ifndef STACKID_WORDS_H
#define STACKID_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct words {
	char **at;
	size_t nr;
	size_t room;
};

/* OPTION_CALL's; the field is a struct words.  "a,b" adds two. */
int stackid_words_add(const char *arg, void *field);
bool stackid_words_has(const struct words *words, const char *word);
/* Frees what it holds, not the struct. */
void stackid_words_free(struct words *words);

#endif /* STACKID_WORDS_H */
