/* SPDX-License-Identifier: GPL-2.0 */
/* The longest single waits. */
#ifndef STACKID_OFFCPU_LONGEST_H
#define STACKID_OFFCPU_LONGEST_H

#include <stddef.h>

#include "offcpu_common.h"

/* @at: a heap, the shortest of the longest @max first; sorted by finish */
struct offcpu_longest {
	struct wait *at;
	size_t nr;
	size_t room;
	size_t max;
};

void stackid_offcpu_longest_add(struct offcpu_longest *longest,
				const struct wait *wait);
/* From here on the longest is the first. */
void stackid_offcpu_longest_finish(struct offcpu_longest *longest);
void stackid_offcpu_longest_free(struct offcpu_longest *longest);

#endif /* STACKID_OFFCPU_LONGEST_H */
