// SPDX-License-Identifier: GPL-2.0
/* Words that an option lists. */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "words.h"

int stackid_words_add(const char *arg, void *field)
{
	struct words *words = field;
	char *copy = stackid_memory_strdup(arg);
	char *rest = copy, *word;

	while ((word = strsep(&rest, ","))) {
		stackid_array_reserve(words->at, words->nr, words->room);
		words->at[words->nr++] = stackid_memory_strdup(word);
	}
	free(copy);
	return 0;
}

bool stackid_words_has(const struct words *words, const char *word)
{
	for (size_t i = 0; i < words->nr; i++) {
		if (!strcmp(words->at[i], word))
			return true;
	}
	return false;
}

void stackid_words_free(struct words *words)
{
	for (size_t i = 0; i < words->nr; i++)
		free(words->at[i]);
	free(words->at);
}
