// SPDX-License-Identifier: GPL-2.0
/* stackid record: the options.  The recording itself is lib/recorder.c. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "lib/array.h"
#include "lib/data/data.h"
#include "lib/live/event_line.h"
#include "lib/live/recorder.h"
#include "lib/ranges.h"

struct event_list {
	char **lines;
	size_t nr;
	size_t room;
};

struct record_options {
	struct event_list events;
	uint64_t freq;
	uint64_t count;
	bool all_cpus;
	struct ranges cpus;
	const char *pids;
	const char *output;
	uint64_t buffer_kb;
	bool quiet;
	int verbose;
	bool call_graph;
};

/* Of -F and -c, which 0 would turn into the default. */
static int take_rate(const char *arg, void *field)
{
	uint64_t *rate = field;

	if (stackid_parse_number(arg, "record: -F or -c", rate))
		return -1;
	if (*rate)
		return 0;
	stackid_complain("record: -F and -c take a number from 1 on; leave them out for 4000 samples a second");
	return -1;
}

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

/*
 * Commas separate events up to the first blank; behind it they belong to the
 * options: "a:b,c:d value=arg2 pid=1,2" is the events a:b and c:d.
 */
static int add_events(const char *arg, void *field)
{
	struct event_list *list = field;

	while (*arg == ' ' || *arg == ',')
		arg++;
	if (!*arg) {
		stackid_complain("record: -e takes the name of an event; 'stackid list' shows them");
		return -1;
	}
	while (*arg) {
		size_t length = strcspn(arg, ", ");

		if (arg[length] == ' ')
			length = strlen(arg);
		stackid_array_reserve(list->lines, list->nr, list->room);
		list->lines[list->nr++] = strndup(arg, length);
		arg += length;
		arg += strspn(arg, ",");
	}
	return 0;
}

/* Of the event before it, as perf has it. */
static int add_filter(const char *arg, void *field)
{
	struct event_list *list = field;
	char *longer;

	if (!list->nr) {
		stackid_complain("record: --filter is for the event before it, and there is none: -e EVENT --filter '%s'",
				 arg);
		return -1;
	}
	longer = stackid_event_line_add_filter(list->lines[list->nr - 1], arg);
	if (!longer)
		return -1;
	free(list->lines[list->nr - 1]);
	list->lines[list->nr - 1] = longer;
	return 0;
}

/* "0,2-5" */
static int take_cpus(const char *arg, void *field)
{
	struct ranges *cpus = field;

	if (!stackid_ranges_add(cpus, arg, NULL) &&
	    stackid_ranges_next(cpus, DATA_MAX_CPUS) == UINT64_MAX)
		return 0;
	stackid_complain("record: -C takes CPUs such as 0,2-5, not '%s'", arg);
	return -1;
}

/* Pages, as perf has it, or with B, K, M or G. */
static int take_size(const char *arg, void *field)
{
	uint64_t *kb = field;
	char *end;
	uint64_t n = strtoull(arg, &end, 10);
	uint64_t bytes = 0;

	if (end != arg && isdigit((unsigned char)*arg) && n <= 1ULL << 32) {
		switch (toupper((unsigned char)*end)) {
		case '\0':
			bytes = n * sysconf(_SC_PAGESIZE);
			break;
		case 'B':
			bytes = n;
			break;
		case 'K':
			bytes = n << 10;
			break;
		case 'M':
			bytes = n << 20;
			break;
		case 'G':
			bytes = n << 30;
			break;
		}
		if (*end && end[1])
			bytes = 0;
	}
	if (!bytes) {
		stackid_complain("record: -m takes a number of pages or a size such as 512K or 4M, not '%s'",
				 arg);
		return -1;
	}
	*kb = (bytes + 1023) >> 10;
	return 0;
}

static const struct option_row options[] = {
	OPTION_GROUP("What"),
	OPTION_CALL('e', "event", struct record_options, events, "EVENT",
		    "event", add_events,
		    "record this event (default: cycles, or cpu-clock where there is no such counter); see 'stackid list'. Several by commas or several -e; options follow a blank: -e 'kmem:kmalloc value=bytes_alloc,ptr if=bytes_alloc>4096'"),
	OPTION_CALL(0, "filter", struct record_options, events, "FILTER", NULL,
		    add_filter,
		    "only those hits of the event before it for which this holds: 'bytes_alloc > 4096 && gfp_flags & 0x10'"),
	OPTION_CALL('F', "freq", struct record_options, freq, "HZ", NULL,
		    take_rate,
		    "sample counters so many times a second (default: 4000)"),
	OPTION_CALL('c', "count", struct record_options, count, "N", NULL,
		    take_rate, "sample counters every N events instead"),
	OPTION_CALL_BARE('g', "call-graph", struct record_options, call_graph,
			 "MODE", "fp dwarf lbr", take_call_graph,
			 "accepted as perf's (-g has no MODE); stacks are always recorded"),
	OPTION_GROUP("Whose"),
	OPTION_FLAG('a', "all-cpus", struct record_options, all_cpus,
		    "of everybody, not only of the workload"),
	OPTION_STRING('p', "pid", struct record_options, pids, "PID[,PID]",
		      "pid", "of these processes and what they start, until they all have ended"),
	OPTION_CALL('C', "cpu", struct record_options, cpus, "CPU[,CPU-CPU]",
		    "cpu", take_cpus, "only what happens on these CPUs"),
	OPTION_GROUP("How"),
	OPTION_STRING('o', "output", struct record_options, output, "FILE",
		      "file",
		      "write FILE instead of stackid.data, - is stdout; what was there is kept as FILE.old"),
	OPTION_CALL('m', "mmap-pages", struct record_options, buffer_kb,
		    "SIZE", NULL, take_size,
		    "of each CPU's ring, in pages or with K, M, G; it is rounded up to a power of two"),
	OPTION_FLAG('q', "quiet", struct record_options, quiet,
		    "say nothing but what is wrong"),
	OPTION_COUNT('v', "verbose", struct record_options, verbose,
		     "say more"),
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
		"until they end.  Without either it records until Ctrl-C.  The exit code is COMMAND's.\n",
	.examples =
		"  sudo stackid record -- make -j4\n"
		"  sudo stackid record -a -F 999 -- sleep 10\n"
		"  sudo stackid record -e sched:sched_switch -p 1234\n"
		"  sudo stackid record -a -e kmem:kmalloc,kmem:kfree -m 4M -- sleep 1\n"
		"  sudo stackid record -e 'kprobe:vfs_read value=count' -- cat /etc/passwd\n"
		"  sudo stackid record -a -e 'sched:sched_switch value=next->pid,prev_state' -- sleep 1\n"
		"  sudo stackid record -a -o - -- sleep 5 | stackid report -i -\n",
	.options = options,
	.stop_at_word = true,
	.run = record,
};

/* Counters have plain names, tracepoints and kprobes have a colon. */
static bool is_counter(const char *line)
{
	return !memchr(line, ':', strcspn(line, " "));
}

static bool has_option(const char *line, const char *name)
{
	const char *at = strstr(line, name);

	return at && at[-1] == ' ';
}

/* The lines for "events", without what -p or the workload adds. */
static void complete_events(const struct command *self,
			    struct record_options *opts)
{
	bool counters = false;
	char rate[48] = "";

	if (opts->freq && opts->count)
		stackid_command_misused(self, "-F and -c contradict each other: give one of them");
	if (opts->freq)
		snprintf(rate, sizeof(rate), " freq=%llu",
			 (unsigned long long)opts->freq);
	if (opts->count)
		snprintf(rate, sizeof(rate), " period=%llu",
			 (unsigned long long)opts->count);
	if (!opts->events.nr && *rate)
		counters = true;
	for (size_t i = 0; i < opts->events.nr; i++) {
		char **line = &opts->events.lines[i];
		char *longer;

		if (!is_counter(*line))
			continue;
		counters = true;
		if (!*rate || has_option(*line, "freq=") ||
		    has_option(*line, "period="))
			continue;
		longer = stackid_memory_print("%s%s", *line, rate);
		free(*line);
		*line = longer;
	}
	if (*rate && !counters)
		stackid_command_misused(self, "%s is for counters such as cycles; '%s' is recorded every time it happens",
					opts->freq ? "-F" : "-c",
					opts->events.lines[0]);
	if (opts->events.nr)
		return;
	stackid_array_reserve(opts->events.lines, 0, opts->events.room);
	opts->events.lines[opts->events.nr++] =
		stackid_memory_print("cycles%s", rate);
}

static int record(const struct command *self, int argc, char **argv)
{
	struct record_options opts = { .output = NULL };
	struct recorder_request request = { };
	char **called;
	int first = stackid_command_parse(self, &opts, argc, argv);
	int result;

	request.default_event = !opts.events.nr;
	complete_events(self, &opts);
	request.events = opts.events.lines;
	request.nr_events = opts.events.nr;
	request.workload = argv[first] ? argv + first : NULL;
	request.all = opts.all_cpus;
	request.pids = opts.pids;
	request.cpus = &opts.cpus;
	request.output = opts.output;
	request.buffer_kb = opts.buffer_kb;
	request.quiet = opts.quiet;
	request.verbose = opts.verbose;
	/* As it was typed: argv begins with the subcommand. */
	called = stackid_memory_zalloc(argc + 2, sizeof(*called));
	called[0] = "stackid";
	memcpy(called + 1, argv, argc * sizeof(*called));
	request.argv = called;

	if (opts.all_cpus && opts.pids)
		stackid_command_misused(self, "-a and -p contradict each other: everybody, or these processes?");
	/* -C alone means what happens on those CPUs, as with perf. */
	if (opts.cpus.nr && !opts.pids)
		request.all = true;
	/* Nobody to restrict it to: everybody is meant. */
	if (!request.workload && !opts.pids)
		request.all = true;
	if (opts.call_graph && opts.verbose)
		stackid_say("record", "-g changes nothing: stacks are always recorded");
	result = stackid_recorder_run(&request);
	for (size_t i = 0; i < opts.events.nr; i++)
		free(opts.events.lines[i]);
	free(opts.events.lines);
	free(opts.cpus.at);
	free(called);
	return result;
}
