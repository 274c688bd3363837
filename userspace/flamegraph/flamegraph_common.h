/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of stackid flamegraph share. */
#ifndef STACKID_FLAMEGRAPH_COMMON_H
#define STACKID_FLAMEGRAPH_COMMON_H

#include <stdbool.h>
#include <stdio.h>

#include "../lib/profile/profile.h"
#include "../reading.h"

/*
 * @name, @unit: of the profile's weights if they are not those of the file's events;
 *               else NULL
 */
struct flamegraph {
	struct reading *reading;
	struct data_reader *data;
	struct profile *profile;
	const char *name;
	const char *unit;
	bool weigh;
	FILE *out;
};

static inline bool flamegraph_shows(const struct flamegraph *graph,
				    unsigned int event)
{
	return stackid_profile_sum(graph->profile, event)->weight > 0;
}

#endif /* STACKID_FLAMEGRAPH_COMMON_H */
