/* SPDX-License-Identifier: GPL-2.0 */
/* Counting, from the request to the numbers. */
#ifndef STACKID_STAT_RUN_H
#define STACKID_STAT_RUN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>

#include "../lib/live/recorder.h"
#include "stat_print.h"

/**
 * struct stat_run - what is counted, and what is shown of it
 * @request: all but how it is counted
 * @repeat:  if more than 1, how often
 * @interval_ms: if not 0, what was counted is shown that often
 * @clear:   the screen, before each of those
 * @summary: with those: all of it at the end, too
 * @ledger:  what became of every event, too
 * @sync:    sync(2) first
 * @recorder: set here, as what follows
 * @whole:   the run came to its end
 * @before:  hits of each event at the last interval's end, by number
 * @children: their times before the run
 */
struct stat_run {
	struct recorder_request request;
	struct stat_style style;
	uint64_t repeat;
	uint64_t interval_ms;
	bool clear;
	bool summary;
	bool ledger;
	bool sync;
	struct recorder_counting recorder;
	bool whole;
	uint64_t before[1024];
	struct rusage children;
};

/* What to exit with, or to die by: @recorder.ended_by. */
int stackid_stat_run(struct stat_run *run);

#endif /* STACKID_STAT_RUN_H */
