/* SPDX-License-Identifier: GPL-2.0 */
/* What -g says of the call trees. */
#ifndef STACKID_REPORT_GRAPH_H
#define STACKID_REPORT_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

enum graph_type {
	GRAPH_TREE,		/* shares of the whole */
	GRAPH_FRACTAL,		/* shares of what is above */
	GRAPH_FLAT,		/* each path by itself */
	GRAPH_FOLDED,		/* the same in one line */
	GRAPH_NONE,
};

enum graph_value {
	GRAPH_PERCENT,
	GRAPH_PERIOD,		/* the sum of the weights */
	GRAPH_COUNT,		/* hits */
};

/**
 * struct graph - the words of -g
 * @order:  "caller" or "callee", or NULL
 * @limit:  in percent, negative if it is not named
 * @most:   branches of a node, or paths; 0 for all
 */
struct graph {
	enum graph_type type;
	enum graph_value value;
	const char *order;
	double limit;
	uint64_t most;
};

/* "graph,0.5,10,caller,function,percent" or a part of it; -1 after a complaint. */
int stackid_graph_parse(const char *text, struct graph *graph);

#endif /* STACKID_REPORT_GRAPH_H */
