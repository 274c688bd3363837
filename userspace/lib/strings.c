// SPDX-License-Identifier: GPL-2.0
/* A set of strings: open addressing, at most half full. */
#include <stdint.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "memory.h"
#include "strings.h"

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
		free((void *)strings->slots[i]);
	free(strings->slots);
}

static const char **find_slot(const struct strings *strings, const char *text)
{
	size_t i = stackid_hash_bytes(text, strlen(text), 0);

	for (;; i++) {
		const char **slot = &strings->slots[i &
						    (strings->nr_slots - 1)];

		if (!*slot || !strcmp(*slot, text))
			return slot;
	}
}

static void double_slots(struct strings *strings)
{
	const char **old = strings->slots;
	size_t nr_old = strings->nr_slots;

	strings->nr_slots *= 2;
	strings->slots = stackid_memory_zalloc(strings->nr_slots, sizeof(*old));
	for (size_t i = 0; i < nr_old; i++) {
		if (old[i])
			*find_slot(strings, old[i]) = old[i];
	}
	free(old);
}

/* Bytes of the control character that begins here, 0 if it is none. */
static size_t control_length(const char *c)
{
	const unsigned char *u = (const unsigned char *)c;

	if (*u < ' ' || *u == 0x7f)
		return 1;
	/* U+0080 to U+009F, in UTF-8. */
	return u[0] == 0xc2 && u[1] >= 0x80 && u[1] < 0xa0 ? 2 : 0;
}

static bool is_clean(const char *text)
{
	for (; *text; text++) {
		if (control_length(text))
			return false;
	}
	return true;
}

static void clean(char *text)
{
	while (*text) {
		size_t length = control_length(text);

		memset(text, '?', length);
		text += length ? length : 1;
	}
}

static const char *intern(struct strings *strings, const char *text)
{
	const char **slot = find_slot(strings, text);

	if (*slot)
		return *slot;
	if (strings->nr >= strings->nr_slots / 2) {
		double_slots(strings);
		slot = find_slot(strings, text);
	}
	strings->nr++;
	return *slot = stackid_memory_strdup(text);
}

const char *stackid_strings_intern(struct strings *strings, const char *text)
{
	const char *known;
	char *copy;

	if (is_clean(text))
		return intern(strings, text);
	copy = stackid_memory_strdup(text);
	clean(copy);
	known = intern(strings, copy);
	free(copy);
	return known;
}
