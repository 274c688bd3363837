/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of stackid leak share. */
#ifndef STACKID_LEAK_COMMON_H
#define STACKID_LEAK_COMMON_H

#include <stdbool.h>
#include <stdint.h>

#include "../lib/profile/allocations.h"
#include "../lib/profile/losses.h"
#include "../lib/ranges.h"
#include "../lib/words.h"
#include "../reading.h"
#include "../record/record_own.h"

#define LEAK_MAX_WINDOWS	64

enum leak_order {
	LEAK_BY_OLDEST,
	LEAK_BY_BYTES,
	LEAK_BY_OBJECTS,
};

/**
 * struct leak_options - as they were given
 * @what:     bits by enum allocator; 0 is the default
 * @who:      processes whose allocations are shown, with what they start; none are all
 * @sizes:    of the allocations that are shown; none are all
 * @older:    in ns
 * @windows:  0 is none
 * @top:      so many stacks at most; 0 is all
 */
struct leak_options {
	struct reading_options reading;
	struct record_own own;
	unsigned int what;
	struct ranges who;
	struct ranges sizes;
	struct words comms;
	uint64_t older;
	uint64_t windows;
	enum leak_order order;
	uint64_t top;
	const char *page;
	bool folded;
	bool plain;
};

#endif /* STACKID_LEAK_COMMON_H */
