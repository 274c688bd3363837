/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Definitions, from stacks_raw into the data file: those of the ids that records
 * refer to, each once.  The file of the current generation is held open, so that
 * its definitions stay whatever is reset meanwhile.
 */
#ifndef STACKID_DEFINITIONS_H
#define STACKID_DEFINITIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../data/data_write.h"
#include "control.h"
#include "symbolizer.h"

struct held_generation;
struct inline_stacks;

/**
 * struct definitions - see the top of the file
 * @stacks:  gets every definition that is written
 * @held:    the current generation last, before it those that ended lately
 * @fresh:   ids have been seen that are not written yet
 * @missing: an id was seen of a generation that came and went unheld
 */
struct definitions {
	const struct control *control;
	struct inline_stacks *stacks;
	struct held_generation *held;
	size_t nr_held;
	size_t room;
	bool fresh;
	bool missing;
	char *buffer;
	char *chosen;
};

/* Holds the current generation.  0, or -1 after a complaint. */
int stackid_definitions_open(struct definitions *definitions,
			     const struct control *control,
			     struct inline_stacks *stacks);
void stackid_definitions_close(struct definitions *definitions);

uint64_t stackid_definitions_generation(const struct definitions *definitions);

/*
 * Has the current generation ended?  Then the next one is held, too.  To be asked
 * often: one that came and went between two questions cannot be read any more.
 * 1 if it has, 0, or -1 after a complaint.
 */
int stackid_definitions_follow(struct definitions *definitions);

/* A record refers to this id. */
void stackid_definitions_see(struct definitions *definitions,
			     uint64_t generation, uint32_t id);

/* Another file begins: nothing has been seen or written for it. */
void stackid_definitions_forget(struct definitions *definitions);

/* STACKS sections of what has been seen since the last time. */
int stackid_definitions_write(struct definitions *definitions,
			      struct symbolizer *symbolizer,
			      struct data_writer *writer);

#endif /* STACKID_DEFINITIONS_H */
