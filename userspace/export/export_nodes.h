/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tree that all stacks make, for formats that refer to its nodes: a node is a
 * function, called by the node that is its prefix.
 */
#ifndef STACKID_EXPORT_NODES_H
#define STACKID_EXPORT_NODES_H

#include "export_places.h"

/* @prefix: number + 1, of a smaller number; 0 is none.  @function: as of places */
struct export_node {
	uint32_t prefix;
	uint32_t function;
};

/*
 * @at:       by number, from 0
 * @of_stack: from stacks to numbers + 1; @of_bare: likewise, from kinds without stack
 * @place_of: from functions - 1 to a place that each was met at
 */
struct export_nodes {
	struct export_places places;
	struct export_node *at;
	uint32_t nr;
	size_t room;
	struct slots slots;
	uint32_t *of_stack;
	uint32_t nr_stacks;
	uint32_t of_bare[2];
	uint32_t *place_of;
	uint32_t nr_functions;
};

void stackid_export_nodes_init(struct export_nodes *nodes,
			       struct data_reader *data);
void stackid_export_nodes_exit(struct export_nodes *nodes);

/* The node that an event's stack ends in. */
uint32_t stackid_export_node(struct export_nodes *nodes,
			     const struct data_event *event);

#endif /* STACKID_EXPORT_NODES_H */
