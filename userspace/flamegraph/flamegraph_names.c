// SPDX-License-Identifier: GPL-2.0
/* The stacks of an event, those of one name of a thread at a time. */
#include <stdlib.h>
#include <string.h>

#include "../lib/memory.h"
#include "flamegraph_names.h"

static int compare_cells(const void *a, const void *b)
{
	const struct flamegraph_cell *x = a;
	const struct flamegraph_cell *y = b;
	int order = strcmp(x->who->comm, y->who->comm);

	if (!order)
		order = (x->side > y->side) - (x->side < y->side);
	/* Cells of a side lie in one array. */
	return order ? order : (x->cell > y->cell) - (x->cell < y->cell);
}

void stackid_flamegraph_names_begin(struct flamegraph_names *names,
				    const struct comparison *comparison,
				    const struct comparison_event *event)
{
	size_t nr = 0;

	for (unsigned int i = 0; i < comparison->nr_sides; i++)
		nr += stackid_profile_nr_cells(comparison->sides[i].profile);
	*names = (struct flamegraph_names) {
		.comparison = comparison,
		.cells = stackid_memory_resize(NULL, nr, sizeof(*names->cells)),
		.paths = stackid_memory_resize(NULL, nr, sizeof(*names->paths)),
	};
	for (unsigned int i = 0; i < comparison->nr_sides; i++) {
		const struct profile *profile = comparison->sides[i].profile;

		for (size_t k = 0; k < stackid_profile_nr_cells(profile); k++) {
			const struct profile_cell *cell =
				stackid_profile_cell(profile, k);

			if (cell->event != event->number[i])
				continue;
			names->cells[names->nr_cells++] =
				(struct flamegraph_cell) {
					.cell = cell,
					.who = stackid_profile_who(profile, cell),
					.side = i,
				};
		}
	}
	if (names->nr_cells)
		qsort(names->cells, names->nr_cells, sizeof(*names->cells),
		      compare_cells);
}

static struct profile_path path_of(const struct comparison *comparison,
				   const struct flamegraph_cell *of)
{
	bool before = of->side + 1 < comparison->nr_sides;
	struct profile_path path = {
		.step = 1,
		.weight = before ? 0 : of->cell->weight,
		.before = before ? of->cell->weight : 0,
		.time = of->who->time,
	};

	path.first = stackid_profile_stack(comparison->sides[of->side].profile,
					   of->cell, &path.nr);
	return path;
}

/* The paths of the next name; their weight. */
static uint64_t collect_paths(struct flamegraph_names *names)
{
	uint64_t weight = 0;

	names->comm = NULL;
	names->nr_paths = 0;
	for (; names->next < names->nr_cells; names->next++) {
		const struct flamegraph_cell *of = &names->cells[names->next];

		if (names->comm && strcmp(names->comm, of->who->comm))
			break;
		names->comm = of->who->comm;
		names->paths[names->nr_paths++] =
			path_of(names->comparison, of);
		weight = stackid_profile_add_weights(weight, of->cell->weight);
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
