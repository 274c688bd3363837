/* SPDX-License-Identifier: GPL-2.0 */
/* A recording from beginning to end. */
#ifndef STACKID_RECORDER_H
#define STACKID_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ranges;

/**
 * struct recorder_request - what is to be recorded
 * @events:    lines for the module's file "events"
 * @default_event: nobody asked for them: if the kernel has no such counter,
 *             cpu-clock will do
 * @workload:  to be run, ending in NULL; or NULL to go on until Ctrl-C
 * @all:       everybody; otherwise @pids, or the workload without them
 * @cpus:      none are all
 * @output:    NULL is stackid.data, "-" is stdout
 * @buffer_kb: 0 leaves it as it is
 * @argv:      how the command was called, for the file
 */
struct recorder_request {
	char **events;
	size_t nr_events;
	bool default_event;
	char **workload;
	bool all;
	const char *pids;
	const struct ranges *cpus;
	const char *output;
	uint64_t buffer_kb;
	bool quiet;
	int verbose;
	char **argv;
};

/*
 * The exit code: the workload's, EXIT_FAILED after a complaint.  After a SIGINT,
 * SIGTERM or SIGHUP it does not return: the file is whole, and the process dies by
 * that signal.
 */
int stackid_recorder_run(const struct recorder_request *request);

#endif /* STACKID_RECORDER_H */
