// SPDX-License-Identifier: GPL-2.0
/* A set of strings. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "hash.h"
#include "plain.h"
#include "strings.h"

void stackid_strings_exit(struct strings *strings)
{
	for (size_t i = 0; i < strings->nr; i++)
		free(strings->texts[i]);
	free(strings->texts);
	stackid_slots_free(&strings->slots);
}

static uint32_t intern(struct strings *strings, const char *text)
{
	uint64_t hash = stackid_hash_bytes(text, strlen(text), 0);
	uint32_t number;
	size_t step = 0;

	while ((number = stackid_slots_next(&strings->slots, hash, &step))) {
		if (!strcmp(strings->texts[number - 1], text))
			return number - 1;
	}
	stackid_array_reserve(strings->texts, strings->nr, strings->room);
	strings->texts[strings->nr++] = stackid_memory_strdup(text);
	stackid_slots_add(&strings->slots, hash, strings->nr);
	return strings->nr - 1;
}

static bool is_plain(const char *text)
{
	while (*text) {
		size_t length = stackid_plain_length(text);

		if (!length)
			return false;
		text += length;
	}
	return true;
}

const char *stackid_strings_number(struct strings *strings, const char *text,
				   uint32_t *number)
{
	char *copy;

	if (is_plain(text)) {
		*number = intern(strings, text);
	} else {
		copy = stackid_memory_strdup(text);
		stackid_plain_make(copy);
		*number = intern(strings, copy);
		free(copy);
	}
	return strings->texts[*number];
}

const char *stackid_strings_intern(struct strings *strings, const char *text)
{
	uint32_t number;

	return stackid_strings_number(strings, text, &number);
}
