// SPDX-License-Identifier: GPL-2.0
/* Folded stacks. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <stackid.h>

#include "flamegraph_folded.h"
#include "flamegraph_names.h"
#include "lib/memory.h"

/* A line's beginning. */
struct line {
	char *text;
	size_t len;
	size_t max;
};

static void add_to_line(struct line *line, const char *name)
{
	size_t len = strlen(name);
	char *to;

	if (line->len + len + 1 > line->max) {
		line->max = 2 * (line->len + len + 1);
		line->text = stackid_memory_resize(line->text, line->max, 1);
	}
	if (line->len)
		line->text[line->len++] = ';';
	to = line->text + line->len;
	memcpy(to, name, len);
	line->len += len;
	/* The form gives it a meaning. */
	for (size_t i = 0; i < len; i++) {
		if (to[i] == ';')
			to[i] = ':';
	}
}

static void print_paths(const struct flamegraph *graph, struct line *line,
			const struct profile_path *paths, size_t nr,
			uint32_t depth)
{
	size_t len = line->len;
	struct profile_node child;
	size_t pos = 0;

	while (stackid_profile_next_child(paths, nr, depth, &pos, &child)) {
		add_to_line(line, stackid_profile_function(graph->profile,
							   child.function)->name);
		if (child.self_weight)
			fprintf(graph->out, "%.*s %" PRIu64 "\n",
				(int)line->len, line->text,
				child.self_weight);
		print_paths(graph, line, child.paths, child.nr_paths, depth + 1);
		line->len = len;
	}
}

static void print_event(const struct flamegraph *graph, struct line *line,
			unsigned int event)
{
	struct flamegraph_names names;

	stackid_flamegraph_names_begin(&names, graph->profile, event);
	while (stackid_flamegraph_names_next(&names)) {
		line->len = 0;
		add_to_line(line, names.comm);
		print_paths(graph, line, names.paths, names.nr_paths, 0);
	}
}

void stackid_flamegraph_print_folded(const struct flamegraph *graph)
{
	struct line line = { };

	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		if (flamegraph_shows(graph, i))
			print_event(graph, &line, i);
	}
	free(line.text);
}
