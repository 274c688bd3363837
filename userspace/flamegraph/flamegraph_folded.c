// SPDX-License-Identifier: GPL-2.0
/* Folded stacks. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <stackid.h>

#include "../lib/buffer.h"
#include "../lib/complain.h"
#include "../lib/memory.h"
#include "flamegraph_folded.h"
#include "flamegraph_names.h"

/* "a, b, c"; to be freed. */
static char *event_names(const struct flamegraph *graph, unsigned int *nr)
{
	char *text = NULL;
	size_t size;
	FILE *out = stackid_memory_stream(&text, &size);

	*nr = 0;
	for (size_t i = 0; i < graph->comparison.nr_events; i++) {
		const struct comparison_event *event =
			&graph->comparison.events[i];

		if (flamegraph_shows(graph, event))
			fprintf(out, "%s%s", (*nr)++ ? ", " : "", event->name);
	}
	fclose(out);
	return text;
}

int stackid_flamegraph_check_single(const struct flamegraph *graph)
{
	unsigned int nr;
	char *names = event_names(graph, &nr);

	if (nr > 1)
		stackid_complain("%s holds %u events, and folded stacks can show only one: choose with --event from %s",
				 stackid_reading_name(flamegraph_shown(graph)->reading),
				 nr, names);
	free(names);
	return nr > 1 ? -1 : 0;
}

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
	const struct profile *profile = flamegraph_shown(graph)->profile;
	size_t len = line->size;
	struct profile_node child;
	size_t pos = 0;

	while (stackid_profile_next_child(paths, nr, depth, &pos, &child)) {
		add_to_line(line, stackid_profile_function(profile,
							   child.function)->name);
		if (child.self_weight || child.self_before) {
			fprintf(graph->out, "%.*s ", (int)line->size,
				line->data);
			/* As difffolded.pl has them. */
			if (flamegraph_compares(graph))
				fprintf(graph->out, "%" PRIu64 " ",
					child.self_before);
			fprintf(graph->out, "%" PRIu64 "\n",
				child.self_weight);
		}
		print_paths(graph, line, child.paths, child.nr_paths, depth + 1);
		line->size = len;
	}
}

static void print_event(const struct flamegraph *graph, struct buffer *line,
			const struct comparison_event *event)
{
	struct flamegraph_names names;

	stackid_flamegraph_names_begin(&names, &graph->comparison, event);
	while (stackid_flamegraph_names_next(&names)) {
		line->size = 0;
		add_to_line(line, names.comm);
		print_paths(graph, line, names.paths, names.nr_paths, 0);
	}
}

void stackid_flamegraph_print_folded(const struct flamegraph *graph)
{
	struct buffer line = { };

	for (size_t i = 0; i < graph->comparison.nr_events; i++) {
		const struct comparison_event *event =
			&graph->comparison.events[i];

		if (flamegraph_shows(graph, event))
			print_event(graph, &line, event);
	}
	free(line.data);
}
