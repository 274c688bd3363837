/* SPDX-License-Identifier: GPL-2.0 */
/* The stacks of an event, those of one name of a thread at a time. */
#ifndef STACKID_FLAMEGRAPH_NAMES_H
#define STACKID_FLAMEGRAPH_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../comparison.h"
#include "../lib/profile/profile_tree.h"

struct flamegraph_cell {
	const struct profile_cell *cell;
	const struct profile_who *who;
	unsigned int side;
};

/**
 * struct flamegraph_names - where it is
 * @comm:     the name
 * @paths:    its stacks, sorted; @nr_paths of them
 * @cells:    of the event, by name; @next is the first of the next name
 */
struct flamegraph_names {
	const char *comm;
	struct profile_path *paths;
	size_t nr_paths;
	const struct comparison *comparison;
	struct flamegraph_cell *cells;
	size_t nr_cells;
	size_t next;
};

void stackid_flamegraph_names_begin(struct flamegraph_names *names,
				    const struct comparison *comparison,
				    const struct comparison_event *event);
/*
 * False after the last one: then it holds nothing.  One that weighs 0 is none.  Where
 * there are two sides the first one's weights are its paths' .before.
 */
bool stackid_flamegraph_names_next(struct flamegraph_names *names);

#endif /* STACKID_FLAMEGRAPH_NAMES_H */
