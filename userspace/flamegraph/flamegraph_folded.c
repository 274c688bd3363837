// SPDX-License-Identifier: GPL-2.0
/* Folded stacks. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <stackid.h>

#include "../lib/buffer.h"
#include "flamegraph_folded.h"
#include "flamegraph_names.h"

static void add_to_line(struct buffer *line, const char *name)
{
	size_t len = strlen(name);
	char *to;

	if (line->size)
		stackid_buffer_add(line, ";", 1);
	to = stackid_buffer_extend(line, len);
	memcpy(to, name, len);
	/* The form gives it a meaning. */
	for (size_t i = 0; i < len; i++) {
		if (to[i] == ';')
			to[i] = ':';
	}
}

static void print_paths(const struct flamegraph *graph, struct buffer *line,
			const struct profile_path *paths, size_t nr,
			uint32_t depth)
{
	size_t len = line->size;
	struct profile_node child;
	size_t pos = 0;

	while (stackid_profile_next_child(paths, nr, depth, &pos, &child)) {
		add_to_line(line, stackid_profile_function(graph->profile,
							   child.function)->name);
		if (child.self_weight)
			fprintf(graph->out, "%.*s %" PRIu64 "\n",
				(int)line->size, line->data,
				child.self_weight);
		print_paths(graph, line, child.paths, child.nr_paths, depth + 1);
		line->size = len;
	}
}

static void print_event(const struct flamegraph *graph, struct buffer *line,
			unsigned int event)
{
	struct flamegraph_names names;

	stackid_flamegraph_names_begin(&names, graph->profile, event);
	while (stackid_flamegraph_names_next(&names)) {
		line->size = 0;
		add_to_line(line, names.comm);
		print_paths(graph, line, names.paths, names.nr_paths, 0);
	}
}

void stackid_flamegraph_print_folded(const struct flamegraph *graph)
{
	struct buffer line = { };

	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		if (flamegraph_shows(graph, i))
			print_event(graph, &line, i);
	}
	free(line.data);
}
