// SPDX-License-Identifier: GPL-2.0
/* A flame graph of another command's making. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../lib/live/output.h"
#include "flamegraph_folded.h"
#include "flamegraph_page.h"
#include "flamegraph_write.h"

static int write_page(struct flamegraph *graph,
		      const struct flamegraph_write *what)
{
	if (stackid_output_keep(what->path))
		return EXIT_FAILED;
	graph->out = fopen(what->path, "we");
	if (graph->out) {
		stackid_flamegraph_print_page(graph, NULL);
		if (!(ferror(graph->out) | fclose(graph->out))) {
			stackid_say(what->command, "wrote %s", what->path);
			return EXIT_OK;
		}
	}
	stackid_complain("cannot write %s: %s", what->path, strerror(errno));
	return EXIT_FAILED;
}

int stackid_flamegraph_write(const struct flamegraph_write *what)
{
	struct comparison_event event = {
		.name = what->name,
		.number = { FLAMEGRAPH_WRITE_EVENT, -1 },
	};
	struct flamegraph graph = {
		.comparison = {
			.sides[0] = {
				.reading = what->reading,
				.data = stackid_reading_data(what->reading),
				.profile = what->profile,
			},
			.nr_sides = 1,
			.events = &event,
			.nr_events = 1,
		},
		.unit = what->unit,
		.weigh = true,
		.out = stdout,
	};

	stackid_profile_finish(what->profile);
	if (what->path)
		return write_page(&graph, what);
	stackid_flamegraph_print_folded(&graph);
	return EXIT_OK;
}
