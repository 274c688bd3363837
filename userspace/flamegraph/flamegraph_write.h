/* SPDX-License-Identifier: GPL-2.0 */
/* A flame graph of another command's making, as a page or as folded stacks. */
#ifndef STACKID_FLAMEGRAPH_WRITE_H
#define STACKID_FLAMEGRAPH_WRITE_H

#include "../lib/profile/profile.h"
#include "../reading.h"

/* The number of the only event in the profile. */
#define FLAMEGRAPH_WRITE_EVENT	1

/**
 * struct flamegraph_write - what is to be written
 * @profile: not finished
 * @command: in sentences
 * @name:    of what the weights are
 * @unit:    of the weights
 * @path:    of the page, or NULL for folded stacks on stdout
 */
struct flamegraph_write {
	struct reading *reading;
	struct profile *profile;
	const char *command;
	const char *name;
	const char *unit;
	const char *path;
};

/* The exit code. */
int stackid_flamegraph_write(const struct flamegraph_write *what);

#endif /* STACKID_FLAMEGRAPH_WRITE_H */
