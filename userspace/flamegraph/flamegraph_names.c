// SPDX-License-Identifier: GPL-2.0
/* The stacks of an event, those of one name of a thread at a time. */
#include <stdlib.h>
#include <string.h>

#include "../lib/memory.h"
#include "flamegraph_names.h"

static int compare_cells(const void *a, const void *b, void *profile)
{
	uint32_t x = *(const uint32_t *)a;
	uint32_t y = *(const uint32_t *)b;
	int order = strcmp(stackid_profile_cell(profile, x)->comm,
			   stackid_profile_cell(profile, y)->comm);

	return order ? order : (x > y) - (x < y);
}

void stackid_flamegraph_names_begin(struct flamegraph_names *names,
				    const struct profile *profile,
				    unsigned int event)
{
	size_t nr = stackid_profile_nr_cells(profile);

	*names = (struct flamegraph_names) {
		.profile = profile,
		.cells = stackid_memory_resize(NULL, nr, sizeof(*names->cells)),
		.paths = stackid_memory_resize(NULL, nr, sizeof(*names->paths)),
	};
	for (size_t i = 0; i < nr; i++) {
		if (stackid_profile_cell(profile, i)->event == event)
			names->cells[names->nr_cells++] = i;
	}
	qsort_r(names->cells, names->nr_cells, sizeof(*names->cells),
		compare_cells, (void *)profile);
}

/* The paths of the next name; their weight. */
static uint64_t collect_paths(struct flamegraph_names *names)
{
	uint64_t weight = 0;

	names->comm = NULL;
	names->nr_paths = 0;
	for (; names->next < names->nr_cells; names->next++) {
		const struct profile_cell *cell =
			stackid_profile_cell(names->profile,
					     names->cells[names->next]);
		struct profile_path *path = &names->paths[names->nr_paths];

		if (names->comm && strcmp(names->comm, cell->comm))
			break;
		names->comm = cell->comm;
		path->first = stackid_profile_stack(names->profile, cell,
						    &path->nr);
		path->step = 1;
		path->weight = cell->weight;
		weight = stackid_profile_add_weights(weight, cell->weight);
		names->nr_paths++;
	}
	stackid_profile_sort_paths(names->paths, names->nr_paths);
	return weight;
}

bool stackid_flamegraph_names_next(struct flamegraph_names *names)
{
	while (names->next < names->nr_cells) {
		if (collect_paths(names))
			return true;
	}
	free(names->cells);
	free(names->paths);
	return false;
}
