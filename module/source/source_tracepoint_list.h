/* SPDX-License-Identifier: GPL-2.0 */
/* Which tracepoints there are, and by which names. */
#ifndef _STACKID_SOURCE_TRACEPOINT_LIST_H
#define _STACKID_SOURCE_TRACEPOINT_LIST_H

#include <linux/kconfig.h>
#include <linux/trace_events.h>

struct seq_file;

#define PREFIX_TRACEPOINT "tracepoint:"

/* Does the kernel check, at each indirect call, that the prototypes are the same? */
#define HAVE_CFI (IS_ENABLED(CONFIG_CFI_CLANG) || IS_ENABLED(CONFIG_CFI))

/* Does it happen, or is it one of ftrace's own records? */
static inline bool
stackid_can_be_enabled(const struct trace_event_call *call)
{
	return call->class && call->class->reg &&
	       !(call->flags & TRACE_EVENT_FL_IGNORE_ENABLE);
}

/* As source_ops.list. */
void stackid_source_tracepoint_list(struct seq_file *m);

#endif /* _STACKID_SOURCE_TRACEPOINT_LIST_H */
