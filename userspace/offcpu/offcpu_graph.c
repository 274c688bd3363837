// SPDX-License-Identifier: GPL-2.0
/*
 * The waits as a flame graph, in the form of offwaketime's: the stack that a thread
 * left by, "--", the stack that woke it the other way round, and the waker.  The
 * time in which it could run but had no CPU stands on the first stack alone.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../flamegraph/flamegraph_folded.h"
#include "../flamegraph/flamegraph_page.h"
#include "../lib/live/output.h"
#include "offcpu_graph.h"
#include "offcpu_report.h"

/* The number of the only event in the profile; no event of the file. */
#define EVENT	1

void stackid_offcpu_graph_add(struct profile *profile,
			      const struct shapes *shapes,
			      const struct wait *wait)
{
	static const char runnable[] = "[waiting for a CPU]";
	uint32_t tail;

	if (offcpu_blocked(wait)) {
		tail = stackid_profile_tail(profile,
					    stackid_offcpu_waker(shapes, wait),
					    wait->waker.stack);
		stackid_profile_add_tailed(profile, EVENT, wait->left.comm,
					   wait->left.stack, tail,
					   offcpu_blocked(wait));
	}
	if (offcpu_waiting(wait)) {
		tail = stackid_profile_tail(profile, runnable, 0);
		stackid_profile_add_tailed(profile, EVENT, wait->left.comm,
					   wait->left.stack, tail,
					   offcpu_waiting(wait));
	}
}

static int write_page(struct flamegraph *graph, const char *path)
{
	if (stackid_output_keep(path))
		return EXIT_FAILED;
	graph->out = fopen(path, "we");
	if (graph->out) {
		stackid_flamegraph_print_page(graph, NULL);
		if (!(ferror(graph->out) | fclose(graph->out))) {
			stackid_say("offcpu", "wrote %s", path);
			return EXIT_OK;
		}
	}
	stackid_complain("cannot write %s: %s", path, strerror(errno));
	return EXIT_FAILED;
}

int stackid_offcpu_graph_write(struct reading *reading, struct profile *profile,
			       const char *path)
{
	struct comparison_event event = {
		.name = "off-CPU time",
		.number = { EVENT, -1 },
	};
	struct flamegraph graph = {
		.comparison = {
			.sides[0] = {
				.reading = reading,
				.data = stackid_reading_data(reading),
				.profile = profile,
			},
			.nr_sides = 1,
			.events = &event,
			.nr_events = 1,
		},
		.unit = "ns",
		.weigh = true,
		.out = stdout,
	};

	stackid_profile_finish(profile);
	if (path)
		return write_page(&graph, path);
	stackid_flamegraph_print_folded(&graph);
	return EXIT_OK;
}
