// SPDX-License-Identifier: GPL-2.0
/* A recording that another command makes to read it at once. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/live/recorder.h"
#include "../lib/memory.h"
#include "record_own.h"

/* The module is not told of them, and so cannot refuse one that is not there. */
static int check_processes(const char *pids)
{
	struct ranges wanted = { };
	uint64_t pid;
	int ret = stackid_ranges_add(&wanted, pids, "-p");

	for (pid = 0; !ret; pid++) {
		pid = stackid_ranges_next(&wanted, pid);
		if (pid == UINT64_MAX)
			break;
		if (pid > INT_MAX || !pid || (kill(pid, 0) && errno == ESRCH)) {
			stackid_complain("there is no process %" PRIu64, pid);
			ret = -1;
		}
	}
	free(wanted.at);
	return ret;
}

int stackid_record_own(const struct record_own *own, const char *command,
		       const char *const *lines, size_t nr, int argc,
		       char **argv, int first, const char **path)
{
	static const struct ranges all_cpus;
	char **called = stackid_memory_zalloc(argc + 2, sizeof(*called));
	bool whole = false;
	struct recorder_request request = {
		.command = command,
		.events = (char **)lines,
		.nr_events = nr,
		.workload = argv[first] ? argv + first : NULL,
		/* What concerns one thread may be an event of another. */
		.all = true,
		.pids = own->pids,
		.cpus = &all_cpus,
		.output = own->output,
		.buffer_kb = own->buffer_kb,
		.argv = called,
		.whole = &whole,
	};
	int code;

	*path = NULL;
	if (own->pids && check_processes(own->pids)) {
		free(called);
		return EXIT_FAILED;
	}
	/* As it was typed: argv begins with the subcommand. */
	called[0] = "stackid";
	memcpy(called + 1, argv, argc * sizeof(*called));
	code = stackid_recorder_run(&request);
	free(called);
	if (whole)
		*path = own->output ? own->output : DATA_DEFAULT_FILE;
	return code;
}

void stackid_record_own_check(const struct record_own *own,
			      const struct command *self, const char *input,
			      const char *word)
{
	if (own->all && own->pids)
		stackid_command_misused(self, "-a and -p contradict each other: everybody, or these processes?");
	if (input && word)
		stackid_command_misused(self, "-i reads a file and '%s' would be recorded: give one of them",
					word);
	if (input && own->output)
		stackid_command_misused(self, "-o names the file to record to, and -i records nothing");
	if (own->output && !strcmp(own->output, "-"))
		stackid_command_misused(self, "-o - leaves nothing to read: record with 'stackid record', and read with -i");
}

int stackid_record_own_choose(const struct record_own *own,
			      const struct data_reader *data, bool workload,
			      struct ranges *who)
{
	const char *pid = stackid_data_meta(data, "pid");

	if (own->pids)
		return stackid_ranges_add(who, own->pids, "-p");
	if (workload && !own->all && pid)
		return stackid_ranges_add(who, pid, NULL);
	return 0;
}
