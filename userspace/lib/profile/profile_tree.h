/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tree that a profile's stacks make: an array of paths, sorted; a node is a run
 * of paths that agree in their first functions.  So nothing has to be built, and
 * nodes come in a fixed order.
 */
#ifndef STACKID_PROFILE_TREE_H
#define STACKID_PROFILE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Function k of @nr is @first[k * @step]; @step is 1, or -1 to walk back.  @before: what
 * weighs in the recording that this one is compared with; else 0.  @time:
 * of PROFILE_TIME's slice, for whoever set it
 */
struct profile_path {
	const uint32_t *first;
	int32_t step;
	uint32_t nr;
	uint64_t weight;
	uint64_t before;
	uint64_t time;
};

/* @self_weight, @self_before: of the paths that end here, the first of the run. */
struct profile_node {
	const struct profile_path *paths;
	size_t nr_paths;
	uint32_t function;
	uint64_t weight;
	uint64_t self_weight;
	uint64_t before;
	uint64_t self_before;
};

void stackid_profile_sort_paths(struct profile_path *paths, size_t nr);
/*
 * The same by function number @depth alone, which is quick: enough for the children
 * of one node, whose paths these are.
 */
void stackid_profile_sort_step(struct profile_path *paths, size_t nr,
			       uint32_t depth);

/*
 * The next child of the node that is made of @paths, which agree in their first
 * @depth functions.  *@pos begins as 0.  False after the last one.
 */
bool stackid_profile_next_child(const struct profile_path *paths, size_t nr,
				uint32_t depth, size_t *pos,
				struct profile_node *child);

/*
 * Whether all paths of @node, which agree in their first @depth functions, go on
 * into one function.  They need not be sorted.
 */
bool stackid_profile_only_child(const struct profile_node *node,
				uint32_t depth, struct profile_node *child);

#endif /* STACKID_PROFILE_TREE_H */
