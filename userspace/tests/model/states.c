// SPDX-License-Identifier: GPL-2.0
/* The states that were seen: a hash table of 64-bit keys, which grows. */
#include <stdlib.h>
#include <string.h>

#include "explorer.h"

/* 1 GiB: what does not fit in there is too much for one scenario. */
#define MAX_SLOTS	(1UL << 26)

struct state {
	uint64_t key;
	double interleavings;
};

static struct state *states;
static size_t nr_slots, nr_used;

void states_clear(void)
{
	free(states);
	nr_slots = 1 << 12;
	nr_used = 0;
	states = calloc(nr_slots, sizeof(*states));
	if (!states)
		abort();
}

static struct state *slot_of(struct state *in, size_t nr, uint64_t key)
{
	size_t i = key & (nr - 1);

	while (in[i].key && in[i].key != key)
		i = (i + 1) & (nr - 1);
	return &in[i];
}

static bool grow(void)
{
	struct state *more;
	size_t i;

	if (nr_slots == MAX_SLOTS)
		return nr_used < nr_slots - nr_slots / 8;
	more = calloc(2 * nr_slots, sizeof(*more));
	if (!more)
		return false;
	for (i = 0; i < nr_slots; i++)
		if (states[i].key)
			*slot_of(more, 2 * nr_slots, states[i].key) = states[i];
	free(states);
	states = more;
	nr_slots *= 2;
	return true;
}

double *states_find(uint64_t key, bool *is_new)
{
	struct state *state;

	if (nr_used >= nr_slots / 2 && !grow())
		return NULL;
	key = key ?: 1;
	state = slot_of(states, nr_slots, key);
	*is_new = !state->key;
	nr_used += *is_new;
	state->key = key;
	return &state->interleavings;
}
