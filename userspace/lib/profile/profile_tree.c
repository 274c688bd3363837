// SPDX-License-Identifier: GPL-2.0
/* The tree that a profile's stacks make. */
#include <stdlib.h>

#include "profile.h"
#include "profile_tree.h"

static uint32_t step_at(const struct profile_path *path, uint32_t k)
{
	return path->first[(int64_t)k * path->step];
}

static int compare_paths(const void *a, const void *b)
{
	const struct profile_path *x = a;
	const struct profile_path *y = b;

	for (uint32_t k = 0; k < x->nr && k < y->nr; k++) {
		uint32_t f = step_at(x, k);
		uint32_t g = step_at(y, k);

		if (f != g)
			return f < g ? -1 : 1;
	}
	return (x->nr > y->nr) - (x->nr < y->nr);
}

void stackid_profile_sort_paths(struct profile_path *paths, size_t nr)
{
	if (nr)
		qsort(paths, nr, sizeof(*paths), compare_paths);
}

bool stackid_profile_next_child(const struct profile_path *paths, size_t nr,
				uint32_t depth, size_t *pos,
				struct profile_node *child)
{
	size_t i = *pos;

	/* Those that end at the parent are no child. */
	while (i < nr && paths[i].nr <= depth)
		i++;
	if (i == nr)
		return false;

	*child = (struct profile_node) {
		.paths = &paths[i],
		.function = step_at(&paths[i], depth),
	};
	for (; i < nr && step_at(&paths[i], depth) == child->function; i++) {
		const struct profile_path *path = &paths[i];

		child->nr_paths++;
		child->weight = stackid_profile_add_weights(child->weight,
							    path->weight);
		if (path->nr > depth + 1)
			continue;
		child->self_weight =
			stackid_profile_add_weights(child->self_weight,
						    path->weight);
	}
	*pos = i;
	return true;
}
