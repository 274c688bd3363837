/* SPDX-License-Identifier: GPL-2.0 */
/* The time of a clock in nanoseconds. */
#ifndef STACKID_CLOCK_H
#define STACKID_CLOCK_H

#include <stdint.h>
#include <time.h>

#define NSEC_PER_SEC	1000000000ULL

static inline uint64_t stackid_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

#endif /* STACKID_CLOCK_H */
