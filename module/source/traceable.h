/* SPDX-License-Identifier: GPL-2.0 */
/* Whether ftrace reaches a function. */
#ifndef _STACKID_TRACEABLE_H
#define _STACKID_TRACEABLE_H

/*
 * 0 if ftrace could trace the function that @address lies in, -EINVAL if the
 * function is notrace, -ENOMEM.  Also 0 where that cannot be known, where it is no
 * function's code, and on a kernel whose own kprobe_events take notrace functions.
 * Task context, may sleep.
 */
int stackid_check_traceable(unsigned long address);

#endif /* _STACKID_TRACEABLE_H */
