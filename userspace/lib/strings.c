// SPDX-License-Identifier: GPL-2.0
/* A set of strings: open addressing, at most half full. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "memory.h"
#include "plain.h"
#include "strings.h"

/* @text: NULL is an empty slot. */
struct string_slot {
	char *text;
	uint32_t number;
};

void stackid_strings_init(struct strings *strings)
{
	strings->nr = 0;
	strings->nr_slots = 256;
	strings->slots = stackid_memory_zalloc(strings->nr_slots,
					       sizeof(*strings->slots));
}

void stackid_strings_exit(struct strings *strings)
{
	for (size_t i = 0; i < strings->nr_slots; i++)
		free(strings->slots[i].text);
	free(strings->slots);
}

static struct string_slot *find_slot(const struct strings *strings,
				     const char *text)
{
	size_t i = stackid_hash_bytes(text, strlen(text), 0);

	for (;; i++) {
		struct string_slot *slot =
			&strings->slots[i & (strings->nr_slots - 1)];

		if (!slot->text || !strcmp(slot->text, text))
			return slot;
	}
}

static void double_slots(struct strings *strings)
{
	struct string_slot *old = strings->slots;
	size_t nr_old = strings->nr_slots;

	strings->nr_slots *= 2;
	strings->slots = stackid_memory_zalloc(strings->nr_slots, sizeof(*old));
	for (size_t i = 0; i < nr_old; i++) {
		if (old[i].text)
			*find_slot(strings, old[i].text) = old[i];
	}
	free(old);
}

static const struct string_slot *intern(struct strings *strings,
					const char *text)
{
	struct string_slot *slot = find_slot(strings, text);

	if (slot->text)
		return slot;
	if (strings->nr >= strings->nr_slots / 2) {
		double_slots(strings);
		slot = find_slot(strings, text);
	}
	slot->text = stackid_memory_strdup(text);
	slot->number = strings->nr++;
	return slot;
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
	const struct string_slot *slot;
	char *copy;

	if (is_plain(text)) {
		slot = intern(strings, text);
	} else {
		copy = stackid_memory_strdup(text);
		stackid_plain_make(copy);
		slot = intern(strings, copy);
		free(copy);
	}
	*number = slot->number;
	return slot->text;
}

const char *stackid_strings_intern(struct strings *strings, const char *text)
{
	uint32_t number;

	return stackid_strings_number(strings, text, &number);
}
