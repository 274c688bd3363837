// SPDX-License-Identifier: GPL-2.0
/* stackid stat: how often events happen, and with which stacks. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "lib/live/signals.h"
#include "record/record_events.h"
#include "record/record_units.h"
#include "record/record_whose.h"
#include "stat/stat_perf.h"
#include "stat/stat_run.h"

/* Those of perf's that happen in the kernel and are counted one by one. */
#define DEFAULT_EVENTS	"context-switches,cpu-migrations,page-faults"

#define DEFAULT_STACKS	5
#define MOST_RUNS	100

/* How many stacks of each event, and whether somebody said so. */
struct shown {
	uint64_t stacks;
	bool asked;
};

struct stat_options {
	struct event_list events;
	struct event_rates rates;
	struct whose whose;
	uint64_t buffer_kb;
	uint64_t delay_ms;
	uint64_t timeout_ms;
	uint64_t interval_ms;
	uint64_t interval_count;
	uint64_t repeat;
	struct shown shown;
	uint64_t log_fd;
	const char *separator;
	const char *output;
	bool append;
	bool clear;
	bool summary;
	bool big_num;
	bool ledger;
	bool quiet;
	bool sync;
	int verbose;
};

static int take_ms(const char *arg, void *field)
{
	uint64_t *ms = field;
	const char *end;

	if (stackid_number_begins(arg, &end, ms) && !*end && *ms &&
	    *ms <= INT32_MAX)
		return 0;
	stackid_complain("stat: -I, -D and --timeout take milliseconds from 1 to %d, not '%s'",
			 INT32_MAX, arg);
	return -1;
}

static int take_repeat(const char *arg, void *field)
{
	uint64_t *repeat = field;
	const char *end;

	if (stackid_number_begins(arg, &end, repeat) && !*end && *repeat &&
	    *repeat <= MOST_RUNS)
		return 0;
	stackid_complain("stat: -r takes a number of runs from 1 to %d, not '%s'",
			 MOST_RUNS, arg);
	return -1;
}

static int take_stacks(const char *arg, void *field)
{
	struct shown *shown = field;

	shown->asked = true;
	return stackid_parse_number(arg, "stat: --stacks", &shown->stacks);
}

static const struct option_row options[] = {
	OPTION_GROUP("What"),
	OPTION_CALL('e', "event", struct stat_options, events, "EVENT",
		    "event", stackid_record_events_take,
		    "count this event (default: " DEFAULT_EVENTS "); as record's -e, with patterns, options and :k"),
	OPTION_CALL(0, "filter", struct stat_options, events, "FILTER", NULL,
		    stackid_record_events_take_filter,
		    "only those hits of the event before it for which this holds: 'bytes_alloc > 4096'"),
	OPTION_FLAG(0, "all-kernel", struct stat_options, rates.kernel,
		    "no hits of counters in user mode"),
	OPTION_GROUP("Whose"),
	OPTION_FLAG('a', "all-cpus", struct stat_options, whose.all,
		    "of everybody, not only of the workload"),
	OPTION_CALL('p', "pid", struct stat_options, whose.pids,
		    "PID[,PID]", "pid", stackid_record_take_pids,
		    "of these processes and what they start, until they all have ended"),
	OPTION_CALL('t', "tid", struct stat_options, whose.tids,
		    "TID[,TID]", "pid", stackid_record_take_tids,
		    "of these threads alone, until they all have ended"),
	OPTION_CALL('u', "uid", struct stat_options, whose, "USER", "user",
		    stackid_record_take_user,
		    "of whoever acts as this user, by name or number"),
	OPTION_CALL('C', "cpu", struct stat_options, whose.cpus,
		    "CPU[,CPU-CPU]", "cpu", stackid_record_take_cpus,
		    "only what happens on these CPUs"),
	OPTION_GROUP("When"),
	OPTION_CALL('D', "delay", struct stat_options, delay_ms, "MS", NULL,
		    take_ms,
		    "begin to count MS milliseconds after the workload has begun"),
	OPTION_CALL(0, "timeout", struct stat_options, timeout_ms, "MS", NULL,
		    take_ms, "end after so many milliseconds"),
	OPTION_CALL('r', "repeat", struct stat_options, repeat, "N", NULL,
		    take_repeat,
		    "run the workload N times: the mean, and how far the runs are from it; without stacks"),
	OPTION_FLAG('S', "sync", struct stat_options, sync,
		    "sync(2) before each run"),
	OPTION_GROUP("How"),
	OPTION_CALL(0, "stacks", struct stat_options, shown, "N", NULL,
		    take_stacks,
		    "of each event show the N stacks that it had most often (default: 5, with -x 0)"),
	OPTION_CALL('I', "interval-print", struct stat_options, interval_ms,
		    "MS", NULL, take_ms,
		    "what has been counted, every MS milliseconds; without stacks"),
	OPTION_NUMBER(0, "interval-count", struct stat_options, interval_count,
		      "N", "end after so many of those"),
	OPTION_FLAG(0, "interval-clear", struct stat_options, clear,
		    "clear the screen before each of those"),
	OPTION_FLAG(0, "summary", struct stat_options, summary,
		    "with -I, all of it at the end, too"),
	OPTION_STRING('x', "field-separator", struct stat_options, separator,
		      "SEP", NULL,
		      "fields for programs, as perf stat has them, SEP between them"),
	OPTION_FLAG('B', "big-num", struct stat_options, big_num,
		    "separate thousands (default; --no-big-num)"),
	OPTION_FLAG(0, "ledger", struct stat_options, ledger,
		    "what became of every event, too (default without a workload)"),
	OPTION_STRING('o', "output", struct stat_options, output, "FILE",
		      "file", "write FILE instead of stderr"),
	OPTION_FLAG(0, "append", struct stat_options, append,
		    "with -o, behind what is there"),
	OPTION_NUMBER(0, "log-fd", struct stat_options, log_fd, "FD",
		      "write into this descriptor instead of stderr"),
	OPTION_CALL('m', "mmap-pages", struct stat_options, buffer_kb, "SIZE",
		    NULL, stackid_record_take_buffer,
		    "of each CPU's ring, in pages or with K, M, G"),
	OPTION_FLAG(0, "quiet", struct stat_options, quiet,
		    "say nothing but what was counted and what is wrong"),
	OPTION_COUNT('v', "verbose", struct stat_options, verbose, "say more"),
	STAT_PERF_ACCEPTED,
	STAT_PERF_REFUSED,
	OPTION_END
};

static int stat(const struct command *self, int argc, char **argv);

const struct command stackid_command_stat = {
	.name = "stat",
	.summary = "count events by their kernel stacks",
	.usage = "[OPTIONS] [--] [COMMAND [ARGS]]",
	.description =
		"Runs COMMAND and counts its events and its children's, each with the stacks that it\n"
		"had most often; with -a everybody's, with -p those of processes that run already.\n"
		"Without COMMAND it counts until Ctrl-C and shows the ledger, too.  Nothing is written\n"
		"but the counts, to stderr.  The exit code is COMMAND's.\n",
	.examples =
		"  sudo stackid stat -- make -j4\n"
		"  sudo stackid stat -e 'sched:*' --stacks 0 -- sleep 1\n"
		"  sudo stackid stat -a -e kmem:kmalloc --stacks 20 -- sleep 5\n"
		"  sudo stackid stat -r 5 -e page-faults -- true\n"
		"  sudo stackid stat -a -I 1000 -e block:block_rq_issue\n"
		"  sudo stackid stat -x, -e context-switches -- sleep 1\n",
	.options = options,
	.stop_at_word = true,
	.run = stat,
};

static FILE *open_output(const struct stat_options *opts)
{
	FILE *out = stderr;

	if (opts->output)
		out = fopen(opts->output, opts->append ? "ae" : "we");
	else if (opts->log_fd)
		out = fdopen(fcntl(opts->log_fd, F_DUPFD_CLOEXEC, 3), "w");
	if (!out)
		stackid_complain("cannot write %s: %s", opts->output ?
				 opts->output : "to --log-fd", strerror(errno));
	return out;
}

static void check_options(const struct command *self,
			  const struct stat_options *opts, bool workload)
{
	if (opts->repeat && !workload)
		stackid_command_misused(self, "-r is for a COMMAND that is run again and again");
	if (opts->repeat && opts->interval_ms)
		stackid_command_misused(self, "-r and -I contradict each other: means of runs, or what was counted in each interval?");
	if (!opts->interval_ms && (opts->interval_count || opts->clear ||
				   opts->summary))
		stackid_command_misused(self, "--interval-count, --interval-clear and --summary are about -I");
	if (opts->append && !opts->output)
		stackid_command_misused(self, "--append is for the file of -o");
	if (opts->output && opts->log_fd)
		stackid_command_misused(self, "-o and --log-fd contradict each other: give one of them");
}

static int stat(const struct command *self, int argc, char **argv)
{
	struct stat_options opts = { .shown.stacks = DEFAULT_STACKS, .big_num = true };
	struct stat_run run = { };
	struct recorder_request *request = &run.request;
	int first = stackid_command_parse(self, &opts, argc, argv);
	int code;

	request->workload = argv[first] ? argv + first : NULL;
	check_options(self, &opts, request->workload);
	stackid_record_whose(&opts.whose, self, request);
	if (!opts.events.nr)
		stackid_record_events_take(DEFAULT_EVENTS, &opts.events);
	stackid_record_events_complete(&opts.events, self, &opts.rates);
	request->command = "stat";
	request->events = opts.events.lines;
	request->nr_events = opts.events.nr;
	request->buffer_kb = opts.buffer_kb;
	request->delay_ms = opts.delay_ms;
	request->duration_ms = opts.interval_count ?
		opts.interval_count * opts.interval_ms : opts.timeout_ms;
	request->quiet = opts.quiet;
	request->verbose = opts.verbose;
	request->argv = argv;
	run.style.out = open_output(&opts);
	if (!run.style.out)
		return EXIT_FAILED;
	run.style.separator = opts.separator;
	run.style.plain = !opts.big_num;
	run.style.stacks = opts.separator && !opts.shown.asked ?
			   0 : opts.shown.stacks;
	run.repeat = opts.repeat;
	run.interval_ms = opts.interval_ms;
	run.clear = opts.clear;
	run.summary = opts.summary;
	run.ledger = opts.ledger || (!request->workload && !opts.separator &&
				     !opts.interval_ms);
	run.sync = opts.sync;

	code = stackid_stat_run(&run);
	if (run.style.out != stderr && fclose(run.style.out)) {
		stackid_complain("cannot write the counts: %s", strerror(errno));
		code = EXIT_FAILED;
	}
	stackid_record_events_free(&opts.events);
	free(opts.whose.cpus.at);
	if (run.recorder.ended_by)
		stackid_signals_die_by(run.recorder.ended_by);
	return code;
}
