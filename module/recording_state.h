/* SPDX-License-Identifier: GPL-2.0 */
/* What a hit needs of its CPU; shared by the event's files and recording.c only. */
#ifndef _STACKID_RECORDING_STATE_H
#define _STACKID_RECORDING_STATE_H

#include <asm/local.h>

#include "guard.h"
#include "recall.h"
#include "recording.h"
#include "ring_writer.h"
#include "stack.h"

/**
 * struct percpu_state - one CPU's part of a recording
 * @guard:     one hit at a time at each context level
 * @writer:    of the CPU's ring; set and cleared under recording->lock while
 *             recording is off (or while it is on, from NULL, when a CPU comes
 *             online)
 * @ledger:    counters, but for the hits in @recalled
 * @recalled:  hits whose id was recalled: each was offered, walked, a hit, recorded
 * @lost_ringless: hits lost that no ring has counted, for want of one; the next
 *             ring's first LOST record tells of them.  Written on this CPU by
 *             hits, and by recording.c when none can be under way
 * @until_walk: recalled hits until one has to be walked, to be checked
 * @check_path: the hit under way at the task level is that one
 * @recall:    ids of late; set and cleared with @writer, and set after it.  NULL
 *             for good where recording->recalls is false
 * @stacks:    scratch of the hit under way at each level
 */
struct percpu_state {
	struct guard guard;
	struct ring_writer *writer;
	local_t ledger[NR_LEDGER];
	local_t recalled;
	local_t lost_ringless;
	int until_walk;
	bool check_path;
	struct recall *recall;
	struct stack stacks[NR_LEVELS];
};

/* Where an event is counted to which the ring gave no place. */
static inline enum stackid_ledger ledger_of_refusal(enum ring_refusal why)
{
	return why == RING_FULL ? LEDGER_LOST_FULL : LEDGER_LOST_RECURSION;
}

#endif /* _STACKID_RECORDING_STATE_H */
