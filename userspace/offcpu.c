// SPDX-License-Identifier: GPL-2.0
/*
 * stackid offcpu: why threads did not run, for how long, and who woke them.  It
 * records the two events that say so, or reads a file that has them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/duration.h"
#include "lib/memory.h"
#include "lib/pager.h"
#include "offcpu/offcpu_graph.h"
#include "offcpu/offcpu_report.h"

#define DEFAULT_TOP	10

static const char *const events[] = {
	"sched:sched_switch value=next->pid,prev_state,preempt",
	"sched:sched_waking value=p->pid",
};

static const char *const part_names[OFFCPU_NR_PARTS] = {
	[OFFCPU_THREADS]	= "thread",
	[OFFCPU_STACKS]		= "stack",
	[OFFCPU_WAKERS]		= "waker",
	[OFFCPU_HISTOGRAM]	= "histogram",
	[OFFCPU_LONGEST]	= "longest",
};

static int take_parts(const char *arg, void *field)
{
	return stackid_words_take_bits(arg, "--show has no part", part_names,
				       OFFCPU_NR_PARTS, field);
}

static int take_min(const char *arg, void *field)
{
	return stackid_parse_duration(arg, "--min", field);
}

/* "S,D" or "SD", as ps prints them. */
static int take_states(const char *arg, void *field)
{
	size_t length = strspn(arg, WAIT_STATES ",");

	if (arg[length] || !*arg) {
		stackid_complain("--state takes letters as ps prints them, such as S,D, of %s (R: it could run all the time), not '%s'",
				 WAIT_STATES, arg);
		return -1;
	}
	*(const char **)field = arg;
	return 0;
}

static bool has_moment(struct reading *reading, const struct wait *wait)
{
	struct data_event moment = stackid_waits_moment(wait);

	return stackid_reading_has_moment(reading, &moment);
}

static bool passes(const struct offcpu_options *options,
		   struct reading *reading, const struct data_reader *data,
		   const struct wait *wait)
{
	if (options->who.nr &&
	    !stackid_data_descends(data, wait->left.pid, &options->who))
		return false;
	if (options->tids.nr &&
	    !stackid_ranges_has(&options->tids, wait->left.pid))
		return false;
	if (options->comms.nr &&
	    !stackid_words_has(&options->comms, wait->left.comm))
		return false;
	if (!has_moment(reading, wait))
		return false;
	return (!options->states || strchr(options->states, wait->state)) &&
	       offcpu_whole(wait) >= options->min;
}

static void print_report(struct offcpu_report *report,
			 const struct waits *waits)
{
	char *loss = stackid_reading_loss(report->reading);

	if (!report->options->plain && report->options->reading.pager)
		stackid_pager_start();
	printf("# %s\n", loss);
	free(loss);
	stackid_offcpu_report_print(report, waits);
}

static int show(struct offcpu_report *report, struct waits *waits)
{
	const struct offcpu_options *options = report->options;
	struct data_reader *data = report->shapes.data;
	bool graph = options->page || options->folded;
	struct profile *profile = NULL;
	struct wait wait;
	int result = EXIT_OK;

	if (graph)
		profile = stackid_profile_create(data, PROFILE_COMM);
	while (stackid_waits_next(waits, &wait)) {
		if (!passes(options, report->reading, data, &wait)) {
			report->left_out++;
			continue;
		}
		stackid_offcpu_report_add(report, &wait);
		if (graph)
			stackid_offcpu_graph_add(profile, &report->shapes, &wait);
	}
	if (!report->whole.nr && !report->left_out) {
		stackid_complain("%s has no wait from its beginning to its end",
				 stackid_reading_name(report->reading));
		result = EXIT_FAILED;
	} else if (!report->whole.nr) {
		stackid_complain("none of the %llu waits in %s is left by the options",
				 (unsigned long long)report->left_out,
				 stackid_reading_name(report->reading));
		result = EXIT_FAILED;
	} else if (graph) {
		result = stackid_offcpu_graph_write(report->reading, profile,
						    options->folded ? NULL :
								      options->page);
		if (result == EXIT_OK)
			stackid_reading_complain_loss(report->reading);
	} else {
		print_report(report, waits);
	}
	if (profile)
		stackid_profile_destroy(profile);
	return result;
}

static int read_file(struct offcpu_options *options, bool workload)
{
	struct offcpu_report report = {
		.options = options,
		.longest.max = options->top ? options->top : SIZE_MAX,
	};
	struct waits *waits = NULL;
	int result = EXIT_FAILED;

	report.reading = stackid_reading_open(&options->reading);
	if (!report.reading)
		return EXIT_FAILED;
	report.shapes.data = stackid_reading_data(report.reading);
	if (!stackid_record_own_choose(&options->own, report.shapes.data, workload,
				       &options->who))
		waits = stackid_waits_open(report.shapes.data);
	if (waits) {
		result = show(&report, waits);
		stackid_waits_close(waits);
	}
	stackid_offcpu_report_free(&report);
	return stackid_reading_close(report.reading, result);
}

/* The workload's exit code, or what reading gives. */
static int record(struct offcpu_options *options, int argc, char **argv,
		  int first)
{
	int code = stackid_record_own(&options->own, "offcpu", events,
				      sizeof(events) / sizeof(*events), argc,
				      argv, first, &options->reading.input);
	int result;

	if (!options->reading.input)
		return code;
	result = read_file(options, first < argc);
	return result == EXIT_OK ? code : result;
}

static int run(const struct command *self, int argc, char **argv)
{
	struct offcpu_options options = {
		.reading.pager = true,
		.top = DEFAULT_TOP,
	};
	int first = stackid_command_parse(self, &options, argc, argv);
	int result;

	if (!options.parts)
		options.parts = (1U << OFFCPU_NR_PARTS) - 1;
	if (options.page && options.folded)
		stackid_command_misused(self, "--flamegraph writes a page and --folded lines of text: give one of them");
	stackid_record_own_check(&options.own, self, options.reading.input,
				 argv[first]);
	if (options.reading.input)
		result = read_file(&options, false);
	else
		result = record(&options, argc, argv, first);
	free(options.who.at);
	free(options.tids.at);
	stackid_words_free(&options.comms);
	return result;
}

static const struct option_row rows[] = {
	OPTION_GROUP("Input"),
	OPTION_STRING('i', "input", struct offcpu_options, reading.input, "FILE",
		      "file",
		      "record nothing, read FILE, which has both events; - is a pipe"),
	READING_FILE_OPTION_ROWS(struct offcpu_options),
	RECORD_OWN_OPTION_ROWS(struct offcpu_options),
	OPTION_GROUP("Whose waits"),
	OPTION_FLAG('a', "all-cpus", struct offcpu_options, own.all,
		    "those of everybody, not only of the workload"),
	OPTION_STRING('p', "pid", struct offcpu_options, own.pids,
		      "PID[,PID]", "pid",
		      "those of these processes and of what they start; recording ends with them"),
	OPTION_CALL(0, "tid", struct offcpu_options, tids, "TID[,TID]", "pid",
		    stackid_filter_add_range, "those of these threads"),
	OPTION_CALL('c', "comms", struct offcpu_options, comms, "COMM[,COMM]",
		    "comm", stackid_words_add,
		    "those of threads with these names"),
	OPTION_GROUP("Which waits"),
	OPTION_CALL(0, "min", struct offcpu_options, min, "DURATION", NULL,
		    take_min, "those that took at least so long, such as 250us"),
	OPTION_CALL(0, "state", struct offcpu_options, states, "LETTER[,LETTER]",
		    NULL, take_states,
		    "those in these states, as ps prints them: S, D and so on; R is who was preempted"),
	READING_MOMENT_OPTION_ROWS(struct offcpu_options),
	OPTION_GROUP("Output"),
	OPTION_CALL(0, "show", struct offcpu_options, parts, "PART[,PART]",
		    "thread stack waker histogram longest", take_parts,
		    "thread, stack, waker, histogram, longest (default: all)"),
	OPTION_NUMBER('n', "top", struct offcpu_options, top, "N",
		      "so many lines of each part (default 10); 0 is all"),
	OPTION_STRING(0, "flamegraph", struct offcpu_options, page, "FILE",
		      "file",
		      "write a flame graph of the time to FILE, an HTML page, instead"),
	OPTION_FLAG(0, "folded", struct offcpu_options, folded,
		    "print folded stacks with their ns instead"),
	OPTION_FLAG(0, "stdio", struct offcpu_options, plain,
		    "no pager on terminals"),
	OPTION_END,
};

const struct command stackid_command_offcpu = {
	.name = "offcpu",
	.summary = "show why threads did not run, and who woke them",
	.usage = "[OPTIONS] [--] [COMMAND [ARGS]]",
	.description =
		"Records every task switch and every waking while COMMAND runs, and shows its time\n"
		"off the CPUs: blocked, until it was woken, and waiting for a CPU, until it ran, by\n"
		"thread, by stack, by waker.  Without COMMAND it records until Ctrl-C; with -i it\n"
		"shows a recording that is there.\n",
	.examples =
		"  sudo stackid offcpu -- tar cf /dev/null /usr/share/doc\n"
		"  sudo stackid offcpu -p 1234 --min 1ms --state S,D\n"
		"  stackid offcpu -i stackid.data --show waker,longest\n"
		"  stackid offcpu -i stackid.data --flamegraph offcpu.html\n",
	.options = rows,
	.stop_at_word = true,
	.run = run,
};
