// SPDX-License-Identifier: GPL-2.0
/* When a node was hit, in slices of time. */
#include <stdlib.h>

#include "../lib/array.h"
#include "flamegraph_times.h"
#include "flamegraph_tree.h"

uint64_t stackid_flamegraph_nr_slices(const struct comparison_side *side)
{
	if (!side->quantum)
		return 0;
	return side->last / side->quantum - side->first / side->quantum + 1;
}

static int compare_slices(const void *a, const void *b)
{
	const struct flamegraph_slice *x = a;
	const struct flamegraph_slice *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

/* Of the paths that end in the node; each slice once, in the order of time. */
static size_t collect(struct flamegraph_times *times,
		      const struct profile_node *node, uint32_t depth)
{
	uint64_t quantum = times->side->quantum;
	size_t nr = 0, merged = 0;

	for (size_t i = 0; i < node->nr_paths; i++) {
		const struct profile_path *path = &node->paths[i];

		if (path->nr > depth)
			break;
		if (!path->weight)
			continue;
		stackid_array_reserve(times->slices, nr, times->room);
		times->slices[nr++] = (struct flamegraph_slice) {
			.number = path->time / quantum -
				  times->side->first / quantum,
			.weight = path->weight,
		};
	}
	if (!nr)
		return 0;
	qsort(times->slices, nr, sizeof(*times->slices), compare_slices);
	for (size_t i = 1; i < nr; i++) {
		struct flamegraph_slice *last = &times->slices[merged];
		const struct flamegraph_slice *next = &times->slices[i];

		if (next->number == last->number)
			last->weight += next->weight;
		else
			times->slices[++merged] = *next;
	}
	return merged + 1;
}

void stackid_flamegraph_add_times(struct flamegraph_times *times,
				  const struct profile_node *node,
				  uint32_t depth)
{
	uint64_t last = 0;
	size_t nr;

	if (!times->side->quantum || !node->self_weight)
		return;
	nr = collect(times, node, depth);
	times->nr += nr;
	stackid_flamegraph_add_number(&times->bytes, nr);
	for (size_t i = 0; i < nr; i++) {
		const struct flamegraph_slice *slice = &times->slices[i];

		stackid_flamegraph_add_number(&times->bytes,
					      slice->number - last);
		last = slice->number;
		/* The last one has what is left of the node's. */
		if (i + 1 < nr)
			stackid_flamegraph_add_number(&times->bytes,
						      slice->weight);
	}
}

void stackid_flamegraph_times_free(struct flamegraph_times *times)
{
	free(times->bytes.data);
	free(times->slices);
}
