/* SPDX-License-Identifier: GPL-2.0 */
/* The call tree below a row. */
#ifndef STACKID_REPORT_TREE_H
#define STACKID_REPORT_TREE_H

#include "../lib/profile/profile_tree.h"
#include "report_rows.h"

/* Nothing for a row that is below the limit or has no calls to show. */
void stackid_tree_print(struct report *report, const struct rows *rows,
			const struct row *row);

/*
 * The paths of a row's tree, row->nr_parts of them, not sorted, to be freed.  NULL
 * where stackid_tree_print() prints nothing.
 */
struct profile_path *stackid_tree_paths(const struct rows *rows,
					const struct row *row);
/* What of @whole it is: percent, hits or the weight, as -g wants it. */
void stackid_tree_add_value(struct report *report, uint64_t weight,
			    uint64_t whole);
/* Sorted by it, the symbol stands in the row, and not once more in the tree. */
bool stackid_tree_skips_first(const struct report *report);
/*
 * The children that are not below the limit, greatest first, to be freed.  @paths:
 * of the node, which agree in their first @depth functions; sorted by the next.
 */
struct profile_node *stackid_tree_children(const struct report *report,
					   const struct profile_path *paths,
					   size_t nr_paths, uint32_t depth,
					   size_t *nr);

/* What is 100 percent to these children. */
uint64_t stackid_tree_whole(const struct report *report,
			    const struct profile_path *paths, size_t nr);

#endif /* STACKID_REPORT_TREE_H */
