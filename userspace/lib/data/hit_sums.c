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
	/* The generation's low bits are in w0.  Nobody knows the seed. */
	uint64_t hash = of->w0 + who * (stackid_hash_seed | 1);

	return stackid_hash_u64(of->time ? stackid_hash_mix(hash, of->time) : hash);
}

static bool is_same(const struct hit_sum *a, const struct hit_sum *b)
{
	return a->w0 == b->w0 && a->pid == b->pid && a->cpu == b->cpu &&
	       a->time == b->time && a->generation == b->generation;
}

static void add(struct hit_sums *sums, const struct hit_sum *of, uint64_t hash)
{
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

/*
 * Most of the time goes by waiting for memory: so each round asks for what the next one
 * needs, of all of them, before any is waited for.
 */
void stackid_hit_sums_add(struct hit_sums *sums, const struct hit_sum *of,
			  size_t nr)
{
	uint64_t hashes[MOST_ADDED];
	uint32_t number;
	size_t step;

	for (size_t i = 0; i < nr; i++) {
		hashes[i] = hash_hits(&of[i]);
		stackid_slots_expect(&sums->slots, hashes[i]);
	}
	for (size_t i = 0; i < nr; i++) {
		step = 0;
		number = stackid_slots_next(&sums->slots, hashes[i], &step);
		if (number)
			__builtin_prefetch(&sums->at[number - 1], 1);
	}
	for (size_t i = 0; i < nr; i++)
		add(sums, &of[i], hashes[i]);
}

void stackid_hit_sums_clear(struct hit_sums *sums)
{
	free(sums->at);
	stackid_slots_free(&sums->slots);
	*sums = (struct hit_sums) { };
}
