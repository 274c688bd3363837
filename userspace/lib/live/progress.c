// SPDX-License-Identifier: GPL-2.0
/* The line that moves while it is recorded. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../clock.h"
#include "../complain.h"
#include "progress.h"

#define SHOW_NS	(NSEC_PER_SEC / 2)

void stackid_progress_begin(struct progress *progress, const char *command,
			    pid_t workload)
{
	uint64_t now = stackid_clock(CLOCK_MONOTONIC);

	*progress = (struct progress) {
		.on = stackid_line_fits(),
		.command = command,
		.workload = workload,
		.started = now,
		.shown = now,
	};
	/* What it writes elsewhere is not in the way. */
	if (!isatty(STDOUT_FILENO) && workload)
		progress->workload = 0;
}

/* Of a file of the workload's in /proc; false if it is not there. */
static bool begins(pid_t pid, const char *name, const char *format,
		   unsigned long long *number)
{
	char path[64];
	FILE *file;
	bool found;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	file = fopen(path, "re");
	if (!file)
		return false;
	found = fscanf(file, format, number) == 1;
	fclose(file);
	return found;
}

static bool is_silent(pid_t pid)
{
	unsigned long long written, child;
	char children[40];

	snprintf(children, sizeof(children), "task/%d/children", pid);
	return begins(pid, "io", "rchar: %*u wchar: %llu", &written) &&
	       !written && !begins(pid, children, "%llu", &child);
}

void stackid_progress_show(struct progress *progress, uint64_t events,
			   uint64_t lost, uint64_t bytes)
{
	uint64_t now = stackid_clock(CLOCK_MONOTONIC);
	char size[40] = "";

	if (!progress->on || now - progress->shown < SHOW_NS)
		return;
	if (progress->workload && !is_silent(progress->workload)) {
		stackid_progress_end(progress);
		return;
	}
	progress->rate = (events - progress->events) * 1e9 /
			 (now - progress->shown);
	progress->shown = now;
	progress->events = events;
	if (bytes)
		snprintf(size, sizeof(size), ", %.3f MB", bytes / 1e6);
	stackid_line("[ stackid %s: %.1f s, %" PRIu64 " events, %.0f/s, %" PRIu64 " lost%s ]",
		     progress->command, (now - progress->started) / 1e9,
		     events, progress->rate, lost, size);
}

void stackid_progress_end(struct progress *progress)
{
	stackid_line_clear();
	progress->on = false;
}
