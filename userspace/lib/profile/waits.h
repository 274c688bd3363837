/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Waits: the time of each thread off the CPUs, from the switch that it left by to
 * the one that it came back with, out of sched_switch and sched_waking.
 *
 * A thread is blocked until it is woken, and then waits for a CPU until it runs.
 * One that was preempted, or that was woken while it was on its way to sleep, is
 * never blocked.
 *
 * Only what is certain is a wait.  What began before the recording, did not end in
 * it, or may have been something else because records of that time are lost, is
 * counted in struct waits_missing, and nothing is put in its place.
 */
#ifndef STACKID_WAITS_H
#define STACKID_WAITS_H

#include <stdbool.h>
#include <stdint.h>

#include "../data/data.h"

/* A thread at a moment; @stack as in struct data_event. */
struct wait_side {
	const char *comm;
	uint32_t pid;
	uint32_t tgid;
	uint32_t stack;
};

/**
 * struct wait - once off the CPU and back
 * @start: it left the CPU
 * @woken: from then on it could run; @start if it could all the time
 * @end:   it ran again
 * @left:  the thread, with the stack that it left by
 * @waker: who woke it, with the stack that did so; all zeros if it was never blocked
 * @state: what it slept in, as ps prints it; 'R' if it was never blocked
 */
struct wait {
	uint64_t start;
	uint64_t woken;
	uint64_t end;
	struct wait_side left;
	struct wait_side waker;
	char state;
};

/**
 * struct waits_missing - what is no wait, by the reason
 * @begun_before:  the switch that they began with was before the recording
 * @not_ended:     the thread did not run again
 * @lost:          records were lost that may have been in between
 * @contradictory: the records do not fit each other
 * @no_values:     events without the values that are needed
 */
struct waits_missing {
	uint64_t begun_before;
	uint64_t not_ended;
	uint64_t lost;
	uint64_t contradictory;
	uint64_t no_values;
};

struct waits;

/* Whether a file has the events that waits are made of, and all of them. */
bool stackid_waits_can(struct data_reader *data);
/*
 * Of a file from its beginning.  NULL after a sentence if it was recorded without
 * the events, or with less than all of them.
 */
struct waits *stackid_waits_open(struct data_reader *data);
void stackid_waits_close(struct waits *waits);

/* The next in the order of their ends; false after the last. */
bool stackid_waits_next(struct waits *waits, struct wait *wait);

/* After the last one it is complete. */
const struct waits_missing *stackid_waits_missing(const struct waits *waits);
/* From the first event to the last that has been read. */
uint64_t stackid_waits_first_time(const struct waits *waits);
uint64_t stackid_waits_last_time(const struct waits *waits);

/* The letters that a wait's state can be. */
#define WAIT_STATES	"RSDTtXZPI"

/* The thread where it left the CPU, to be asked whether options choose it. */
struct data_event stackid_waits_moment(const struct wait *wait);

#endif /* STACKID_WAITS_H */
