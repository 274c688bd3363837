/* SPDX-License-Identifier: GPL-2.0 */
/* The tracepoint of stackid_fire.c. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM stackid_fire

#if !defined(_STACKID_FIRE_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _STACKID_FIRE_TRACE_H

#include <linux/tracepoint.h>

TRACE_EVENT(stackid_fire,
	TP_PROTO(u64 shot),
	TP_ARGS(shot),
	TP_STRUCT__entry(__field(u64, shot)),
	TP_fast_assign(__entry->shot = shot;),
	TP_printk("shot=%llx", __entry->shot)
);

#endif /* _STACKID_FIRE_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE stackid_fire_trace
#include <trace/define_trace.h>
