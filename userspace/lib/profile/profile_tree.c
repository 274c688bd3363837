// SPDX-License-Identifier: GPL-2.0
/* The tree that a profile's stacks make. */
#include <stdlib.h>

#include "../memory.h"
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

static int compare_places(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

void stackid_profile_sort_step(struct profile_path *paths, size_t nr,
			       uint32_t depth)
{
	struct profile_path *copy;
	uint64_t *places;

	if (nr < 2)
		return;
	/* Those that end first, then by function: above it, where it was. */
	places = stackid_memory_resize(NULL, nr, sizeof(*places));
	copy = stackid_memory_resize(NULL, nr, sizeof(*copy));
	for (size_t i = 0; i < nr; i++) {
		copy[i] = paths[i];
		places[i] = i;
		if (paths[i].nr > depth)
			places[i] |= (step_at(&paths[i], depth) + 1ULL) << 32;
	}
	qsort(places, nr, sizeof(*places), compare_places);
	for (size_t i = 0; i < nr; i++)
		paths[i] = copy[(uint32_t)places[i]];
	free(copy);
	free(places);
}

bool stackid_profile_only_child(const struct profile_node *node,
				uint32_t depth, struct profile_node *child)
{
	struct profile_node all = *node;

	all.weight = 0;
	all.self_weight = 0;
	for (size_t i = 0; i < node->nr_paths; i++) {
		const struct profile_path *path = &node->paths[i];

		if (path->nr <= depth)
			return false;
		if (!i)
			all.function = step_at(path, depth);
		else if (step_at(path, depth) != all.function)
			return false;
		all.weight = stackid_profile_add_weights(all.weight,
							 path->weight);
		if (path->nr == depth + 1)
			all.self_weight =
				stackid_profile_add_weights(all.self_weight,
							    path->weight);
	}
	if (!node->nr_paths)
		return false;
	*child = all;
	return true;
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
		child->before = stackid_profile_add_weights(child->before,
							    path->before);
		if (path->nr > depth + 1)
			continue;
		child->self_weight =
			stackid_profile_add_weights(child->self_weight,
						    path->weight);
		child->self_before =
			stackid_profile_add_weights(child->self_before,
						    path->before);
	}
	*pos = i;
	return true;
}
