/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of stackid flamegraph share. */
#ifndef STACKID_FLAMEGRAPH_COMMON_H
#define STACKID_FLAMEGRAPH_COMMON_H

#include <stdbool.h>
#include <stdio.h>

#include "../comparison.h"

/*
 * Where nothing is compared the only side is number 0.  @unit: of the weights if they
 * are not those of the file's events; else NULL
 */
struct flamegraph {
	struct comparison comparison;
	const char *unit;
	bool weigh;
	FILE *out;
};

static inline bool flamegraph_compares(const struct flamegraph *graph)
{
	return graph->comparison.nr_sides > 1;
}

/* The side whose recording is the one that is shown. */
static inline const struct comparison_side *
flamegraph_shown(const struct flamegraph *graph)
{
	return &graph->comparison.sides[graph->comparison.nr_sides - 1];
}

static inline bool flamegraph_shows(const struct flamegraph *graph,
				    const struct comparison_event *event)
{
	return stackid_comparison_sum(&graph->comparison, event, 0).weight ||
	       stackid_comparison_sum(&graph->comparison, event, 1).weight;
}

#endif /* STACKID_FLAMEGRAPH_COMMON_H */
