/* SPDX-License-Identifier: GPL-2.0 */
/* When events of a data file may be missing. */
#ifndef STACKID_LOSSES_H
#define STACKID_LOSSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../data/data.h"

struct loss {
	uint64_t from;
	uint64_t to;
};

/**
 * struct losses - times in which a CPU lost events
 * @at:       without overlaps, in their order
 * @unplaced: events that were lost nobody knows when
 */
struct losses {
	struct loss *at;
	size_t nr;
	size_t room;
	uint64_t unplaced;
};

/*
 * Reads the file once if there are any, and rewinds it.  An event that had no room
 * was lost between two records of its CPU, or after the last.
 */
void stackid_losses_find(struct losses *losses, struct data_reader *data);
void stackid_losses_free(struct losses *losses);

/* Whether one touches the time between the two. */
bool stackid_losses_between(const struct losses *losses, uint64_t from,
			    uint64_t to);

#endif /* STACKID_LOSSES_H */
