/* SPDX-License-Identifier: GPL-2.0 */
/* Waits added up: by thread, by stack, by waker. */
#ifndef STACKID_OFFCPU_SUMS_H
#define STACKID_OFFCPU_SUMS_H

#include <stddef.h>
#include <stdint.h>

#include "../lib/slots.h"
#include "offcpu_common.h"

/**
 * struct offcpu_sum - of the waits that have these in common
 * @comm, @pid, @stack, @waker, @waker_stack: NULL or 0 where they do not matter
 * @longest: of its waits, from leaving to coming back
 */
struct offcpu_sum {
	const char *comm;
	const char *waker;
	uint32_t pid;
	uint32_t stack;
	uint32_t waker_stack;
	uint64_t nr;
	uint64_t blocked;
	uint64_t waiting;
	uint64_t longest;
};

/* One of zeros is empty. */
struct offcpu_sums {
	struct offcpu_sum *at;
	size_t nr;
	size_t room;
	struct slots slots;
};

void stackid_offcpu_sums_free(struct offcpu_sums *sums);

/* @key: without sums. */
void stackid_offcpu_sums_add(struct offcpu_sums *sums,
			     const struct offcpu_sum *key,
			     const struct wait *wait);
/* The greatest time first. */
void stackid_offcpu_sums_sort(struct offcpu_sums *sums);

#endif /* STACKID_OFFCPU_SUMS_H */
