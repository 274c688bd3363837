/* SPDX-License-Identifier: GPL-2.0 */
/* Sets of numbers, as "0,2-5" names them: CPUs, PIDs. */
#ifndef STACKID_RANGES_H
#define STACKID_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct range {
	uint64_t first;
	uint64_t last;
};

/* One of zeros is empty; what it came to hold is freed by free(@at). */
struct ranges {
	struct range *at;
	size_t nr;
	size_t room;
};

/*
 * Adds those of @list.  0, or -1 after a complaint that names @what, or without one
 * if that is NULL.
 */
int stackid_ranges_add(struct ranges *ranges, const char *list,
		       const char *what);

bool stackid_ranges_has(const struct ranges *ranges, uint64_t number);

/* The least one from @number on; UINT64_MAX if there is none. */
uint64_t stackid_ranges_next(const struct ranges *ranges, uint64_t number);

#endif /* STACKID_RANGES_H */
