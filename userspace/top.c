// SPDX-License-Identifier: GPL-2.0
/* stackid top: what is hit now. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "lib/clock.h"
#include "lib/memory.h"
#include "lib/tui/screen.h"
#include "record/record_units.h"
#include "top/top_common.h"

/* Less would be a table that nobody can read. */
#define SHORTEST	(NSEC_PER_SEC / 10)

/* Rows that have nothing in the interval are not shown. */
#define SOMETHING	1e-9

static int take_delay(const char *arg, void *field)
{
	uint64_t *ns = field;

	if (stackid_record_time(arg, ns) && *ns >= SHORTEST)
		return 0;
	stackid_complain("-d takes seconds, or a time with its unit, from 0.1 on, not '%s'",
			 arg);
	return -1;
}

static int take_sort(const char *arg, void *field)
{
	static const char *const names[] = { "sym", "module", "event", "stack" };
	const struct sort_order *sort = field;

	if (stackid_sort_parse(arg, field))
		return -1;
	for (unsigned int i = 0; i < sort->nr; i++) {
		if (sort->keys[i] == KEY_SYM || sort->keys[i] == KEY_MODULE ||
		    sort->keys[i] == KEY_EVENT || sort->keys[i] == KEY_STACK)
			continue;
		stackid_refuse_word("events are counted by stack, not by",
				    stackid_sort_name(sort->keys[i]), names,
				    ARRAY_SIZE(names));
		return -1;
	}
	return 0;
}

static const struct option_row options[] = {
	OPTION_GROUP("What"),
	OPTION_CALL('e', "event", struct top_options, events, "EVENT", "event",
		    stackid_record_events_take,
		    "count this event (default: cycles, or cpu-clock where there is no such counter), as 'stackid record' takes it; several by commas or several -e"),
	OPTION_CALL('F', "freq", struct top_options, rates.freq, "HZ", "max",
		    stackid_record_events_take_freq,
		    "sample counters so many times a second (default: 4000)"),
	OPTION_CALL('c', "count", struct top_options, rates.count, "N", NULL,
		    stackid_record_events_take_count,
		    "sample counters every N events instead"),
	OPTION_GROUP("Whose"),
	OPTION_FLAG('a', "all-cpus", struct top_options, whose.all,
		    "of everybody, which is the default"),
	OPTION_CALL('p', "pid", struct top_options, whose.pids,
		    "PID[,PID]", "pid", stackid_record_take_pids,
		    "of these processes and what they start"),
	OPTION_CALL('t', "tid", struct top_options, whose.tids,
		    "TID[,TID]", "pid", stackid_record_take_tids,
		    "of these threads alone"),
	OPTION_CALL('u', "uid", struct top_options, whose, "USER", NULL,
		    stackid_record_take_user,
		    "of whoever acts as this user, by name or number"),
	OPTION_CALL('C', "cpu", struct top_options, whose.cpus,
		    "CPU[,CPU-CPU]", "cpu", stackid_record_take_cpus,
		    "only what happens on these CPUs"),
	OPTION_GROUP("How"),
	OPTION_CALL('d', "delay", struct top_options, delay_ns, "SECONDS",
		    NULL, take_delay,
		    "how long an interval is (default 2); also with a unit: 500ms"),
	OPTION_FLAG('b', "batch", struct top_options, batch,
		    "print one table after the other as text; done where the output is no terminal, too"),
	OPTION_NUMBER('n', "iterations", struct top_options, iterations, "N",
		      "end after N intervals"),
	OPTION_CALL('s', "sort", struct top_options, report.sort, "KEY[,KEY]",
		    "sym module event stack", take_sort,
		    "a row for each sym, module, event or stack (default: sym; with -b a table by sym and one by stack,sym)"),
	OPTION_FLAG(0, "children", struct top_options, report.children,
		    "count what a function called to it too (default; --no-children does not)"),
	OPTION_CALL('m', "mmap-pages", struct top_options, buffer_kb, "SIZE",
		    NULL, stackid_record_take_buffer,
		    "of each CPU's ring, in pages or with K, M, G; it is rounded up to a power of two"),
	OPTION_END
};

static int top(const struct command *self, int argc, char **argv);

const struct command stackid_command_top = {
	.name = "top",
	.summary = "show what is hit now",
	.usage = "[OPTIONS]",
	.description =
		"Counts events by their stacks while they come, and shows the functions and stacks\n"
		"that were hit most in the last interval, and since it began.  Keys open trees, sort,\n"
		"filter, pause and change the event; ? explains them.  Nothing is written.\n",
	.examples =
		"  sudo stackid top\n"
		"  sudo stackid top -e sched:sched_switch -d 5\n"
		"  sudo stackid top -e kmem:kmalloc -p 1234 -s stack,sym\n"
		"  sudo stackid top -b -n 3 >top.txt\n",
	.options = options,
	.run = top,
};

static int run(struct top *top)
{
	struct report *report = &top->report;
	int code;

	report->options = &top->options->report;
	report->data = stackid_watch_data(top->watch);
	report->reading = stackid_reading_live(report->data, "the rings");
	report->hits_title = "In all";
	report->row_limit = SOMETHING;
	report->tree_limit = 0.5;
	code = top->options->batch ? stackid_top_batch(top) :
				     stackid_top_screen(top);
	stackid_reading_live_end(report->reading);
	stackid_line_free(&report->line);
	return code;
}

static int top(const struct command *self, int argc, char **argv)
{
	struct top_options opts = {
		.delay_ns = 2 * NSEC_PER_SEC,
		.report = {
			.sort = { .keys = { KEY_SYM }, .nr = 1 },
			.children = true,
			.max_stack = UINT64_MAX,
			.call_graph.on = true,
			.show_hits = true,
		},
	};
	struct top top = { .options = &opts };
	struct recorder_request request = { .command = "top" };
	int first = stackid_command_parse(self, &opts, argc, argv);
	int code = EXIT_FAILED;

	if (argv[first])
		stackid_command_misused(self, "'%s' is no option, and top runs nothing; -e names an event",
					argv[first]);
	if (!isatty(STDOUT_FILENO))
		opts.batch = true;
	if (opts.batch)
		opts.report.call_graph.on = false;
	signal(SIGPIPE, SIG_DFL);
	stackid_record_whose(&opts.whose, self, &request);
	request.default_event = !opts.events.nr;
	stackid_record_events_complete(&opts.events, self, &opts.rates);
	request.events = opts.events.lines;
	request.nr_events = opts.events.nr;
	request.buffer_kb = opts.buffer_kb;
	top.watch = stackid_watch_begin(&request);
	if (top.watch) {
		code = run(&top);
		stackid_watch_end(top.watch);
	}
	stackid_record_events_free(&opts.events);
	free(opts.whose.cpus.at);
	return code;
}
