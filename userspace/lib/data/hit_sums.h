/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers of hits that are equal, of many chunks. */
#ifndef STACKID_HIT_SUMS_H
#define STACKID_HIT_SUMS_H

#include <stddef.h>
#include <stdint.h>

#include "../slots.h"

/* @time: the slice's */
struct hit_sum {
	uint64_t w0;
	uint64_t generation;
	uint64_t time;
	uint64_t nr;
	uint32_t pid;
	uint32_t cpu;
};

/* One of zeros is empty. */
struct hit_sums {
	struct hit_sum *at;
	size_t nr;
	size_t room;
	struct slots slots;
};

#define MOST_ADDED	32

/* Adds the hits of each of @nr, of which there are MOST_ADDED at most. */
void stackid_hit_sums_add(struct hit_sums *sums, const struct hit_sum *of,
			  size_t nr);
void stackid_hit_sums_clear(struct hit_sums *sums);

#endif /* STACKID_HIT_SUMS_H */
