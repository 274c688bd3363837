/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of stackid offcpu share. */
#ifndef STACKID_OFFCPU_COMMON_H
#define STACKID_OFFCPU_COMMON_H

#include <stdbool.h>
#include <stdint.h>

#include "../lib/profile/shapes.h"
#include "../lib/profile/waits.h"
#include "../lib/ranges.h"
#include "../record/record_own.h"
#include "../reading.h"

/* What --show names. */
enum offcpu_part {
	OFFCPU_THREADS,
	OFFCPU_STACKS,
	OFFCPU_WAKERS,
	OFFCPU_HISTOGRAM,
	OFFCPU_LONGEST,
	OFFCPU_NR_PARTS
};

/**
 * struct offcpu_options - as they were given
 * @who:     processes whose waits are shown, with what they start; none are all
 * @states:  letters; NULL are all
 * @parts:   bits by enum offcpu_part
 * @top:     of each part so many at most; 0 is all
 */
struct offcpu_options {
	struct reading_options reading;
	struct record_own own;
	struct ranges who;
	struct ranges tids;
	struct words comms;
	const char *states;
	uint64_t min;
	unsigned int parts;
	uint64_t top;
	const char *page;
	bool folded;
	bool plain;
};

static inline uint64_t offcpu_blocked(const struct wait *wait)
{
	return wait->woken - wait->start;
}

static inline uint64_t offcpu_waiting(const struct wait *wait)
{
	return wait->end - wait->woken;
}

static inline uint64_t offcpu_whole(const struct wait *wait)
{
	return wait->end - wait->start;
}

#endif /* STACKID_OFFCPU_COMMON_H */
