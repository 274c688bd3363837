/* SPDX-License-Identifier: GPL-2.0 */
/* One perf counter on every online CPU, as CPUs come and go. */
#ifndef _STACKID_SOURCE_PERF_H
#define _STACKID_SOURCE_PERF_H

#include <linux/perf_event.h>

#include "unwind.h"

struct counters;

/*
 * Counters of @attr, stopped.  @handler finds @context in its event's
 * overflow_handler_context.  Task context, may sleep; what perf says to it as
 * an ERR_PTR.  Destroy returns when no handler is under way any more.
 */
struct counters *stackid_counters_create(const struct perf_event_attr *attr,
					 perf_overflow_handler_t handler,
					 void *context);
void stackid_counters_destroy(struct counters *counters);

/* Task context, may sleep.  CPUs that come later do as the others do. */
void stackid_counters_enable(struct counters *counters);
void stackid_counters_disable(struct counters *counters);

/* Where the stack of a hit begins, from the registers given to a handler. */
struct unwind_start stackid_counters_start(struct pt_regs *regs);

#endif /* _STACKID_SOURCE_PERF_H */
