// SPDX-License-Identifier: GPL-2.0
/* The call paths below a row, each by itself. */

#include <stdio.h>
#include <stdlib.h>

#include "../lib/memory.h"
#include "../lib/profile/profile_tree.h"
#include "report_paths.h"
#include "report_tree.h"

static bool same_path(const struct profile_path *a, const struct profile_path *b)
{
	if (a->nr != b->nr)
		return false;
	for (uint32_t k = 0; k < a->nr; k++) {
		if (a->first[(int64_t)k * a->step] !=
		    b->first[(int64_t)k * b->step])
			return false;
	}
	return true;
}

/* Equal ones follow each other: they become one.  Returns how many are left. */
static uint32_t join(struct profile_path *paths, uint32_t nr)
{
	uint32_t left = 0;

	for (uint32_t i = 0; i < nr; i++) {
		struct profile_path *last = &paths[left - 1];

		if (left && same_path(last, &paths[i]))
			last->weight = stackid_profile_add_weights(last->weight,
								   paths[i].weight);
		else
			paths[left++] = paths[i];
	}
	return left;
}

/* Those that weigh the same stay in the order of their names. */
static int compare_weights(const void *a, const void *b)
{
	const struct profile_path *x = *(const struct profile_path *const *)a;
	const struct profile_path *y = *(const struct profile_path *const *)b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return (x > y) - (x < y);
}

static void print_path(struct report *report, const struct profile_path *path)
{
	struct report_line *line = &report->line;
	bool folded = report->graph.type == GRAPH_FOLDED;

	if (!folded)
		stackid_line_add(line, "%11s", "");
	stackid_tree_add_value(report, path->weight,
			       report_graph_whole(report));
	if (!folded)
		stackid_line_end(line);
	for (uint32_t k = 0; k < path->nr; k++) {
		uint32_t function = path->first[(int64_t)k * path->step];
		const char *name = stackid_profile_function(report->profile,
							    function)->name;

		if (folded) {
			stackid_line_add(line, "%s%s", k ? ";" : " ", name);
		} else {
			stackid_line_add(line, "%16s%s", "", name);
			stackid_line_end(line);
		}
	}
	stackid_line_end(line);
}

void stackid_paths_print(struct report *report, const struct rows *rows,
			 const struct row *row)
{
	struct profile_path *paths = stackid_tree_paths(rows, row);
	const struct profile_path **order;
	uint64_t most = report->graph.most;
	uint32_t nr;

	if (!paths)
		return;
	stackid_profile_sort_paths(paths, row->nr_parts);
	nr = join(paths, row->nr_parts);
	order = stackid_memory_resize(NULL, nr, sizeof(*order));
	for (uint32_t i = 0; i < nr; i++)
		order[i] = &paths[i];
	qsort(order, nr, sizeof(*order), compare_weights);
	for (uint32_t i = 0; i < nr && (!most || i < most); i++) {
		if (report_share(order[i]->weight,
				 report_graph_whole(report)) <
		    report->tree_limit)
			break;
		print_path(report, order[i]);
	}
	if (report->graph.type == GRAPH_FOLDED)
		stackid_line_end(&report->line);
	free(order);
	free(paths);
}
