/* SPDX-License-Identifier: GPL-2.0 */
/* What is asked for in any context, but takes locks that may be held there. */
#ifndef _STACKID_DEFERRED_H
#define _STACKID_DEFERRED_H

#include <linux/irq_work.h>
#include <linux/workqueue.h>

#include "kick.h"

/**
 * struct deferred - asked for once or many times, done at least once after that
 * @kicked: hard on PREEMPT_RT, where a plain one may be stranded, see kick.h
 * @work:   what @kicked hands over to on PREEMPT_RT, where spinlocks sleep
 * @func:   may take spinlocks, may not sleep; constant
 */
struct deferred {
	struct irq_work kicked;
	struct work_struct work;
	void (*func)(struct deferred *deferred);
};

void stackid_deferred_init(struct deferred *deferred,
			   void (*func)(struct deferred *deferred));
/*
 * All that was asked for has been done when this returns, and nobody asks any more.
 * May sleep.
 */
void stackid_deferred_sync(struct deferred *deferred);

/* Contexts and answer of kick(). */
static inline bool deferred_kick(struct deferred *deferred)
{
	return kick(&deferred->kicked);
}

#endif /* _STACKID_DEFERRED_H */
