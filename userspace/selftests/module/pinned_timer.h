/* SPDX-License-Identifier: GPL-2.0 */
#ifndef STACKID_PINNED_TIMER_H
#define STACKID_PINNED_TIMER_H

#include <linux/hrtimer.h>
#include <linux/version.h>

/* hrtimer_setup() is new in v6.13, and hrtimer_init() went in v6.15. */
static inline void set_up_pinned_timer(struct hrtimer *timer,
				       enum hrtimer_restart (*function)(struct hrtimer *))
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	timer->function = function;
#else
	hrtimer_setup(timer, function, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_PINNED_HARD);
#endif
}

#endif /* STACKID_PINNED_TIMER_H */
