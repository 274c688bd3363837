/* SPDX-License-Identifier: GPL-2.0 */
/* What a hit needs of its CPU; shared by the event's files and recording.c only. */
#ifndef _STACKID_RECORDING_STATE_H
#define _STACKID_RECORDING_STATE_H

#include <asm/local.h>

#include "guard.h"
#include "recall.h"
#include "recording.h"
#include "stack.h"

/**
 * struct percpu_state - one CPU's part of a recording
 * @guard:     one hit at a time at each context level
 * @writer:    of the CPU's ring; set and cleared under recording->lock while
 *             recording is off (or while it is on, from NULL, when a CPU comes
 *             online)
 * @announced: the generation that a GENERATION record was last written of.  A
 *             nested hit may announce another in between; both are true
 * @ledger:    counters, but for the hits in @recalled
 * @recalled:  hits whose id was recalled: each was offered, walked, a hit, recorded
 * @until_walk: recalled hits until one has to be walked, to be checked
 * @check_path: the hit under way at the task level is that one
 * @recall:    ids of late; set and cleared with @writer, and set after it
 * @stacks:    scratch of the hit under way at each level
 */
struct percpu_state {
	struct guard guard;
	struct ring_writer *writer;
	u64 announced;
	local_t ledger[NR_LEDGER];
	local_t recalled;
	int until_walk;
	bool check_path;
	struct recall *recall;
	struct stack stacks[NR_LEVELS];
};

#endif /* _STACKID_RECORDING_STATE_H */
