/* SPDX-License-Identifier: GPL-2.0 */
/* Room for one stack at each context level, for the API's calls. */
#ifndef _STACKID_TABLE_SCRATCH_H
#define _STACKID_TABLE_SCRATCH_H

#include "stack.h"

struct stackid_table;

/* @busy: a call at this level is under way; see guard.h for why it is plain */
struct table_scratch {
	bool busy;
	struct stack stack;
};

/*
 * This CPU's at the current level; NULL if it is in use.  Preemption is off
 * from get to put.
 */
struct table_scratch *stackid_table_scratch_get(struct stackid_table *table);
void stackid_table_scratch_put(struct table_scratch *scratch);

#endif /* _STACKID_TABLE_SCRATCH_H */
