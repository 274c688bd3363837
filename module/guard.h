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
#include <linux/preempt.h>

enum context_level { LEVEL_TASK, LEVEL_SOFTIRQ, LEVEL_HARDIRQ, LEVEL_NMI, NR_LEVELS };

struct guard {
	bool busy[NR_LEVELS];
};

static inline enum context_level context_level(void)
{
	unsigned long count = preempt_count();

	if (count & NMI_MASK)
		return LEVEL_NMI;
	if (count & HARDIRQ_MASK)
		return LEVEL_HARDIRQ;
	/* Not in_softirq(): a task with bottom halves off is still a task. */
	if (count & SOFTIRQ_OFFSET)
		return LEVEL_SOFTIRQ;
	return LEVEL_TASK;
}

/* context_level() == LEVEL_TASK, cheaper. */
static inline bool is_level_task(void)
{
	return !(preempt_count() & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_OFFSET));
}

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
