/* SPDX-License-Identifier: GPL-2.0 */
/* The line that moves while it is recorded, where somebody looks at it. */
#ifndef STACKID_PROGRESS_H
#define STACKID_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/**
 * struct progress - see the top of the file
 * @command: "record"
 * @workload: the process of a command that has the terminal, too; or 0
 * @shown: when the line was last shown, CLOCK_MONOTONIC
 * @events: how many there were then
 * @rate: events a second between the last two times
 */
struct progress {
	bool on;
	const char *command;
	pid_t workload;
	uint64_t started;
	uint64_t shown;
	uint64_t events;
	double rate;
};

/*
 * @workload: the line is in the way of what that writes: it is shown as long as
 * that has written nothing and started nothing
 */
void stackid_progress_begin(struct progress *progress, const char *command,
			    pid_t workload);
/* Shows the line if the last time is long enough ago. */
void stackid_progress_show(struct progress *progress, uint64_t events,
			   uint64_t lost, uint64_t bytes);
/* The terminal is as it was. */
void stackid_progress_end(struct progress *progress);

#endif /* STACKID_PROGRESS_H */
