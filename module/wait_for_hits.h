/* SPDX-License-Identifier: GPL-2.0 */
/* Waiting for the hits that are under way, before what they use is freed. */
#ifndef _STACKID_WAIT_FOR_HITS_H
#define _STACKID_WAIT_FOR_HITS_H

#include <linux/cpu.h>
#include <linux/rcupdate.h>

/*
 * A CPU that goes meets tracepoints after RCU has given it up, and one that comes
 * before RCU knows it: synchronize_rcu() alone waits for neither.  Both are over
 * when hotplug lets go of its lock.
 *
 * Task context, may sleep; not inside of cpus_read_lock() nor in a callback of CPU
 * hotplug, where this waits for itself.
 */
static inline void stackid_wait_for_hits(void)
{
	cpus_read_lock();
	synchronize_rcu();
	cpus_read_unlock();
}

#endif /* _STACKID_WAIT_FOR_HITS_H */
