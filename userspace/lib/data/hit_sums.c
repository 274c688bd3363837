// SPDX-License-Identifier: GPL-2.0
/* A hash table of hits that are equal. */
#include <stdbool.h>
#include <stdlib.h>

#include "../array.h"
#include "../hash.h"
#include "hit_sums.h"

static uint64_t hash_hits(const struct hit_sum *of)
{
	uint64_t who = (uint64_t)of->cpu << 32 | of->pid;
	uint64_t hash = stackid_hash_mix(stackid_hash_u64(of->w0), who);

	/* The generation's low bits are in w0. */
	return of->time ? stackid_hash_mix(hash, of->time) : hash;
}

static bool is_same(const struct hit_sum *a, const struct hit_sum *b)
{
	return a->w0 == b->w0 && a->pid == b->pid && a->cpu == b->cpu &&
	       a->time == b->time && a->generation == b->generation;
}

void stackid_hit_sums_add(struct hit_sums *sums, const struct hit_sum *of)
{
	uint64_t hash = hash_hits(of);
	uint32_t number;
	size_t step = 0;

	while ((number = stackid_slots_next(&sums->slots, hash, &step))) {
		struct hit_sum *sum = &sums->at[number - 1];

		if (is_same(sum, of)) {
			sum->nr += of->nr;
			return;
		}
	}
	stackid_array_reserve(sums->at, sums->nr, sums->room);
	sums->at[sums->nr++] = *of;
	stackid_slots_add(&sums->slots, hash, sums->nr);
}

void stackid_hit_sums_clear(struct hit_sums *sums)
{
	free(sums->at);
	stackid_slots_free(&sums->slots);
	*sums = (struct hit_sums) { };
}
