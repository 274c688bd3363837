// SPDX-License-Identifier: GPL-2.0
/* Words that an option lists, and those that were meant. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../include/edit_distance.h"
#include "array.h"
#include "complain.h"
#include "memory.h"
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

const char *stackid_closest_word(const char *word, const char *const *names,
				 size_t nr)
{
	const char *best = NULL;
	/* Half of a short word changed is another word. */
	size_t best_distance = strlen(word) > 4 ? 3 : 2;

	if (strlen(word) > EDIT_DISTANCE_MAX)
		return NULL;
	for (size_t i = 0; i < nr; i++) {
		size_t len = strlen(names[i]), d;

		if (len > EDIT_DISTANCE_MAX)
			continue;
		d = stackid_edit_distance(word, strlen(word), names[i], len);
		if (d < best_distance && d < len) {
			best_distance = d;
			best = names[i];
		}
	}
	return best;
}

void stackid_refuse_word(const char *what, const char *word,
			 const char *const *names, size_t nr)
{
	const char *closest = stackid_closest_word(word, names, nr);
	char *all;
	size_t size;
	FILE *out = stackid_memory_stream(&all, &size);

	for (size_t i = 0; i < nr; i++)
		fprintf(out, "%s%s", !i ? "" : i + 1 < nr ? ", " : " and ",
			names[i]);
	fclose(out);
	stackid_complain("%s '%s'%s%s%s; there are %s", what, word,
			 closest ? " (did you mean " : "",
			 closest ? closest : "", closest ? "?)" : "", all);
	free(all);
}

static int take_bit(const char *word, const char *what,
		    const char *const *names, size_t nr, unsigned int *bits)
{
	for (size_t i = 0; i < nr; i++) {
		if (!strcmp(word, names[i])) {
			*bits |= 1U << i;
			return 0;
		}
	}
	stackid_refuse_word(what, word, names, nr);
	return -1;
}

int stackid_words_take_bits(const char *arg, const char *what,
			    const char *const *names, size_t nr,
			    unsigned int *bits)
{
	char *copy = stackid_memory_strdup(arg);
	char *rest = copy, *word;
	int ret = 0;

	while (!ret && (word = strsep(&rest, ",")))
		ret = take_bit(word, what, names, nr, bits);
	free(copy);
	return ret;
}
