// SPDX-License-Identifier: GPL-2.0
/* Stacks as lists of numbers. */

#include <stdlib.h>
#include <string.h>

#include "../lib/array.h"
#include "../lib/hash.h"
#include "export_stacks.h"

const uint32_t *stackid_export_stacks_get(const struct export_stacks *stacks,
					  uint32_t number, uint32_t *nr)
{
	size_t begin = number > 1 ? stacks->ends[number - 2] : 0;

	*nr = stacks->ends[number - 1] - begin;
	return stacks->numbers + begin;
}

static uint32_t add(struct export_stacks *stacks, const uint32_t *numbers,
		    uint32_t nr)
{
	size_t end = stacks->nr ? stacks->ends[stacks->nr - 1] : 0;

	if (end + nr > stacks->numbers_room) {
		stacks->numbers_room = 2 * (end + nr);
		stacks->numbers = stackid_memory_resize(stacks->numbers,
							stacks->numbers_room,
							sizeof(*numbers));
	}
	memcpy(stacks->numbers + end, numbers, nr * sizeof(*numbers));
	stackid_array_reserve(stacks->ends, stacks->nr, stacks->room);
	stacks->ends[stacks->nr++] = end + nr;
	return stacks->nr;
}

uint32_t stackid_export_stacks_number(struct export_stacks *stacks,
				      const uint32_t *numbers, uint32_t nr)
{
	uint64_t hash = stackid_hash_bytes(numbers, nr * sizeof(*numbers), 0);
	uint32_t number;
	size_t step = 0;

	while ((number = stackid_slots_next(&stacks->slots, hash, &step))) {
		uint32_t nr_old;
		const uint32_t *old = stackid_export_stacks_get(stacks, number,
								&nr_old);

		if (nr_old == nr && !memcmp(old, numbers, nr * sizeof(*old)))
			return number;
	}
	number = add(stacks, numbers, nr);
	stackid_slots_add(&stacks->slots, hash, number);
	return number;
}

void stackid_export_stacks_free(struct export_stacks *stacks)
{
	free(stacks->numbers);
	free(stacks->ends);
	stackid_slots_free(&stacks->slots);
}
