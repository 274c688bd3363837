/* SPDX-License-Identifier: GPL-2.0 */
/* The waits as a flame graph of nanoseconds, wakers standing on sleepers. */
#ifndef STACKID_OFFCPU_GRAPH_H
#define STACKID_OFFCPU_GRAPH_H

#include "../lib/profile/profile.h"
#include "offcpu_common.h"

void stackid_offcpu_graph_add(struct profile *profile,
			      const struct shapes *shapes,
			      const struct wait *wait);

/* The exit code.  @path: of the page, or NULL for folded stacks on stdout. */
int stackid_offcpu_graph_write(struct reading *reading, struct profile *profile,
			       const char *path);

#endif /* STACKID_OFFCPU_GRAPH_H */
