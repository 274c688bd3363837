/* SPDX-License-Identifier: GPL-2.0 */
/* The two header words of a record; include/uapi/stackid.h explains them. */
#ifndef _STACKID_RECORD_H
#define _STACKID_RECORD_H

#include <linux/types.h>

#include "../../include/uapi/stackid.h"

/* The first header word but for the time; parts of it may be or'ed together. */
static inline u64 stackid_record_head(unsigned int type, unsigned int size,
				      u64 generation, unsigned int event, u32 id)
{
	return type | (generation & 0xf) << 4 | (u64)(size / 8) << 8 |
	       (u64)event << 16 | (u64)id << 26;
}

/* Write the two header words. */
static inline void stackid_record_put(struct stackid_record *r, u64 head,
				      pid_t pid, u64 time)
{
	r->w0 = head | time >> STACKID_TIME_LOW_BITS << 50;
	r->w1 = (u32)pid | time << STACKID_PID_BITS;
}

static inline void stackid_record_init(struct stackid_record *r,
				       unsigned int type, unsigned int size,
				       u64 generation, unsigned int event,
				       u32 id, pid_t pid, u64 time)
{
	stackid_record_put(r, stackid_record_head(type, size, generation, event, id),
			   pid, time);
}

#endif /* _STACKID_RECORD_H */
