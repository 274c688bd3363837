// SPDX-License-Identifier: GPL-2.0
/* The call tree below a row. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <stackid.h>

#include "../lib/memory.h"
#include "../lib/profile/profile_tree.h"
#include "report_tree.h"

static const char *function_name(const struct report *report,
				 uint32_t function)
{
	return stackid_profile_function(report->profile, function)->name;
}

/*
 * Levels of the tree that still have a line to draw, innermost last.  A path has
 * one step for each frame and one for "[cut]", and each step begins one level at
 * most; no stack that is read has more than STACKID_MAX_DEPTH frames.
 */
struct branches {
	bool open[STACKID_MAX_DEPTH + 2];
	unsigned int nr;
};

static void add_margin(struct report *report, unsigned int margin)
{
	stackid_line_add(&report->line, "            %*s", (int)margin, "");
}

static void add_branches(struct report *report, const struct branches *branches,
			 unsigned int nr, unsigned int margin)
{
	add_margin(report, margin);
	for (unsigned int i = 0; i < nr; i++)
		stackid_line_add(&report->line, "%c          ",
				 branches->open[i] ? '|' : ' ');
}

static int compare_children(const void *a, const void *b)
{
	const struct profile_node *x = a;
	const struct profile_node *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return (x->function > y->function) - (x->function < y->function);
}

uint64_t stackid_tree_whole(const struct report *report,
			    const struct profile_path *paths, size_t nr)
{
	uint64_t whole = 0;

	if (report->graph.type != GRAPH_FRACTAL)
		return report_graph_whole(report);
	for (size_t i = 0; i < nr; i++)
		whole = stackid_profile_add_weights(whole, paths[i].weight);
	return whole;
}

void stackid_tree_add_value(struct report *report, uint64_t weight,
			    uint64_t whole)
{
	if (report->graph.value == GRAPH_PERCENT)
		stackid_line_add_share(&report->line,
				       report_share(weight, whole));
	else
		stackid_line_add(&report->line, "%" PRIu64, weight);
}

struct profile_node *stackid_tree_children(const struct report *report,
					   const struct profile_path *paths,
					   size_t nr_paths, uint32_t depth,
					   size_t *nr)
{
	struct profile_node *children = NULL;
	struct profile_node child;
	uint64_t whole = stackid_tree_whole(report, paths, nr_paths);
	size_t pos = 0;

	*nr = 0;
	while (stackid_profile_next_child(paths, nr_paths, depth, &pos,
					  &child)) {
		if (report_share(child.weight, whole) < report->tree_limit)
			continue;
		if (!(*nr & (*nr - 1)))
			children = stackid_memory_resize(children,
							 *nr ? 2 * *nr : 1,
							 sizeof(child));
		children[(*nr)++] = child;
	}
	if (*nr)
		qsort(children, *nr, sizeof(*children), compare_children);
	if (report->graph.most && *nr > report->graph.most)
		*nr = report->graph.most;
	return children;
}

static void print_branches(struct report *report,
			   const struct profile_path *paths, size_t nr_paths,
			   uint32_t depth, struct branches *branches,
			   unsigned int margin);

static void print_branch(struct report *report, struct profile_node node,
			 uint64_t whole, uint32_t depth,
			 struct branches *branches, unsigned int margin)
{
	struct profile_node child;
	unsigned int level = branches->nr;

	add_branches(report, branches, level - 1, margin);
	stackid_line_add(&report->line, "%c",
			 branches->open[level - 1] ? '|' : ' ');
	stackid_line_add(&report->line, "--");
	stackid_tree_add_value(report, node.weight, whole);
	stackid_line_add(&report->line, "--%s",
			 function_name(report, node.function));
	stackid_line_end(&report->line);
	for (depth++; stackid_profile_only_child(&node, depth, &child); depth++) {
		node = child;
		add_branches(report, branches, level, margin);
		stackid_line_add(&report->line, "%s",
				 function_name(report, node.function));
		stackid_line_end(&report->line);
	}
	print_branches(report, node.paths, node.nr_paths, depth, branches,
		       margin);
}

static void print_branches(struct report *report,
			   const struct profile_path *paths, size_t nr_paths,
			   uint32_t depth, struct branches *branches,
			   unsigned int margin)
{
	size_t nr;
	struct profile_node *children = stackid_tree_children(report, paths,
							      nr_paths, depth,
							      &nr);
	uint64_t whole = stackid_tree_whole(report, paths, nr_paths);
	unsigned int level = branches->nr++;

	for (size_t i = 0; i < nr; i++) {
		branches->open[level] = true;
		add_branches(report, branches, level + 1, margin);
		stackid_line_end(&report->line);
		branches->open[level] = i + 1 < nr;
		print_branch(report, children[i], whole, depth, branches,
			     margin);
	}
	branches->nr--;
	free(children);
}

bool stackid_tree_skips_first(const struct report *report)
{
	const struct sort_order *sort = &report->options->sort;

	return sort->given && sort->keys[0] == KEY_SYM;
}

static void print_paths(struct report *report,
			const struct profile_path *paths, size_t nr_paths)
{
	bool skip = stackid_tree_skips_first(report);
	struct branches branches = {};
	struct profile_node root = { .paths = paths, .nr_paths = nr_paths };
	struct profile_node child;
	unsigned int margin = 0;
	uint32_t depth = 0;

	for (; stackid_profile_only_child(&root, depth, &child); depth++) {
		root = child;
		if (skip && !depth)
			continue;
		if (!margin) {
			margin = 3;
			add_margin(report, 0);
			stackid_line_add(&report->line, "|");
			stackid_line_end(&report->line);
			add_margin(report, 0);
			stackid_line_add(&report->line, "---");
		} else {
			add_margin(report, margin);
		}
		stackid_line_add(&report->line, "%s",
				 function_name(report, root.function));
		stackid_line_end(&report->line);
	}
	print_branches(report, root.paths, root.nr_paths, depth, &branches,
		       margin);
	putchar('\n');
}

static struct profile_path make_path(const struct report *report,
				     const struct part *part)
{
	const struct profile_cell *cell =
		stackid_profile_cell(report->profile, part->cell);
	uint32_t nr;
	const uint32_t *stack = stackid_profile_stack(report->profile, cell,
						      &nr);
	/*
	 * With children, what is below the row; but where it is the leaf there
	 * is nothing, and its callers are shown instead, as perf does.
	 */
	uint32_t from = report->children && part->from < nr - 1 ? part->from :
								   0;
	uint32_t last = report->children ? part->from : nr - 1;
	uint64_t weight = report->graph.value == GRAPH_COUNT ? cell->hits :
							       cell->weight;

	if (report->callers_first)
		return (struct profile_path) {
			.first = stack + from,
			.step = 1,
			.nr = nr - from,
			.weight = weight,
		};
	return (struct profile_path) {
		.first = stack + last,
		.step = -1,
		.nr = last + 1,
		.weight = weight,
	};
}

struct profile_path *stackid_tree_paths(const struct rows *rows,
					const struct row *row)
{
	const struct report *report = rows->report;
	struct profile_path *paths;
	struct part *found = NULL;
	const struct part *parts = row->parts;
	bool deep = false;

	if (report_percent(report, row->total) < report->tree_limit)
		return NULL;
	if (report->lazy)
		parts = found = stackid_rows_find_parts(rows, row);
	paths = stackid_memory_resize(NULL, row->nr_parts, sizeof(*paths));
	for (uint32_t i = 0; i < row->nr_parts; i++) {
		paths[i] = make_path(report, &parts[i]);
		deep |= paths[i].nr > 1;
	}
	free(found);
	/* A tree of the row's own function alone says nothing new. */
	if (deep || !report->by_frame)
		return paths;
	free(paths);
	return NULL;
}

void stackid_tree_print(struct report *report, const struct rows *rows,
			const struct row *row)
{
	struct profile_path *paths = stackid_tree_paths(rows, row);

	if (!paths)
		return;
	stackid_profile_sort_paths(paths, row->nr_parts);
	print_paths(report, paths, row->nr_parts);
	free(paths);
}
