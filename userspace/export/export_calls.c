// SPDX-License-Identifier: GPL-2.0
/* Who calls whom, with what it costs. */

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/array.h"
#include "../lib/hash.h"
#include "export_calls.h"

static void add(struct export_calls *calls, uint32_t caller, uint32_t callee,
		uint32_t column, uint64_t sum)
{
	uint64_t hash = stackid_hash_mix(stackid_hash_u64((uint64_t)caller << 32 |
							  callee), column);
	struct export_call *call;
	uint32_t number;
	size_t step = 0;

	while ((number = stackid_slots_next(&calls->slots, hash, &step))) {
		call = &calls->at[number - 1];
		if (call->caller != caller || call->callee != callee ||
		    call->column != column)
			continue;
		if (__builtin_add_overflow(call->sum, sum, &call->sum))
			call->sum = UINT64_MAX;
		return;
	}
	stackid_array_reserve(calls->at, calls->nr, calls->room);
	calls->at[calls->nr++] = (struct export_call) {
		.caller = caller, .callee = callee, .column = column,
		.sum = sum,
	};
	stackid_slots_add(&calls->slots, hash, calls->nr);
}

/* Whether it was not met on this stack yet. */
static bool is_first(struct export_calls *calls, uint32_t function)
{
	if (function >= calls->nr_stamps) {
		uint32_t nr = 2 * (function + 1);

		calls->stamps = stackid_memory_resize(calls->stamps, nr,
						      sizeof(*calls->stamps));
		memset(calls->stamps + calls->nr_stamps, 0,
		       (nr - calls->nr_stamps) * sizeof(*calls->stamps));
		calls->nr_stamps = nr;
	}
	if (calls->stamps[function] == calls->stamp)
		return false;
	calls->stamps[function] = calls->stamp;
	return true;
}

static void add_all(struct export_calls *calls, uint32_t caller,
		    uint32_t callee, const uint32_t *columns,
		    const uint64_t *sums, uint32_t nr_sums)
{
	for (uint32_t i = 0; i < nr_sums; i++) {
		if (sums[i])
			add(calls, caller, callee, columns[i], sums[i]);
	}
}

void stackid_export_calls_add(struct export_calls *calls,
			      const uint32_t *functions, uint32_t nr,
			      const uint32_t *columns, const uint64_t *sums,
			      uint32_t nr_sums, uint64_t hits)
{
	calls->stamp++;
	add_all(calls, functions[0], 0, columns, sums, nr_sums);
	for (uint32_t i = nr - 1; i; i--) {
		uint32_t caller = functions[i], callee = functions[i - 1];

		add(calls, caller, callee, EXPORT_CALLS_HITS, hits);
		if (is_first(calls, callee))
			add_all(calls, caller, callee, columns, sums, nr_sums);
	}
}

static int compare(const void *a, const void *b)
{
	const struct export_call *x = a;
	const struct export_call *y = b;

	if (x->caller != y->caller)
		return x->caller < y->caller ? -1 : 1;
	if (x->callee != y->callee)
		return x->callee < y->callee ? -1 : 1;
	return (x->column > y->column) - (x->column < y->column);
}

void stackid_export_calls_sort(struct export_calls *calls)
{
	if (calls->nr)
		qsort(calls->at, calls->nr, sizeof(*calls->at), compare);
}

void stackid_export_calls_free(struct export_calls *calls)
{
	free(calls->at);
	free(calls->stamps);
	stackid_slots_free(&calls->slots);
}
