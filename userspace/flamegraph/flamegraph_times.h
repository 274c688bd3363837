/* SPDX-License-Identifier: GPL-2.0 */
/* When a node was hit, in slices of time. */
#ifndef STACKID_FLAMEGRAPH_TIMES_H
#define STACKID_FLAMEGRAPH_TIMES_H

#include <stddef.h>
#include <stdint.h>

#include "../comparison.h"
#include "../lib/buffer.h"
#include "../lib/profile/profile_tree.h"

struct flamegraph_slice {
	uint64_t number;
	uint64_t weight;
};

/**
 * struct flamegraph_times - of one event's tree
 * @side:   of its quantum and first event; one without quantum has no times
 * @bytes:  as page_data.js says; one of zeros is empty
 * @nr:     slices that are in there
 * @slices: of the node at hand
 */
struct flamegraph_times {
	const struct comparison_side *side;
	struct buffer bytes;
	size_t nr;
	struct flamegraph_slice *slices;
	size_t room;
};

/* Slices from the first event to the last; 0 where there are none. */
uint64_t stackid_flamegraph_nr_slices(const struct comparison_side *side);

/* A node's, if something ends in it.  @depth: how many functions its paths share. */
void stackid_flamegraph_add_times(struct flamegraph_times *times,
				  const struct profile_node *node,
				  uint32_t depth);
/* Frees what it holds, not the struct. */
void stackid_flamegraph_times_free(struct flamegraph_times *times);

#endif /* STACKID_FLAMEGRAPH_TIMES_H */
