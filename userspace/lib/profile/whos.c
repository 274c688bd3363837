// SPDX-License-Identifier: GPL-2.0
/* Whom the hits of a profile are of. */
#include <stdbool.h>
#include <stdlib.h>

#include "../array.h"
#include "../hash.h"
#include "whos.h"

static uint64_t hash_who(const struct profile_who *who)
{
	uint64_t hash = stackid_hash_mix(stackid_hash_u64((uintptr_t)who->comm),
					 (uint64_t)who->pid << 32 | who->tgid);

	return stackid_hash_mix(hash ^ who->cpu, who->time);
}

static bool is_same(const struct profile_who *a, const struct profile_who *b)
{
	return a->comm == b->comm && a->pid == b->pid && a->tgid == b->tgid &&
	       a->cpu == b->cpu && a->time == b->time;
}

static uint32_t add(struct whos *whos, const struct profile_who *who,
		    uint64_t hash)
{
	stackid_array_reserve(whos->at, whos->nr, whos->room);
	whos->last = whos->nr++;
	whos->at[whos->last] = *who;
	stackid_slots_add(&whos->slots, hash, whos->nr);
	return whos->last;
}

void stackid_whos_init(struct whos *whos)
{
	const struct profile_who nobody = { };

	*whos = (struct whos) { };
	add(whos, &nobody, hash_who(&nobody));
}

void stackid_whos_exit(struct whos *whos)
{
	free(whos->at);
	stackid_slots_free(&whos->slots);
}

uint32_t stackid_whos_find(struct whos *whos, const struct profile_who *who)
{
	uint32_t number;
	size_t step = 0;
	uint64_t hash;

	if (is_same(&whos->at[whos->last], who))
		return whos->last;
	hash = hash_who(who);
	while ((number = stackid_slots_next(&whos->slots, hash, &step))) {
		if (is_same(&whos->at[number - 1], who)) {
			whos->last = number - 1;
			return whos->last;
		}
	}
	return add(whos, who, hash);
}
