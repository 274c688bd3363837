/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of stackid diff share. */
#ifndef STACKID_DIFF_COMMON_H
#define STACKID_DIFF_COMMON_H

#include <stdbool.h>
#include <stdint.h>

#include "../comparison.h"

enum diff_key {
	DIFF_FUNCTION,
	DIFF_STACK,
	DIFF_COMM,
	DIFF_MODULE,
	DIFF_NR_KEYS,
};

/* What a number of hits, or a sum of values, is divided by. */
enum diff_per {
	DIFF_PER_NOTHING,
	DIFF_PER_EVENT,
	DIFF_PER_SECOND,
	DIFF_PER_CPU,
	DIFF_NR_PERS,
};

/**
 * struct diff - the command's state
 * @children: a function counts what it called too
 * @limit:    in percent: smaller changes are left out
 * @took:     how long what is compared took on each side, in ns; 0 is unknown
 * @by:       of the event that is being shown: each side's divisor, never 0
 */
struct diff {
	struct comparison comparison;
	enum diff_key key;
	enum diff_per per;
	bool children;
	bool colours;
	double limit;
	uint64_t took[2];
	uint64_t by[2];
};

/*
 * The two weights with one divisor, so that they can be compared exactly: a count
 * has at most 64 bits, and so has a divisor.
 */
static inline unsigned __int128 diff_scaled(const struct diff *diff,
					    unsigned int side, uint64_t weight)
{
	return (unsigned __int128)weight * diff->by[!side];
}

#endif /* STACKID_DIFF_COMMON_H */
