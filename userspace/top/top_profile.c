// SPDX-License-Identifier: GPL-2.0
/* What has been counted, as the profile and the head lines of a frame. */
#include <inttypes.h>

#include "../lib/memory.h"
#include "top_common.h"

struct profile *stackid_top_profile(const struct top *top)
{
	size_t nr;
	const struct watch_entry *entries =
		stackid_watch_entries(top->watch, &nr);
	struct profile *profile =
		stackid_profile_create(stackid_watch_data(top->watch), 0);

	for (size_t i = 0; i < nr; i++) {
		const struct watch_entry *entry = &entries[i];
		struct profile_cell cell = {
			.event = entry->event,
			.kind = entry->kind,
			.stack = entry->stack,
			.hits = entry->all,
			.weight = top->in_all ? entry->all : entry->last,
		};

		if (cell.hits)
			stackid_profile_add_cell(profile, &cell);
	}
	stackid_profile_finish(profile);
	return profile;
}

char *stackid_top_rates(const struct top *top)
{
	const struct watch_sums *sums = stackid_watch_sums(top->watch);
	double seconds = sums->seconds > 0 ? sums->seconds : 1;

	return stackid_memory_print("%.0f events/s, %" PRIu64 " in %.1f s, %" PRIu64 " in all; lost %" PRIu64 ", %" PRIu64 " in all",
				    sums->last_hits / seconds, sums->last_hits,
				    sums->seconds, sums->hits, sums->last_lost, sums->lost);
}

char *stackid_top_table(const struct top *top)
{
	const struct watch_sums *sums = stackid_watch_sums(top->watch);
	size_t nr;

	stackid_watch_entries(top->watch, &nr);
	return stackid_memory_print("table: %" PRIu64 " of %" PRIu64 " stacks, %.1f MiB, generation %" PRIu64 "; %zu counted here",
				    sums->stacks, sums->max_stacks,
				    sums->table_bytes / 1048576.0,
				    sums->generation, nr);
}
