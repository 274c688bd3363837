// SPDX-License-Identifier: GPL-2.0
/*
 * stackid report: who hit how often, as a table and as call trees, in the look
 * of "perf report --stdio".
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stackid.h>

#include "lib/clock.h"
#include "lib/duration.h"
#include "lib/memory.h"
#include "lib/pager.h"
#include "lib/tui/screen.h"
#include "report/report_table.h"
#include "report/report_tui.h"

#define DEFAULT_TREE_LIMIT	0.5
#define DEFAULT_QUANTUM		(NSEC_PER_SEC / 10)

/* What brought the kernel here: perf's own pattern knows names of before 4.17. */
#define DEFAULT_PARENTS		"^__(x64|ia32|x32)_(compat_)?sys_|^(asm_)?exc_|^asm_sysvec_|^asm_common_interrupt"

/* "2K" for 2443, as perf has it. */
static void print_samples(struct report *report, uint64_t nr,
			  const char *events)
{
	static const char units[] = " KMGTPE";
	const char *unit = units;

	for (; nr > 1000 && unit[1]; unit++)
		nr /= 1000;
	stackid_line_add(&report->line, "# Samples: %" PRIu64 "%c of event%s",
			 nr, *unit, events);
	stackid_line_end(&report->line);
}

static void print_section(struct report *report, const char *title,
			  const struct profile_sum *sum, unsigned int event)
{
	print_samples(report, sum->hits, title);
	printf("# Event count (approx.): %" PRIu64 "\n#\n", sum->weight);
	if (sum->overflow)
		puts("# The sum of the values has no room in 64 bits; shares are wrong.\n#");
	report->whole = sum->weight;
	if (sum->hits)
		stackid_table_print(report, event);
	else
		putchar('\n');
}

static void print_event(struct report *report,
			const struct data_event_name *event)
{
	const struct profile_sum *sum =
		stackid_profile_sum(report->profile, event->number);
	char *title = stackid_memory_print(" '%s'%s%s%s", event->name,
					   *event->options ? " (" : "",
					   event->options,
					   *event->options ? ")" : "");

	if (sum->hits && report->weigh && !sum->weight) {
		print_samples(report, sum->hits, title);
		puts("# Its hits have no values; record it with value=argN.\n#\n");
	} else {
		print_section(report, title, sum, event->number);
	}
	free(title);
}

/* With the event as a key all of them share one table. */
static void print_all_events(struct report *report)
{
	struct profile_sum all = {};
	char *title = stackid_memory_strdup("s");

	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		const struct profile_sum *sum =
			stackid_profile_sum(report->profile, i);
		char *longer;

		if (!sum->hits)
			continue;
		longer = stackid_memory_print("%s%s '%s'", title,
					      all.hits ? "," : "",
					      stackid_reading_event(report->reading, i)->name);
		free(title);
		title = longer;
		all.hits += sum->hits;
		all.overflow |= sum->overflow || all.weight + sum->weight <
						 sum->weight;
		all.weight = stackid_profile_add_weights(all.weight,
							 sum->weight);
	}
	print_section(report, title, &all, 0);
	free(title);
}

/* Something to show, or a complaint. */
static int make_profile(struct report *report)
{
	if (stackid_reading_fill_profile(report->reading, report->profile,
					 report->weigh))
		return -1;
	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		if (stackid_profile_sum(report->profile, i)->weight)
			return 0;
	}
	stackid_reading_complain_valueless(report->reading);
	return -1;
}

static void print_report(struct report *report)
{
	char *loss = stackid_reading_loss(report->reading);

	if (report->options->header)
		stackid_reading_print_header(report->reading, stdout);
	printf("# Total Lost Samples: %" PRIu64 "\n",
	       stackid_data_lost(report->data));
	stackid_line_add(&report->line, "# %s", loss);
	stackid_line_end(&report->line);
	puts("#");
	free(loss);
	if (report_sorts_by(report, KEY_EVENT)) {
		print_all_events(report);
		return;
	}
	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		bool named = stackid_data_event_by_number(report->data, i);

		/* One that was enabled and never hit is worth a line. */
		if ((named && stackid_reading_wants_event(report->reading, i)) ||
		    stackid_profile_sum(report->profile, i)->hits)
			print_event(report,
				    stackid_reading_event(report->reading, i));
	}
}

static unsigned int wanted_keys(const struct report *report)
{
	unsigned int keys = 0;

	/* The sort may change, but for what would make too many cells. */
	if (report->options->tui)
		keys = PROFILE_COMM | PROFILE_TGID | PROFILE_PID | PROFILE_CPU;
	if (report_sorts_by(report, KEY_COMM))
		keys |= PROFILE_COMM;
	if (report_sorts_by(report, KEY_PID))
		keys |= PROFILE_TGID;
	if (report_sorts_by(report, KEY_TID))
		keys |= PROFILE_PID;
	if (report_sorts_by(report, KEY_CPU))
		keys |= PROFILE_CPU;
	if (report_sorts_by(report, KEY_TIME))
		keys |= PROFILE_TIME;
	return keys;
}

static int parse_quantum(const char *arg, void *field)
{
	uint64_t *ns = field;

	if (stackid_parse_duration(arg, "--time-quantum", ns))
		return -1;
	if (*ns)
		return 0;
	stackid_complain("--time-quantum has to be at least 1ns");
	return -1;
}

/* As perf has it: who names parents wants them in the table, and nothing else. */
static int settle_parents(struct report_options *options)
{
	if (options->parents.nr) {
		stackid_sort_add(&options->sort, KEY_PARENT);
		if (options->exclude_other)
			options->reading.focus.parents = &options->parents;
		return 0;
	}
	return stackid_patterns_add(DEFAULT_PARENTS, &options->parents);
}

/* Which functions are parents, after the profile is finished. */
static void mark_parents(struct report *report)
{
	uint32_t nr = stackid_profile_nr_functions(report->profile);

	report->parents = stackid_memory_zalloc(nr, sizeof(bool));
	for (uint32_t i = 0; i < nr; i++)
		report->parents[i] =
			stackid_patterns_match(&report->options->parents,
					       stackid_profile_function(report->profile, i)->name);
}

static int parse_percent(const char *text, double *percent)
{
	char *end;

	*percent = strtod(text, &end);
	if (end == text || *end || !(*percent >= 0) || *percent > 100) {
		stackid_complain("--percent-limit takes a number from 0 to 100, not '%s'",
				 text);
		return -1;
	}
	return 0;
}

/* "-gcaller" and the like, of which perf knows some more. */
static int settle_call_graph(struct report_options *options)
{
	const char *value = options->call_graph.value;

	if (!value)
		return 0;
	if (!strcmp(value, "none")) {
		options->call_graph.on = false;
		return 0;
	}
	if (strcmp(value, "caller") && strcmp(value, "callee")) {
		stackid_complain("-g takes caller, callee or none, not '%s'",
				 value);
		return -1;
	}
	if (!options->order)
		options->order = value;
	return 0;
}

static int settle_options(struct report *report)
{
	const struct report_options *options = report->options;

	if (options->order && strcmp(options->order, "caller") &&
	    strcmp(options->order, "callee")) {
		stackid_complain("--order takes caller or callee, not '%s'",
				 options->order);
		return -1;
	}
	report_settle_sort(report);
	report->weigh = stackid_reading_is_weighed(&options->reading);
	report->tree_limit = DEFAULT_TREE_LIMIT;
	if (options->percent_limit) {
		if (parse_percent(options->percent_limit, &report->row_limit))
			return -1;
		report->tree_limit = report->row_limit;
	}
	return 0;
}

static void print_as_wanted(struct report *report)
{
	if (!report->options->plain) {
		report->line.colours = stackid_terminal_colours();
		if (report->options->reading.pager)
			stackid_pager_start();
		if (!stackid_pager_running())
			report->line.width = stackid_terminal_width();
	}
	print_report(report);
}

static int run(const struct command *self, int argc, char **argv)
{
	struct report_options options = {
		.reading.pager = true,
		.sort = { .keys = { KEY_COMM, KEY_SYM }, .nr = 2 },
		.children = true,
		.exclude_other = true,
		.quantum = DEFAULT_QUANTUM,
		.call_graph.on = true,
	};
	struct report report = { .options = &options };
	int first = stackid_command_parse(self, &options, argc, argv);
	int result = EXIT_OK;

	if (first < argc)
		stackid_command_misused(self, "'%s' is one word too many; files are named with -i",
					argv[first]);
	if (options.tui && options.plain)
		stackid_command_misused(self, "--tui and --stdio contradict each other: a screen, or plain text?");
	if (settle_call_graph(&options) || settle_parents(&options) ||
	    settle_options(&report))
		return EXIT_USAGE;
	if (options.tui && stackid_screen_check())
		return EXIT_FAILED;
	report.reading = stackid_reading_open(&options.reading);
	if (!report.reading)
		return EXIT_FAILED;
	report.data = stackid_reading_data(report.reading);
	report.profile = stackid_profile_create(report.data,
						wanted_keys(&report));
	stackid_profile_set_quantum(report.profile, options.quantum);
	if (make_profile(&report)) {
		result = EXIT_FAILED;
	} else {
		stackid_profile_finish(report.profile);
		if (report_sorts_by(&report, KEY_PARENT))
			mark_parents(&report);
		if (options.tui && stackid_report_tui(&report, &options))
			result = EXIT_FAILED;
		else if (!options.tui)
			print_as_wanted(&report);
	}
	stackid_profile_destroy(report.profile);
	stackid_patterns_free(&options.parents);
	free(report.parents);
	stackid_line_free(&report.line);
	return stackid_reading_close(report.reading, result);
}

static const struct option_row rows[] = {
	READING_OPTION_ROWS_AND(struct report_options, 'd'),
	OPTION_GROUP("Rows"),
	OPTION_CALL('s', "sort", struct report_options, sort, "KEY[,KEY]",
		    "comm pid tid cpu sym module event stack time parent overhead",
		    stackid_sort_parse,
		    "a row for each comm, pid, tid, cpu, sym, module, event, stack, slice of time or parent (default comm,sym); keys before overhead order the rows"),
	OPTION_CALL(0, "time-quantum", struct report_options, quantum,
		    "TIME", NULL, parse_quantum,
		    "how long a slice of --sort time is (default 100ms)"),
	OPTION_FLAG(0, "ns", struct report_options, nanoseconds,
		    "times with nanoseconds"),
	OPTION_CALL('p', "parent", struct report_options, parents, "REGEX",
		    NULL, stackid_patterns_add,
		    "what is a parent to --sort parent, which it adds: the innermost function of a stack that matches (default: system calls, exceptions and interrupts)"),
	OPTION_FLAG('x', "exclude-other", struct report_options, exclude_other,
		    "with --parent, leave out stacks without one (default)"),
	OPTION_FLAG(0, "children", struct report_options, children,
		    "count what a function called to it too (default; --no-children does not)"),
	READING_WEIGHT_ROW(struct report_options,
			   "count hits (default), or sum up the value of this name; 'value' is each event's first"),
	OPTION_STRING(0, "percent-limit", struct report_options, percent_limit,
		      "PERCENT", NULL,
		      "leave out rows (default 0) and branches (default 0.5) below PERCENT"),
	OPTION_FLAG('n', "show-nr-samples", struct report_options, show_hits,
		    "a column with the number of hits"),
	OPTION_GROUP("Call trees"),
	OPTION_SWITCH_LOOSE('g', "call-graph", struct report_options, call_graph,
		      "[=WHO]", "caller callee none",
		      "a tree below each row (default; --no-call-graph for rows only); -gcaller and -gcallee are --order, too"),
	OPTION_STRING(0, "order", struct report_options, order, "WHO",
		      "caller callee",
		      "begin trees with the caller (default) or callee (with --no-children)"),
	OPTION_GROUP("Output"),
	OPTION_FLAG(0, "header", struct report_options, header,
		    "tell where, when and how it was recorded"),
	OPTION_FLAG(0, "stdio", struct report_options, plain,
		    "plain text on terminals too: no pager, no colours, lines not cut"),
	OPTION_FLAG(0, "tui", struct report_options, tui,
		    "a screen with keys: trees that open and close, search, zoom; ? explains them"),
	OPTION_FLAG(0, "pager", struct report_options, reading.pager,
		    "page a long text on a terminal (default; see STACKID_PAGER)"),
	OPTION_END,
};

const struct command stackid_command_report = {
	.name = "report",
	.summary = "show where the recorded events came from",
	.usage = "[OPTIONS]",
	.description =
		"Prints a table of who hit each event how often, in percent, with call trees\n"
		"below its rows, and what was lost.\n",
	.examples =
		"  stackid report\n"
		"  stackid report --no-children --sort sym --no-call-graph\n"
		"  stackid report --tui\n"
		"  stackid report --event sched:sched_switch --sort comm --percent-limit 2\n",
	.options = rows,
	.run = run,
};
