// SPDX-License-Identifier: GPL-2.0
/* Renames of a thread, the latest first. */
#include <stdlib.h>

#include "../array.h"
#include "../hash.h"
#include "renames.h"

/* 48 MiB of them. */
#define MOST_RENAMES	1000000
/* It takes a second to go so many. */
#define MOST_STEPS	200000000ULL

void stackid_renames_free(struct renames *renames)
{
	free(renames->at);
	stackid_slots_free(&renames->latest);
	*renames = (struct renames) { };
}

static bool is_before(const struct rename_place *a,
		      const struct rename_place *b)
{
	/* What is counted from a rename on begins at its place. */
	if (a->cpu == b->cpu)
		return a->sequence <= b->sequence;
	return a->time != b->time ? a->time < b->time : a->cpu < b->cpu;
}

bool stackid_renames_add(struct renames *renames, const struct rename *rename)
{
	uint64_t hash = stackid_hash_u32(rename->pid);
	uint32_t latest = stackid_slots_get(&renames->latest, hash);
	uint32_t after = 0, number;
	struct rename *new;

	if (renames->nr >= MOST_RENAMES)
		return false;
	/* The first one has no number. */
	if (!renames->nr)
		renames->nr = 1;
	stackid_array_reserve(renames->at, renames->nr, renames->room);
	number = renames->nr++;
	new = &renames->at[number];
	*new = *rename;
	new->before = latest;
	while (new->before &&
	       is_before(&new->place, &renames->at[new->before].place)) {
		after = new->before;
		new->before = renames->at[after].before;
		renames->steps++;
	}
	if (latest)
		new->mixed = renames->at[latest].mixed ||
			     renames->at[latest].place.cpu != new->place.cpu;
	if (after) {
		renames->at[after].before = number;
		renames->at[latest].mixed = new->mixed;
	} else {
		stackid_slots_set(&renames->latest, hash, number);
	}
	return true;
}

bool stackid_renames_has(const struct renames *renames, uint32_t pid)
{
	return stackid_slots_get(&renames->latest, stackid_hash_u32(pid));
}

bool stackid_renames_need_time(const struct renames *renames, uint32_t pid,
			       uint32_t cpu)
{
	uint32_t latest = stackid_slots_get(&renames->latest,
					    stackid_hash_u32(pid));

	return latest && (renames->at[latest].mixed ||
			  renames->at[latest].place.cpu != cpu);
}

const struct rename *stackid_renames_find(struct renames *renames, uint32_t pid,
					  const struct rename_place *from,
					  const struct rename_place *to,
					  bool *apart)
{
	uint32_t number = stackid_slots_get(&renames->latest,
					    stackid_hash_u32(pid));

	*apart = false;
	while (number) {
		const struct rename *rename = &renames->at[number];

		if (is_before(&rename->place, from))
			return rename;
		if (is_before(&rename->place, to))
			*apart = true;
		number = rename->before;
		renames->steps++;
	}
	return NULL;
}

bool stackid_renames_is_slow(const struct renames *renames)
{
	return renames->steps > MOST_STEPS;
}
