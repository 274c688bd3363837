// SPDX-License-Identifier: GPL-2.0
/* stackid record: the options.  The recording itself is lib/live/recorder.c. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "lib/live/recorder.h"
#include "lib/memory.h"
#include "record/record_events.h"
#include "record/record_perf.h"
#include "record/record_units.h"
#include "record/record_whose.h"

struct record_options {
	struct event_list events;
	struct event_rates rates;
	struct whose whose;
	const char *output;
	bool dated;
	uint64_t buffer_kb;
	uint64_t delay_ms;
	uint64_t duration_ns;
	uint64_t max_bytes;
	struct option_switch switch_output;
	uint64_t max_files;
	const char *rotate;
	uint64_t keep;
	uint64_t priority;
	bool quiet;
	bool dry_run;
	int verbose;
	bool call_graph;
};

/* What perf knows; it is about user space's stacks and how the kernel's are got. */
static int take_call_graph(const char *arg, void *field)
{
	static const char *const modes[] = { "fp", "dwarf", "lbr" };
	bool *call_graph = field;
	size_t length = arg ? strcspn(arg, ",") : 0;

	*call_graph = true;
	if (!arg)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		if (length == strlen(modes[i]) &&
		    !strncmp(arg, modes[i], length))
			return 0;
	}
	stackid_complain("record: --call-graph takes fp, dwarf or lbr as perf's does, not '%s'; leave it out, stacks are always recorded",
			 arg);
	return -1;
}

static int take_max_size(const char *arg, void *field)
{
	if (stackid_record_size(arg, 1, field))
		return 0;
	stackid_complain("record: --max-size takes a size such as 500M or 2G, not '%s'",
			 arg);
	return -1;
}

static int take_keep(const char *arg, void *field)
{
	uint64_t *keep = field;
	const char *end;

	if (stackid_number_begins(arg, &end, keep) && !*end && *keep)
		return 0;
	stackid_complain("record: --keep takes a number of files from 1 on, not '%s'",
			 arg);
	return -1;
}

static int take_delay(const char *arg, void *field)
{
	uint64_t *ms = field;
	const char *end;

	if (stackid_number_begins(arg, &end, ms) && !*end && *ms <= INT32_MAX)
		return 0;
	stackid_complain("record: -D takes the milliseconds to wait before recording, not '%s'; ranges of time are not to be had",
			 arg);
	return -1;
}

static int take_duration(const char *arg, void *field)
{
	if (stackid_record_time(arg, field))
		return 0;
	stackid_complain("record: --duration takes seconds such as 10 or 0.5, or a time such as 500ms or 5m, not '%s'",
			 arg);
	return -1;
}

/* The clock that there is, by perf's words for it. */
static int take_clock(const char *arg, void *field)
{
	(void)field;
	if (!strcmp(arg, "1") || !strcmp(arg, "mono") || !strcmp(arg, "monotonic") ||
	    !strcmp(arg, "CLOCK_MONOTONIC"))
		return 0;
	stackid_complain("record: -k %s: times are of CLOCK_MONOTONIC; the file says how far that is from the time of day",
			 arg);
	return -1;
}

static int take_priority(const char *arg, void *field)
{
	uint64_t *priority = field;
	const char *end;

	if (stackid_number_begins(arg, &end, priority) && !*end && *priority &&
	    *priority <= (uint64_t)sched_get_priority_max(SCHED_FIFO))
		return 0;
	stackid_complain("record: -r takes a realtime priority from 1 to %d, not '%s'",
			 sched_get_priority_max(SCHED_FIFO), arg);
	return -1;
}

static const struct option_row options[] = {
	OPTION_GROUP("What"),
	OPTION_CALL('e', "event", struct record_options, events, "EVENT",
		    "event", stackid_record_events_take,
		    "record this event (default: cycles, or cpu-clock where there is no such counter); see 'stackid list'. Several by commas, patterns or several -e; options follow a blank: -e 'kmem:kmalloc value=bytes_alloc,ptr if=bytes_alloc>4096'"),
	OPTION_CALL(0, "filter", struct record_options, events, "FILTER", NULL,
		    stackid_record_events_take_filter,
		    "only those hits of the event before it for which this holds: 'bytes_alloc > 4096 && gfp_flags & 0x10'"),
	OPTION_CALL('F', "freq", struct record_options, rates.freq, "HZ", "max",
		    stackid_record_events_take_freq,
		    "sample counters so many times a second (default: 4000); max is what the kernel allows"),
	OPTION_CALL('c', "count", struct record_options, rates.count, "N", NULL,
		    stackid_record_events_take_count,
		    "sample counters every N events instead"),
	OPTION_FLAG(0, "all-kernel", struct record_options, rates.kernel,
		    "no samples of counters that hit user mode, as :k behind their names"),
	OPTION_CALL_BARE('g', "call-graph", struct record_options, call_graph,
			 "MODE", "fp dwarf lbr", take_call_graph,
			 "accepted as perf's (-g has no MODE); stacks are always recorded"),
	OPTION_GROUP("Whose"),
	OPTION_FLAG('a', "all-cpus", struct record_options, whose.all,
		    "of everybody, not only of the workload"),
	OPTION_CALL('p', "pid", struct record_options, whose.pids,
		    "PID[,PID]", "pid", stackid_record_take_pids,
		    "of these processes and what they start, until they all have ended"),
	OPTION_CALL('t', "tid", struct record_options, whose.tids,
		    "TID[,TID]", "pid", stackid_record_take_tids,
		    "of these threads alone, until they all have ended"),
	OPTION_CALL('u', "uid", struct record_options, whose, "USER", "user",
		    stackid_record_take_user,
		    "of whoever acts as this user, by name or number"),
	OPTION_CALL('C', "cpu", struct record_options, whose.cpus,
		    "CPU[,CPU-CPU]", "cpu", stackid_record_take_cpus,
		    "only what happens on these CPUs"),
	OPTION_GROUP("When"),
	OPTION_CALL('D', "delay", struct record_options, delay_ms, "MS", NULL,
		    take_delay,
		    "begin to record MS milliseconds after the workload has begun"),
	OPTION_CALL(0, "duration", struct record_options, duration_ns,
		    "SECONDS", NULL, take_duration,
		    "end after so long; also with a unit: 500ms, 5m"),
	OPTION_CALL(0, "max-size", struct record_options, max_bytes, "SIZE",
		    NULL, take_max_size,
		    "end when the file has this size, such as 500M"),
	OPTION_GROUP("How"),
	OPTION_STRING('o', "output", struct record_options, output, "FILE",
		      "file",
		      "write FILE instead of stackid.data, - is stdout; what was there is kept as FILE.old"),
	OPTION_SWITCH(0, "switch-output", struct record_options, switch_output,
		      "[=WHEN]", "signal 100M 60s",
		      "begin another file, FILE.DATE, at each SIGUSR2 (signal, the default), or when one has a size (100M) or an age (30s, 5m)"),
	OPTION_NUMBER(0, "switch-max-files", struct record_options, max_files,
		      "N", "of those, keep the N newest"),
	OPTION_STRING(0, "rotate", struct record_options, rotate, "WHEN",
		      "1h 100M",
		      "for ever: begin another file, FILE.TIME in UTC, when one has an age (30s, 1h) or a size (100M), and at each SIGUSR2; each gets its name when it is whole and on the disk"),
	OPTION_CALL(0, "keep", struct record_options, keep, "N", NULL,
		    take_keep,
		    "of those, also of earlier runs, keep the N newest beside the one that is written"),
	OPTION_FLAG(0, "timestamp-filename", struct record_options, dated,
		    "the time becomes part of the file's name: FILE.DATE"),
	OPTION_CALL('m', "mmap-pages", struct record_options, buffer_kb,
		    "SIZE", NULL, stackid_record_take_buffer,
		    "of each CPU's ring, in pages or with K, M, G; it is rounded up to a power of two"),
	OPTION_CALL('r', "realtime", struct record_options, priority, "N",
		    NULL, take_priority,
		    "drain the rings with the realtime priority N (SCHED_FIFO)"),
	OPTION_CALL('k', "clockid", struct record_options, call_graph, "CLOCK",
		    "mono", take_clock,
		    "mono, the clock of all times: accepted as perf's"),
	OPTION_FLAG(0, "dry-run", struct record_options, dry_run,
		    "look at the options, record nothing"),
	OPTION_FLAG('q', "quiet", struct record_options, quiet,
		    "say nothing but what is wrong, and show no line that moves"),
	OPTION_COUNT('v', "verbose", struct record_options, verbose,
		     "say more"),
	RECORD_PERF_ACCEPTED,
	RECORD_PERF_REFUSED,
	OPTION_END
};

static int record(const struct command *self, int argc, char **argv);

const struct command stackid_command_record = {
	.name = "record",
	.summary = "record events with their kernel stacks",
	.usage = "[OPTIONS] [--] [COMMAND [ARGS]]",
	.description =
		"Runs COMMAND and records the kernel stacks of its events and of its children's;\n"
		"with -a everybody's while it runs, with -p those of processes that run already,\n"
		"until they end.  Without COMMAND it records until Ctrl-C, or for --duration.  The\n"
		"exit code is COMMAND's.\n",
	.examples =
		"  sudo stackid record -- make -j4\n"
		"  sudo stackid record -a -F 999 -- sleep 10\n"
		"  sudo stackid record -e sched:sched_switch -p 1234\n"
		"  sudo stackid record -e 'block:*' -u www-data --duration 60\n"
		"  sudo stackid record -a --switch-output=5m --switch-max-files 12\n"
		"  sudo stackid record -a --rotate 1h --keep 24 -o /var/lib/stackid/stackid.data\n"
		"  sudo stackid record -a -e kmem:kmalloc,kmem:kfree -m 4M -- sleep 1\n"
		"  sudo stackid record -e 'kprobe:vfs_read value=count' -- cat /etc/passwd\n"
		"  sudo stackid record -a -e 'sched:sched_switch value=next->pid,prev_state' -- sleep 1\n"
		"  sudo stackid record -a -o - -- sleep 5 | stackid report -i -\n",
	.options = options,
	.stop_at_word = true,
	.run = record,
};

/* 5m are minutes, 5M is a size; without a unit perf wants neither. */
static bool parse_when(const char *value, struct switch_output *when)
{
	return *value && !strchr("0123456789", value[strlen(value) - 1]) &&
	       (stackid_record_time(value, &when->ns) ||
		stackid_record_size(value, 1, &when->bytes));
}

static void set_rotation(const struct command *self,
			 const struct record_options *opts,
			 struct switch_output *when)
{
	if (opts->keep && !opts->rotate)
		stackid_command_misused(self, "--keep is about the files of --rotate");
	if (!opts->rotate)
		return;
	if (opts->switch_output.on || opts->max_files || opts->dated)
		stackid_command_misused(self, "--rotate and --switch-output, --switch-max-files or --timestamp-filename contradict each other: each names the files in its own way");
	if (opts->output && !strcmp(opts->output, "-"))
		stackid_command_misused(self, "-o - is one stream: it cannot be the files of --rotate");
	if (!parse_when(opts->rotate, when))
		stackid_command_misused(self, "--rotate takes a time such as 10m or 1h or a size such as 100M, not '%s'",
					opts->rotate);
	when->on = true;
	when->rotate = true;
	when->by_signal = true;
	when->max_files = opts->keep;
}

static void set_switch_output(const struct command *self,
			      const struct record_options *opts,
			      struct switch_output *when)
{
	const char *value = opts->switch_output.value;

	when->dated = opts->dated || opts->switch_output.on;
	when->on = opts->switch_output.on;
	when->max_files = opts->max_files;
	if (opts->max_files && !when->on)
		stackid_command_misused(self, "--switch-max-files is about the files of --switch-output");
	if (when->dated && opts->output && !strcmp(opts->output, "-"))
		stackid_command_misused(self, "-o - is one stream: it cannot be several files or have a date");
	if (!when->on)
		return;
	if (!value || !strcmp(value, "signal"))
		when->by_signal = true;
	else if (!parse_when(value, when))
		stackid_command_misused(self, "--switch-output takes signal, a size such as 100M or a time such as 30s or 5m, not '%s'",
					value);
}

/* The workload gets the normal one. */
static int set_priority(int priority)
{
	struct sched_param param = { .sched_priority = priority };

	if (!sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &param))
		return 0;
	stackid_complain("cannot have realtime priority %d: %s", priority,
			 strerror(errno));
	return -1;
}

static int record(const struct command *self, int argc, char **argv)
{
	struct record_options opts = { .output = NULL };
	struct recorder_request request = { };
	int first = stackid_command_parse(self, &opts, argc, argv);
	int result = EXIT_OK;
	char **called;

	request.workload = argv[first] ? argv + first : NULL;
	stackid_record_whose(&opts.whose, self, &request);
	if (opts.rotate || opts.keep)
		set_rotation(self, &opts, &request.switch_output);
	else
		set_switch_output(self, &opts, &request.switch_output);
	request.default_event = !opts.events.nr;
	stackid_record_events_complete(&opts.events, self, &opts.rates);
	request.events = opts.events.lines;
	request.nr_events = opts.events.nr;
	request.output = opts.output;
	request.buffer_kb = opts.buffer_kb;
	request.delay_ms = opts.delay_ms;
	/* Rounded up: 0 would be for ever. */
	request.duration_ms = (opts.duration_ns + 999999) / 1000000;
	request.max_bytes = opts.max_bytes;
	request.quiet = opts.quiet;
	request.verbose = opts.verbose;
	/* As it was typed: argv begins with the subcommand. */
	called = stackid_memory_zalloc(argc + 2, sizeof(*called));
	called[0] = "stackid";
	memcpy(called + 1, argv, argc * sizeof(*called));
	request.argv = called;

	if (opts.call_graph && opts.verbose)
		stackid_say("record", "-g changes nothing: stacks are always recorded");
	if (!opts.dry_run)
		result = opts.priority && set_priority(opts.priority) ?
				 EXIT_FAILED : stackid_recorder_run(&request);
	stackid_record_events_free(&opts.events);
	free(opts.whose.cpus.at);
	free(called);
	return result;
}
