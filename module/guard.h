/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The recursion guard: at most one user of a per-CPU resource in each of the
 * four contexts that can nest on a CPU.
 *
 * Plain loads and stores suffice: whoever interrupts between them runs at a
 * higher level, uses another flag, and is gone before the lower one goes on.
 */
#ifndef _STACKID_GUARD_H
#define _STACKID_GUARD_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "context.h"

struct guard {
	bool busy[NR_LEVELS];
};

/* Preemption must be off from enter to leave.  False: busy, nothing to leave. */
static inline bool guard_enter(struct guard *guard, enum context_level level)
{
	if (READ_ONCE(guard->busy[level]))
		return false;
	WRITE_ONCE(guard->busy[level], true);
	barrier();
	return true;
}

static inline void guard_leave(struct guard *guard, enum context_level level)
{
	barrier();
	WRITE_ONCE(guard->busy[level], false);
}

#endif /* _STACKID_GUARD_H */
