// SPDX-License-Identifier: GPL-2.0
/* Waits added up. */
#include <stdlib.h>
#include <string.h>

#include "../lib/array.h"
#include "../lib/hash.h"
#include "offcpu_sums.h"

void stackid_offcpu_sums_free(struct offcpu_sums *sums)
{
	free(sums->at);
	stackid_slots_free(&sums->slots);
}

static uint64_t hash_of(const struct offcpu_sum *key)
{
	/* Equal names are equal pointers. */
	uint64_t hash = stackid_hash_mix(stackid_hash_u64((uintptr_t)key->comm),
					 (uintptr_t)key->waker);

	hash = stackid_hash_mix(hash, (uint64_t)key->stack << 32 |
				      key->waker_stack);
	return stackid_hash_mix(hash, key->pid);
}

static bool same(const struct offcpu_sum *a, const struct offcpu_sum *b)
{
	return a->comm == b->comm && a->waker == b->waker && a->pid == b->pid &&
	       a->stack == b->stack && a->waker_stack == b->waker_stack;
}

static struct offcpu_sum *find(struct offcpu_sums *sums,
			       const struct offcpu_sum *key)
{
	uint64_t hash = hash_of(key);
	uint32_t number;
	size_t step = 0;

	while ((number = stackid_slots_next(&sums->slots, hash, &step))) {
		if (same(&sums->at[number - 1], key))
			return &sums->at[number - 1];
	}
	stackid_array_reserve(sums->at, sums->nr, sums->room);
	sums->at[sums->nr++] = *key;
	stackid_slots_add(&sums->slots, hash, sums->nr);
	return &sums->at[sums->nr - 1];
}

void stackid_offcpu_sums_add(struct offcpu_sums *sums,
			     const struct offcpu_sum *key,
			     const struct wait *wait)
{
	struct offcpu_sum *sum = find(sums, key);

	sum->nr++;
	sum->blocked += offcpu_blocked(wait);
	sum->waiting += offcpu_waiting(wait);
	if (offcpu_whole(wait) > sum->longest)
		sum->longest = offcpu_whole(wait);
}

static int compare(const void *a, const void *b)
{
	const struct offcpu_sum *x = a, *y = b;
	uint64_t time_x = x->blocked + x->waiting;
	uint64_t time_y = y->blocked + y->waiting;
	int order = (time_x < time_y) - (time_x > time_y);

	if (!order && x->comm && y->comm)
		order = strcmp(x->comm, y->comm);
	if (!order && x->waker && y->waker)
		order = strcmp(x->waker, y->waker);
	if (!order)
		order = (x->pid > y->pid) - (x->pid < y->pid);
	if (!order)
		order = (x->stack > y->stack) - (x->stack < y->stack);
	if (!order)
		order = (x->waker_stack > y->waker_stack) -
			(x->waker_stack < y->waker_stack);
	return order;
}

void stackid_offcpu_sums_sort(struct offcpu_sums *sums)
{
	if (sums->nr)
		qsort(sums->at, sums->nr, sizeof(*sums->at), compare);
}
