/* SPDX-License-Identifier: GPL-2.0 */
/* A recording from beginning to end. */
#ifndef STACKID_RECORDER_H
#define STACKID_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ranges;

/**
 * struct switch_output - when another file begins
 * @dated:     files have dates in their names
 * @on:        at all; @dated or @rotate, too
 * @rotate:    as rotation.h has them, at a signal, too; SIGHUP as well if there is no
 *             terminal
 * @by_signal: SIGUSR2
 * @bytes:     if not 0, when a file has so many
 * @ns:        if not 0, when it is so old
 * @max_files: if not 0, older ones go; of @rotate, which stay beside the one that is
 *             written
 */
struct switch_output {
	bool dated;
	bool on;
	bool rotate;
	bool by_signal;
	uint64_t bytes;
	uint64_t ns;
	uint64_t max_files;
};

/**
 * struct recorder_counting - count instead of recording
 * @fd:       gets the data file: one event for each stack, whose value is how often;
 *            it stays the caller's
 * @interval_ms: if not 0, how often @tick is called
 * @tick:     @ns since recording began, @events as the module's file "events" has
 *            them, and how often each of them has hit, by number
 * @own:      for @tick
 * @ended_by: set to the signal that ended it, or 0; the caller dies by it
 */
struct recorder_counting {
	int fd;
	uint64_t interval_ms;
	void (*tick)(void *own, uint64_t ns, const char *events,
		     const uint64_t *hits);
	void *own;
	int ended_by;
};

/**
 * struct recorder_request - what is to be recorded
 * @command:   for sentences; NULL is "record"
 * @events:    lines for the module's file "events"
 * @default_event: nobody asked for them: if the kernel has no such counter,
 *             cpu-clock will do
 * @workload:  to be run, ending in NULL; or NULL to go on until Ctrl-C
 * @all:       everybody, and @pids only end it; otherwise one of the next three, or
 *             the workload
 * @pids:      "12,34": these processes and what they start
 * @tids:      these threads alone
 * @user:      who acts as this user
 * @cpus:      none are all
 * @output:    NULL is stackid.data, "-" is stdout
 * @buffer_kb: 0 leaves it as it is
 * @delay_ms:  record from so long after the workload's start on
 * @duration_ms: and no longer than that, if not 0
 * @max_bytes: end when the file has so many, if not 0
 * @counting:  or NULL
 * @argv:      how the command was called, for the file
 * @whole:     NULL, or set to true once the file is whole, for who wants to read it
 */
struct recorder_request {
	const char *command;
	char **events;
	size_t nr_events;
	bool default_event;
	char **workload;
	bool all;
	const char *pids;
	const char *tids;
	const uint32_t *user;
	const struct ranges *cpus;
	const char *output;
	uint64_t buffer_kb;
	uint64_t delay_ms;
	uint64_t duration_ms;
	uint64_t max_bytes;
	struct switch_output switch_output;
	struct recorder_counting *counting;
	bool quiet;
	int verbose;
	char **argv;
	bool *whole;
};

/*
 * The exit code: the workload's, EXIT_FAILED after a complaint.  After a SIGINT,
 * SIGTERM or SIGHUP it does not return: the file is whole, and the process dies by
 * that signal.  With @whole it returns after a SIGINT, with @counting after any.
 */
int stackid_recorder_run(const struct recorder_request *request);

#endif /* STACKID_RECORDER_H */
