/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who calls whom, with what it costs: sums by caller, callee and column.
 *
 * The costs of all calls of a function add up to what it costs with all that it calls,
 * once for each hit, recursion or not: where it stands on a stack several times, the
 * outermost call has the cost.
 */
#ifndef STACKID_EXPORT_CALLS_H
#define STACKID_EXPORT_CALLS_H

#include <stddef.h>
#include <stdint.h>

#include "../lib/slots.h"

/* @callee: of a call, or 0 for what the function itself costs */
struct export_call {
	uint32_t caller;
	uint32_t callee;
	uint32_t column;
	uint64_t sum;
};

/* One of zeros is empty.  @stamps: by function, the stack that it was met on last */
struct export_calls {
	struct export_call *at;
	size_t nr;
	size_t room;
	struct slots slots;
	uint32_t *stamps;
	uint32_t nr_stamps;
	uint32_t stamp;
};

/* The column of how often a call was hit; it comes before the others. */
#define EXPORT_CALLS_HITS	0

/*
 * A stack, innermost function first; the last one is nobody's.  @sums are of the columns
 * @columns, which are not EXPORT_CALLS_HITS; those of 0 count for nothing.  Functions are
 * numbered from 1.
 */
void stackid_export_calls_add(struct export_calls *calls,
			      const uint32_t *functions, uint32_t nr,
			      const uint32_t *columns, const uint64_t *sums,
			      uint32_t nr_sums, uint64_t hits);
/* By caller, callee and column; after the last one. */
void stackid_export_calls_sort(struct export_calls *calls);
void stackid_export_calls_free(struct export_calls *calls);

#endif /* STACKID_EXPORT_CALLS_H */
