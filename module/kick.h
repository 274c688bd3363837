/* SPDX-License-Identifier: GPL-2.0 */
/* Queueing an irq_work on a CPU that may be going. */
#ifndef _STACKID_KICK_H
#define _STACKID_KICK_H

#include <linux/cpumask.h>
#include <linux/irq_work.h>
#include <linux/smp.h>

/*
 * A CPU that goes runs its irq_works for the last time after it has left
 * cpu_online_mask and before it stops (smpcfd_dying_cpu()).  One that is queued
 * later never runs, stays busy for ever, and keeps every other irq_work of that
 * CPU from raising an interrupt when the CPU comes back.  Only the CPU itself
 * leaves the mask, so that the answer holds until preemption is on again.
 *
 * On PREEMPT_RT this is so of hard irq_works only: the thread that runs the plain
 * ones is parked earlier, while the CPU is still in the mask.  For what may not be
 * done in hard interrupt context there is deferred.h.
 */
static inline bool can_kick(void)
{
	return cpu_online(smp_processor_id());
}

/*
 * Run @work, a hard one on PREEMPT_RT, on this CPU as soon as interrupts are on;
 * nothing more happens if it is queued already.  Any context, preemption off.  False: the CPU is going or
 * not there yet.
 */
static inline bool kick(struct irq_work *work)
{
	if (!can_kick())
		return false;
	irq_work_queue(work);
	return true;
}

#endif /* _STACKID_KICK_H */
