// SPDX-License-Identifier: GPL-2.0
/* What is asked for in any context, but takes locks that may be held there. */
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/workqueue.h>

#include "deferred.h"

/*
 * queue_work() takes raw locks only.  A CPU that goes hands its workers to the
 * others before it runs its hard irq_works for the last time, so that a work which
 * one of those queues is done.
 */
static void kicked(struct irq_work *work)
{
	struct deferred *deferred = container_of(work, struct deferred, kicked);

	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		queue_work(system_highpri_wq, &deferred->work);
	else
		deferred->func(deferred);
}

static void in_worker(struct work_struct *work)
{
	struct deferred *deferred = container_of(work, struct deferred, work);

	deferred->func(deferred);
}

void stackid_deferred_init(struct deferred *deferred,
			   void (*func)(struct deferred *deferred))
{
	/* lockdep allows @func's locks in a plain one only. */
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		deferred->kicked = IRQ_WORK_INIT_HARD(kicked);
	else
		init_irq_work(&deferred->kicked, kicked);
	INIT_WORK(&deferred->work, in_worker);
	deferred->func = func;
}

void stackid_deferred_sync(struct deferred *deferred)
{
	irq_work_sync(&deferred->kicked);
	/* No worker is waited for that has not begun. */
	if (cancel_work_sync(&deferred->work))
		deferred->func(deferred);
}
