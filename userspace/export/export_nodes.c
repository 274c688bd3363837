// SPDX-License-Identifier: GPL-2.0
/* The tree that all stacks make. */
#include <stdlib.h>
#include <string.h>

#include "../lib/array.h"
#include "../lib/hash.h"
#include "export_nodes.h"

void stackid_export_nodes_init(struct export_nodes *nodes,
			       struct data_reader *data)
{
	*nodes = (struct export_nodes) { };
	stackid_export_places_init(&nodes->places, data);
}

void stackid_export_nodes_exit(struct export_nodes *nodes)
{
	stackid_export_places_exit(&nodes->places);
	stackid_slots_free(&nodes->slots);
	free(nodes->at);
	free(nodes->of_stack);
	free(nodes->place_of);
}

static uint32_t find_node(struct export_nodes *nodes, uint32_t prefix,
			  uint32_t function)
{
	uint64_t hash = stackid_hash_u64((uint64_t)prefix << 32 | function);
	uint32_t number;
	size_t step = 0;

	while ((number = stackid_slots_next(&nodes->slots, hash, &step))) {
		const struct export_node *node = &nodes->at[number - 1];

		if (node->prefix == prefix && node->function == function)
			return number;
	}
	stackid_array_reserve(nodes->at, nodes->nr, nodes->room);
	nodes->at[nodes->nr++] = (struct export_node) { prefix, function };
	stackid_slots_add(&nodes->slots, hash, nodes->nr);
	return nodes->nr;
}

static void note_place(struct export_nodes *nodes, uint32_t function,
		       uint32_t place)
{
	uint32_t old = nodes->nr_functions;

	if (function > old) {
		nodes->nr_functions = 2 * function;
		nodes->place_of =
			stackid_memory_resize(nodes->place_of,
					      nodes->nr_functions,
					      sizeof(*nodes->place_of));
		memset(nodes->place_of + old, 0,
		       (nodes->nr_functions - old) * sizeof(*nodes->place_of));
	}
	if (!nodes->place_of[function - 1])
		nodes->place_of[function - 1] = place;
}

static uint32_t add_stack(struct export_nodes *nodes,
			  const struct data_event *event)
{
	uint32_t numbers[EXPORT_MAX_FRAMES];
	uint32_t node = 0;

	for (uint32_t nr = stackid_export_stack(&nodes->places, event->kind,
						event->stack, numbers);
	     nr; nr--) {
		uint32_t place = numbers[nr - 1];
		uint32_t function = nodes->places.at[place - 1].function;

		note_place(nodes, function, place);
		node = find_node(nodes, node, function);
	}
	return node;
}

static uint32_t *cached(struct export_nodes *nodes,
			const struct data_event *event)
{
	uint32_t old = nodes->nr_stacks;

	if (event->kind != DATA_HIT_STACK || !event->stack)
		return &nodes->of_bare[event->kind == DATA_HIT_USER];
	if (event->stack >= old) {
		nodes->nr_stacks = 2 * event->stack;
		nodes->of_stack =
			stackid_memory_resize(nodes->of_stack,
					      nodes->nr_stacks,
					      sizeof(*nodes->of_stack));
		memset(nodes->of_stack + old, 0,
		       (nodes->nr_stacks - old) * sizeof(*nodes->of_stack));
	}
	return &nodes->of_stack[event->stack];
}

uint32_t stackid_export_node(struct export_nodes *nodes,
			     const struct data_event *event)
{
	uint32_t *node = cached(nodes, event);

	if (!*node)
		*node = add_stack(nodes, event);
	return *node - 1;
}
