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
#include "lib/memory.h"
#include "lib/pager.h"
#include "lib/tui/screen.h"
#include "report/report_hierarchy.h"
#include "report/report_perf.h"
#include "report/report_profile.h"
#include "report/report_settle.h"
#include "report/report_table.h"
#include "report/report_tui.h"

#define DEFAULT_QUANTUM		(NSEC_PER_SEC / 10)

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
	if (!report->options->quiet) {
		print_samples(report, sum->hits, title);
		printf("# Event count (approx.): %" PRIu64 "\n#\n",
		       sum->weight);
		if (sum->overflow)
			puts("# The sum of the values has no room in 64 bits; shares are wrong.\n#");
	}
	report->whole = sum->weight;
	report->whole_hits = sum->hits;
	if (sum->hits && report->options->hierarchy)
		stackid_hierarchy_print(report, event);
	else if (sum->hits)
		stackid_table_print(report, event);
	else if (!report->options->quiet)
		putchar('\n');
}

static void print_event(struct report *report,
			const struct data_event_name *event)
{
	struct profile_sum sum = report_sum(report, event->number);
	char *title = stackid_memory_print(" '%s'%s%s%s", event->name,
					   *event->options ? " (" : "",
					   event->options,
					   *event->options ? ")" : "");

	if (!sum.hits || !report->weigh || sum.weight) {
		print_section(report, title, &sum, event->number);
	} else if (!report->options->quiet) {
		print_samples(report, sum.hits, title);
		puts("# Its hits have no values; record it with value=argN.\n#\n");
	}
	free(title);
}

/* With the event as a key all of them share one table. */
static void print_all_events(struct report *report)
{
	struct profile_sum all = {};
	char *title = stackid_memory_strdup("s");

	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		struct profile_sum sum = report_sum(report, i);
		char *longer;

		if (!sum.hits)
			continue;
		longer = stackid_memory_print("%s%s '%s'", title,
					      all.hits ? "," : "",
					      stackid_reading_event(report->reading, i)->name);
		free(title);
		title = longer;
		all.hits += sum.hits;
		all.overflow |= sum.overflow || all.weight + sum.weight <
						sum.weight;
		all.weight = stackid_profile_add_weights(all.weight,
							 sum.weight);
	}
	print_section(report, title, &all, 0);
	free(title);
}

/* One that was enabled and never hit is worth a line. */
static bool shows_event(const struct report *report, unsigned int event)
{
	if (stackid_profile_sum(report->profile, event)->hits)
		return true;
	return !report->options->skip_empty &&
	       stackid_data_event_by_number(report->data, event) &&
	       stackid_reading_wants_event(report->reading, event);
}

static void print_loss(struct report *report)
{
	char *loss = stackid_reading_loss(report->reading);

	printf("# Total Lost Samples: %" PRIu64 "\n",
	       stackid_data_lost(report->data));
	stackid_line_add(&report->line, "# %s", loss);
	stackid_line_end(&report->line);
	puts("#");
	free(loss);
}

static void print_report(struct report *report)
{
	if (report->options->header)
		stackid_reading_print_header(report->reading, stdout);
	if (!report->options->quiet)
		print_loss(report);
	if (report_sorts_by(report, KEY_EVENT)) {
		print_all_events(report);
		return;
	}
	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		if (shows_event(report, i))
			print_event(report,
				    stackid_reading_event(report->reading, i));
	}
}

static void finish_profile(struct report *report)
{
	struct debug_lines *lines =
		stackid_srcline_open(&report->options->srcline, report->data);

	stackid_profile_set_lines(report->profile, lines);
	stackid_profile_finish(report->profile);
	if (lines)
		stackid_debug_lines_close(lines);
}

/* Returns the exit code.  A screen may change the options. */
static int show(struct report *report, struct report_options *options)
{
	if (options->header_only) {
		stackid_reading_print_header(report->reading, stdout);
		return EXIT_OK;
	}
	stackid_profile_set_quantum(report->profile, options->quantum);
	stackid_profile_set_depth(report->profile, options->max_stack,
				  options->ignored_callees.nr ?
				  &options->ignored_callees : NULL);
	if (stackid_reading_fill_weighed(report->reading, report->profile,
					 report->weigh))
		return EXIT_FAILED;
	finish_profile(report);
	stackid_report_mark_parents(report);
	/* Another order may be asked for there, but no lines. */
	options->sort.may_have_lines = options->srcline.wanted;
	if (options->tui)
		return stackid_report_tui(report, options) ? EXIT_FAILED : EXIT_OK;
	stackid_report_settle_output(report);
	print_report(report);
	return EXIT_OK;
}

static int read_file(struct report *report, struct report_options *options)
{
	int result;

	report->data = stackid_reading_data(report->reading);
	report->profile = stackid_profile_create(report->data,
						 stackid_report_keys(report));
	result = show(report, options);
	stackid_profile_destroy(report->profile);
	free(report->parents);
	stackid_line_free(&report->line);
	return stackid_reading_close(report->reading, result);
}

static int run(const struct command *self, int argc, char **argv)
{
	struct report_options options = {
		.reading.pager = true,
		.sort = {
			.keys = { KEY_COMM, KEY_SYM }, .nr = 2,
			.may_have_lines = true,
		},
		.children = true,
		.quantum = DEFAULT_QUANTUM,
		.max_stack = UINT64_MAX,
		/* Empty where nobody says it. */
		.call_graph = { .on = true, .value = "" },
	};
	struct report report = { .options = &options };
	int first = stackid_command_parse(self, &options, argc, argv);
	int result = EXIT_FAILED;

	if (first < argc)
		stackid_command_misused(self, "'%s' is one word too many; files are named with -i",
					argv[first]);
	if (options.tui && options.plain)
		stackid_command_misused(self, "--tui and --stdio contradict each other: a screen, or plain text?");
	if (stackid_report_settle(&report, &options))
		return EXIT_USAGE;
	if (options.tui && stackid_screen_check())
		return EXIT_FAILED;
	/* Numbers of stacks without ids are those of the whole file. */
	options.reading.in_one_go = !options.header_only &&
				    !report_sorts_by(&report, KEY_STACK);
	report.reading = stackid_reading_open(&options.reading);
	if (report.reading)
		result = read_file(&report, &options);
	stackid_srcline_close(&options.srcline, NULL);
	stackid_patterns_free(&options.parents);
	stackid_patterns_free(&options.ignored_callees);
	return result;
}

/* The letters of perf say the same here. */
static int parse_inverted(const char *arg __attribute__((unused)), void *field)
{
	*(const char **)field = "caller";
	return 0;
}

static const struct option_row rows[] = {
	READING_OPTION_ROWS_AND(struct report_options, 'd'),
	OPTION_GROUP("Rows"),
	OPTION_CALL('s', "sort", struct report_options, sort, "KEY[,KEY]",
		    "comm pid tid cpu sym module event stack time parent srcline overhead",
		    stackid_sort_parse,
		    "a row for each comm, pid, tid, cpu, sym, module, event, stack, slice of time, parent or srcline (default comm,sym); keys before overhead order the rows"),
	OPTION_CALL(0, "time-quantum", struct report_options, quantum,
		    "TIME", NULL, stackid_report_parse_quantum,
		    "how long a slice of --sort time is (default 100ms)"),
	OPTION_FLAG(0, "ns", struct report_options, nanoseconds,
		    "times with nanoseconds"),
	OPTION_CALL('p', "parent", struct report_options, parents, "REGEX",
		    NULL, stackid_patterns_add,
		    "what is a parent to --sort parent, which it adds: the innermost function of a stack that matches (default: system calls, exceptions and interrupts)"),
	OPTION_FLAG('x', "exclude-other", struct report_options, exclude_other,
		    "with --parent, leave out stacks without one"),
	OPTION_FLAG(0, "hierarchy", struct report_options, hierarchy,
		    "rows of each key below those of the key before"),
	OPTION_FLAG(0, "children", struct report_options, children,
		    "count what a function called to it too (default; --no-children does not)"),
	READING_WEIGHT_ROW(struct report_options,
			   "count hits (default), or sum up the value of this name; 'value' is each event's first"),
	OPTION_STRING(0, "percent-limit", struct report_options, percent_limit,
		      "PERCENT", NULL,
		      "leave out rows (default 0) and branches (default 0.5) below PERCENT"),
	OPTION_STRING(0, "symbol-filter", struct report_options, row_filter,
		      "TEXT", NULL,
		      "only rows of functions whose names have TEXT in them"),
	OPTION_FLAG('U', "hide-unresolved", struct report_options,
		    reading.focus.hide_unresolved,
		    "leave out those whose innermost function is not known"),
	OPTION_STRING(0, "percentage", struct report_options, percentage,
		      "HOW_MUCH", "relative absolute",
		      "shares of what is left by the options that choose threads and functions (relative, default), or of all (absolute)"),
	OPTION_FLAG(0, "skip-empty", struct report_options, skip_empty,
		    "nothing of events without hits"),
	OPTION_GROUP("Columns"),
	OPTION_CALL('F', "fields", struct report_options, fields,
		    "FIELD[,FIELD]",
		    "overhead overhead_children sample period comm pid tid cpu sym module event stack time parent",
		    stackid_report_columns_parse,
		    "these columns: overhead, overhead_children, sample (hits), period (sum), and keys of --sort"),
	OPTION_FLAG('n', "show-nr-samples", struct report_options, show_hits,
		    "a column with the number of hits"),
	OPTION_FLAG(0, "show-total-period", struct report_options, show_period,
		    "a column with the sum of the weights"),
	OPTION_CALL('w', "column-widths", struct report_options, column_widths,
		    "WIDTH[,WIDTH]", NULL, stackid_report_columns_parse_widths,
		    "columns of these widths; 0 is as wide as needed"),
	OPTION_STRING('t', "field-separator", struct report_options, separator,
		      "SEP", NULL,
		      "SEP between columns instead of blanks; in names it becomes a point"),
	OPTION_GROUP("Call trees"),
	OPTION_SWITCH_LOOSE('g', "call-graph", struct report_options,
			    call_graph,
			    "[=HOW,...]",
			    "caller callee graph fractal flat folded none percent period count",
			    "what stands below each row: graph (a tree, default), fractal, flat, folded or none; a limit in percent, and how many branches; caller or callee; percent, period or count"),
	OPTION_CALL('G', "inverted", struct report_options, order, NULL, NULL,
		    parse_inverted, "the same as --order caller"),
	OPTION_STRING(0, "order", struct report_options, order, "WHO",
		      "caller callee",
		      "begin trees with the caller (default) or callee (with --no-children)"),
	OPTION_NUMBER(0, "max-stack", struct report_options, max_stack, "N",
		      "the N innermost frames of a stack only"),
	OPTION_CALL(0, "ignore-callees", struct report_options, ignored_callees,
		    "REGEX", NULL, stackid_patterns_add,
		    "functions that match have no callees: what they called counts as theirs"),
	OPTION_GROUP("Output"),
	OPTION_FLAG('q', "quiet", struct report_options, quiet,
		    "rows only, no lines that begin with #"),
	OPTION_FLAG('I', "show-info", struct report_options, header,
		    "the same as --header"),
	OPTION_FLAG(0, "header", struct report_options, header,
		    "tell where, when and how it was recorded"),
	OPTION_FLAG(0, "header-only", struct report_options, header_only,
		    "tell nothing else"),
	OPTION_STRING(0, "stdio-color", struct report_options, colours, "MODE",
		      "always never auto",
		      "colours always, never, or on terminals (auto, default)"),
	OPTION_FLAG(0, "stdio", struct report_options, plain,
		    "plain text on terminals too: no pager, no colours, lines not cut"),
	OPTION_FLAG(0, "tui", struct report_options, tui,
		    "a screen with keys: trees that open and close, search, zoom; ? explains them"),
	OPTION_FLAG(0, "pager", struct report_options, reading.pager,
		    "page a long text on a terminal (default; see STACKID_PAGER)"),
	SRCLINE_OPTION_ROWS(struct report_options,
			    "functions by file and line, and what was inlined there"),
	REPORT_PERF_OPTION_ROWS,
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
		"  stackid report --event sched:sched_switch --sort comm --percent-limit 2\n"
		"  stackid report --time 10%-20% --focus vfs_read --no-idle\n"
		"  stackid report -p '^ext4' --no-children -g caller,2\n"
		"  stackid report -q -t ';' -F overhead,sample,comm,sym\n",
	.options = rows,
	.run = run,
};
