/* SPDX-License-Identifier: GPL-2.0 */
/* Words that an option lists, and those that were meant. */
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

/* Complains of @what and the word, and says which of @nr words there are. */
void stackid_refuse_word(const char *what, const char *word,
			 const char *const *names, size_t nr);

/*
 * "a,b" of @nr names: the bits of their places, added to *@bits.  0, or -1 after what
 * stackid_refuse_word() says.
 */
int stackid_words_take_bits(const char *arg, const char *what,
			    const char *const *names, size_t nr,
			    unsigned int *bits);

/* Of @nr names the one that was probably meant, or NULL. */
const char *stackid_closest_word(const char *word, const char *const *names,
				 size_t nr);

#endif /* STACKID_WORDS_H */
