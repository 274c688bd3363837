// SPDX-License-Identifier: GPL-2.0
/* From hashes to numbers. */
#include <stdlib.h>

#include "memory.h"
#include "slots.h"

#define FIRST_SLOTS	16

void stackid_slots_free(struct slots *slots)
{
	free(slots->at);
}

static void put(struct slots *slots, uint64_t slot)
{
	size_t i = slot >> 32;

	while (slots->at[i & (slots->nr - 1)])
		i++;
	slots->at[i & (slots->nr - 1)] = slot;
}

static void double_slots(struct slots *slots)
{
	struct slots old = *slots;

	slots->nr = old.nr ? 2 * old.nr : FIRST_SLOTS;
	slots->at = stackid_memory_zalloc(slots->nr, sizeof(*slots->at));
	for (size_t i = 0; i < old.nr; i++) {
		if (old.at[i])
			put(slots, old.at[i]);
	}
	stackid_slots_free(&old);
}

void stackid_slots_add(struct slots *slots, uint64_t hash, uint32_t number)
{
	if (slots->used >= slots->nr / 2)
		double_slots(slots);
	put(slots, hash >> 32 << 32 | number);
	slots->used++;
}

void stackid_slots_set(struct slots *slots, uint64_t hash, uint32_t number)
{
	for (size_t i = hash >> 32; slots->nr; i++) {
		uint64_t *slot = &slots->at[i & (slots->nr - 1)];

		if (!*slot)
			break;
		if (*slot >> 32 == hash >> 32) {
			*slot = hash | number;
			return;
		}
	}
	stackid_slots_add(slots, hash, number);
}
