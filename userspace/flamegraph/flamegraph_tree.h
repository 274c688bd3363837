/* SPDX-License-Identifier: GPL-2.0 */
/* A page's tree as a text. */
#ifndef STACKID_FLAMEGRAPH_TREE_H
#define STACKID_FLAMEGRAPH_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* @frame: its number on the page; @self, @before: without its children */
struct flamegraph_node {
	uint32_t depth;
	uint32_t frame;
	uint64_t self;
	uint64_t before;
};

struct buffer;

void stackid_flamegraph_add_number(struct buffer *bytes, uint64_t number);

/*
 * In base64.  @nodes: in preorder, the first is the root, of frame 0; there are
 * @nr_frames.  With @compares what there was before is told, too.
 * @times: more numbers, which follow.
 */
void stackid_flamegraph_print_tree(FILE *out,
				   const struct flamegraph_node *nodes,
				   size_t nr_nodes, size_t nr_frames,
				   bool compares, const struct buffer *times);

#endif /* STACKID_FLAMEGRAPH_TREE_H */
