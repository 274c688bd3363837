// SPDX-License-Identifier: GPL-2.0
/*
 * The waits as a flame graph, in the form of offwaketime's: the stack that a thread
 * left by, "--", the stack that woke it the other way round, and the waker.  The
 * time in which it could run but had no CPU stands on the first stack alone.
 */
#include "../flamegraph/flamegraph_write.h"
#include "offcpu_graph.h"
#include "offcpu_report.h"

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
		stackid_profile_add_tailed(profile, FLAMEGRAPH_WRITE_EVENT,
					   wait->left.comm,
					   wait->left.stack, tail,
					   offcpu_blocked(wait));
	}
	if (offcpu_waiting(wait)) {
		tail = stackid_profile_tail(profile, runnable, 0);
		stackid_profile_add_tailed(profile, FLAMEGRAPH_WRITE_EVENT,
					   wait->left.comm,
					   wait->left.stack, tail,
					   offcpu_waiting(wait));
	}
}

int stackid_offcpu_graph_write(struct reading *reading, struct profile *profile,
			       const char *path)
{
	struct flamegraph_write what = {
		.reading = reading,
		.profile = profile,
		.command = "offcpu",
		.name = "off-CPU time",
		.unit = "ns",
		.path = path,
	};

	return stackid_flamegraph_write(&what);
}
