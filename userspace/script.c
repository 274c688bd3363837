// SPDX-License-Identifier: GPL-2.0
/*
 * stackid script: every event as text, in the grammar of "perf script", so that
 * what reads that reads this.
 */

#include <string.h>

#include <stackid.h>

#include "lib/data/data_follow.h"
#include "lib/pager.h"
#include "lib/words.h"
#include "reading.h"
#include "script/script_event.h"
#include "script/script_perf.h"

/* Text is collected, and written when there is about so much. */
#define FLUSH_AT	(64 * 1024)

static void flush(struct script *script)
{
	if (script->text.size)
		fwrite(script->text.data, 1, script->text.size, stdout);
	script->text.size = 0;
}

/* There is nothing to read yet: whoever looks on sees all that has been. */
static void show(void *own)
{
	flush(own);
	fflush(stdout);
}

static void measure_events(struct script *script)
{
	for (unsigned int i = 0; i < stackid_data_nr_events(script->data);
	     i++) {
		const struct data_event_name *event =
			stackid_data_event(script->data, i);
		int len = strlen(event->name);

		if (stackid_reading_wants_event(script->reading,
						event->number) &&
		    len > script->event_width)
			script->event_width = len;
	}
}

/* False if there was none. */
static bool print_events(struct script *script)
{
	uint64_t left = script->options->max_events;
	struct data_event event;
	bool any = false;

	while (left && stackid_reading_next(script->reading, &event)) {
		if (event.kind == DATA_LOST) {
			if (script->options->show_lost)
				stackid_script_add_lost(script, &event);
			continue;
		}
		any = true;
		left--;
		stackid_script_add_event(script, &event);
		if (script->text.size >= FLUSH_AT)
			flush(script);
		if (ferror(stdout))
			break;
	}
	flush(script);
	/* What --max-events leaves is read too, or the recorder would be killed by it. */
	if (!left && !script->options->reading.follow &&
	    stackid_reading_streams(script->reading))
		stackid_data_follow_rest(script->data);
	return any;
}

/* Returns the exit code. */
static int print_script(struct script *script)
{
	const struct script_options *options = script->options;

	if (options->reading.pager && !options->reading.follow)
		stackid_pager_start();
	if (options->header || options->header_only)
		stackid_reading_print_header(script->reading, stdout);
	if (options->header_only)
		return EXIT_OK;
	measure_events(script);
	if (stackid_reading_streams(script->reading))
		stackid_data_follow_idle(script->data, show, script);
	if (!print_events(script) && options->max_events) {
		stackid_reading_complain_empty(script->reading);
		fflush(stdout);
		stackid_reading_complain_loss(script->reading);
		return EXIT_FAILED;
	}
	fflush(stdout);
	stackid_reading_complain_loss(script->reading);
	return EXIT_OK;
}

/* What perf calls hiding the call graph is the innermost frame alone. */
static int settle_options(struct script_options *options)
{
	if (options->reading.follow && options->reading.filter.times.text) {
		stackid_complain("--time and --follow contradict each other: what the times mean shows when the first and the last event are known");
		return -1;
	}
	if (options->from_first && options->from_last) {
		stackid_complain("--reltime and --deltatime contradict each other: since the first event, or since the last one?");
		return -1;
	}
	/* As the times are printed, so they are asked for. */
	options->reading.filter.times.relative = options->from_first;
	if (options->srcline.wanted)
		options->fields |= FIELD_SRCLINE;
	options->srcline.wanted = options->fields & FIELD_SRCLINE;
	if (options->hide_call_graph && options->max_stack > 1)
		options->max_stack = 1;
	return 0;
}

/* Whoever reads page by page would keep a recorder waiting. */
static bool goes_in_one_go(const struct script_options *options)
{
	return !options->header && !options->header_only &&
	       !options->srcline.wanted &&
	       !(options->reading.pager && stackid_pager_may_start());
}

static int run(const struct command *self, int argc, char **argv)
{
	struct script_options options = {
		.reading.pager = true,
		.fields = FIELDS_DEFAULT,
		.max_stack = UINT64_MAX,
		.max_events = UINT64_MAX,
	};
	struct script script = { .options = &options };
	int first = stackid_command_parse(self, &options, argc, argv);
	int result = EXIT_FAILED;

	if (first < argc)
		stackid_command_misused(self, "'%s' is one word too many; files are named with -i",
					argv[first]);
	script.weigh = stackid_reading_is_weighed(&options.reading);
	if (settle_options(&options))
		return EXIT_USAGE;
	options.reading.in_one_go = goes_in_one_go(&options);
	options.reading.names_stacks = options.fields & FIELD_STACK;
	script.reading = stackid_reading_open(&options.reading);
	if (script.reading) {
		script.data = stackid_reading_data(script.reading);
		script.lines = stackid_srcline_open(&options.srcline,
						    script.data);
		result = print_script(&script);
		stackid_script_free(&script);
		result = stackid_reading_close(script.reading, result);
	}
	stackid_words_free(&options.last_symbols);
	stackid_srcline_close(&options.srcline, script.lines);
	return result;
}

static const struct option_row rows[] = {
	READING_OPTION_ROWS(struct script_options),
	OPTION_GROUP("Output"),
	OPTION_FLAG(0, "follow", struct script_options, reading.follow,
		    "of what is being recorded, a pipe or a file: print each event within a second, until the recording ends"),
	OPTION_CALL('F', "fields", struct script_options, fields,
		    "FIELD[,FIELD]",
		    "comm pid tid cpu time period event value stack ip sym symoff dso srcline",
		    stackid_fields_parse,
		    "print these; +FIELD and -FIELD change the default, all but pid, value, stack, srcline"),
	OPTION_FLAG(0, "ns", struct script_options, nanoseconds,
		    "times with nanoseconds"),
	OPTION_FLAG(0, "reltime", struct script_options, from_first,
		    "times since the first event that is printed"),
	OPTION_FLAG(0, "deltatime", struct script_options, from_last,
		    "times since the event before, that is printed"),
	OPTION_NUMBER(0, "max-events", struct script_options, max_events, "N",
		      "stop after N events"),
	OPTION_NUMBER(0, "max-stack", struct script_options, max_stack, "N",
		      "the N innermost frames only"),
	OPTION_CALL(0, "stop-bt", struct script_options, last_symbols,
		    "SYMBOL[,SYMBOL]", NULL, stackid_words_add,
		    "no frames behind one of these"),
	OPTION_FLAG('G', "hide-call-graph", struct script_options,
		    hide_call_graph,
		    "the innermost frame only, in the event's line"),
	READING_WEIGHT_ROW(struct script_options,
			   "the period is 1 (hits, the default), or the value of this name; 'value' is each event's first"),
	OPTION_FLAG(0, "show-lost-events", struct script_options, show_lost,
		    "a line that begins with # where events were lost"),
	OPTION_FLAG('I', "show-info", struct script_options, header,
		    "the same as --header"),
	OPTION_FLAG(0, "header", struct script_options, header,
		    "tell where, when and how it was recorded"),
	OPTION_FLAG(0, "header-only", struct script_options, header_only,
		    "tell nothing else"),
	OPTION_FLAG(0, "pager", struct script_options, reading.pager,
		    "page the text on a terminal (default; see STACKID_PAGER)"),
	SRCLINE_OPTION_ROWS(struct script_options,
			    "the file and line of each frame below it, and what was inlined there; as -F +srcline"),
	SCRIPT_PERF_OPTION_ROWS,
	OPTION_END,
};

const struct command stackid_command_script = {
	.name = "script",
	.summary = "print every event with its stack, as perf script does",
	.usage = "[OPTIONS]",
	.description =
		"Prints the events in the order of time, each with its stack, in the grammar of\n"
		"perf script: what reads that (stackcollapse-perf.pl, Firefox Profiler,\n"
		"speedscope) reads this.\n",
	.examples =
		"  stackid script | head -40\n"
		"  stackid script --event sched:sched_switch | stackcollapse-perf.pl\n"
		"  stackid script -F comm,tid,cpu,time,event --ns\n"
		"  stackid script --time 10%-20% --focus vfs_read --no-idle\n"
		"  stackid script -G --deltatime --comms bash\n"
		"  sudo stackid record -a -o - | stackid script -i - --follow\n",
	.options = rows,
	.run = run,
};
