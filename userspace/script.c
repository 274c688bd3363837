// SPDX-License-Identifier: GPL-2.0
/*
 * stackid script: every event as text, in the grammar of "perf script", so that
 * what reads that reads this.
 */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <stackid.h>

#include "lib/buffer.h"
#include "lib/clock.h"
#include "lib/memory.h"
#include "lib/pager.h"
#include "lib/words.h"
#include "reading.h"
#include "script/script_fields.h"
#include "script/script_perf.h"

/* Text is collected, and written when there is about so much. */
#define FLUSH_AT	(64 * 1024)

struct script_options {
	struct reading_options reading;
	unsigned int fields;
	bool nanoseconds;
	bool from_first;
	bool from_last;
	bool hide_call_graph;
	bool header;
	bool header_only;
	bool show_lost;
	uint64_t max_stack;
	uint64_t max_events;
	struct words last_symbols;
};

struct name {
	const char *text;
	const char *module;
	uint32_t len;
	uint32_t module_len;
	bool is_last;		/* by --stop-bt */
};

struct script {
	const struct script_options *options;
	struct reading *reading;
	struct data_reader *data;
	bool weigh;
	int event_width;

	/* By symbol index; those that were not met yet are NULL. */
	struct name *names;
	uint32_t nr_names;

	struct buffer text;

	/* Of times that are printed: of the first event, and of the last one. */
	bool any;
	uint64_t first_time;
	uint64_t last_time;
};

static void flush(struct script *script)
{
	if (script->text.size)
		fwrite(script->text.data, 1, script->text.size, stdout);
	script->text.size = 0;
}

static void add_text(struct script *script, const char *text, size_t len)
{
	stackid_buffer_add(&script->text, text, len);
}

static void add_char(struct script *script, char c)
{
	*stackid_buffer_extend(&script->text, 1) = c;
}

/* Right-aligned in @width, which @fill fills.  printf() is too slow for these. */
static void add_number(struct script *script, uint64_t number,
		       unsigned int base, size_t width, char fill)
{
	char digits[64];
	size_t at = sizeof(digits);

	do {
		digits[--at] = "0123456789abcdef"[number % base];
		number /= base;
	} while (number);
	while (sizeof(digits) - at < width)
		digits[--at] = fill;
	add_text(script, digits + at, sizeof(digits) - at);
}

static void add_aligned(struct script *script, const char *text, size_t width)
{
	size_t len = strlen(text);

	for (; width > len; width--)
		add_char(script, ' ');
	add_text(script, text, len);
}

static const struct name *find_name(struct script *script, uint32_t index)
{
	const struct data_symbol *symbol;
	struct name *name;

	if (index >= script->nr_names) {
		uint32_t nr = stackid_data_nr_symbols(script->data);

		script->names = stackid_memory_resize(script->names, nr,
						      sizeof(*name));
		memset(script->names + script->nr_names, 0,
		       (nr - script->nr_names) * sizeof(*name));
		script->nr_names = nr;
	}
	name = &script->names[index];
	if (!name->text) {
		symbol = stackid_data_symbol(script->data, index);
		name->text = symbol->name;
		name->module = symbol->module;
		name->len = strlen(name->text);
		name->module_len = strlen(name->module);
		name->is_last =
			stackid_words_has(&script->options->last_symbols,
					  name->text);
	}
	return name;
}

static void add_thread(struct script *script, const struct data_event *event)
{
	unsigned int wanted = script->options->fields;

	if (wanted & FIELD_PID)
		add_number(script, event->tgid, 10, 7, ' ');
	if (wanted & FIELD_TID && wanted & FIELD_PID) {
		size_t start;

		add_char(script, '/');
		start = script->text.size;
		add_number(script, event->pid, 10, 0, ' ');
		while (script->text.size - start < 7)
			add_char(script, ' ');
	} else if (wanted & FIELD_TID) {
		add_number(script, event->pid, 10, 7, ' ');
	}
	if (wanted & (FIELD_PID | FIELD_TID))
		add_char(script, ' ');
}

static void add_time(struct script *script, uint64_t time)
{
	add_number(script, time / NSEC_PER_SEC, 10, 5, ' ');
	add_char(script, '.');
	if (script->options->nanoseconds)
		add_number(script, time % NSEC_PER_SEC, 10, 9, '0');
	else
		add_number(script, time % NSEC_PER_SEC / 1000, 10, 6, '0');
	add_text(script, ": ", 2);
}

/* What --reltime and --deltatime make of it. */
static void add_event_time(struct script *script, uint64_t time)
{
	const struct script_options *options = script->options;
	uint64_t base = 0;

	if (!script->any)
		script->first_time = script->last_time = time;
	if (options->from_first)
		base = script->first_time;
	else if (options->from_last)
		base = script->last_time;
	script->any = true;
	script->last_time = time;
	add_time(script, time - base);
}

static void add_stack_name(struct script *script,
			   const struct data_event *event)
{
	const struct data_stack *stack;

	add_text(script, "stack=", 6);
	if (!event->stack) {
		add_text(script, "0 ", 2);
		return;
	}
	stack = stackid_data_stack(script->data, event->stack);
	add_number(script, stack->generation, 10, 0, ' ');
	add_char(script, ':');
	if (!stack->id)
		add_char(script, '#');
	add_number(script, stack->id ? stack->id : event->stack, 10, 0, ' ');
	add_char(script, ' ');
}

/* "arg4=4096 arg5=-1 " */
static void add_values(struct script *script, const struct data_event *event,
		       const struct data_event_name *source)
{
	for (unsigned int i = 0; i < event->nr_values; i++) {
		bool named = i < source->nr_values;
		const char *name = named ? source->values[i].name : "value";
		uint64_t value = event->values[i];

		add_text(script, name, strlen(name));
		add_char(script, '=');
		if (named && source->values[i].is_signed &&
		    (int64_t)value < 0) {
			add_char(script, '-');
			value = -value;
		}
		add_number(script, value, 10, 0, ' ');
		add_char(script, ' ');
	}
}

/* Whether an event is one line, which is aligned to those of others. */
static bool stands_alone(const struct script *script)
{
	return script->options->hide_call_graph ||
	       !(script->options->fields & FIELDS_OF_FRAMES);
}

static void add_head(struct script *script, const struct data_event *event)
{
	unsigned int wanted = script->options->fields;
	const struct data_event_name *source =
		stackid_reading_event(script->reading, event->event);
	uint64_t period = 1;

	if (wanted & FIELD_COMM) {
		add_aligned(script, event->comm,
			    stands_alone(script) ? 16 : 0);
		add_char(script, ' ');
	}
	add_thread(script, event);
	if (wanted & FIELD_CPU) {
		add_char(script, '[');
		add_number(script, event->cpu, 10, 3, '0');
		add_text(script, "] ", 2);
	}
	if (wanted & FIELD_TIME)
		add_event_time(script, event->time);
	if (script->weigh)
		period = stackid_reading_weight(script->reading, event);
	if (wanted & FIELD_PERIOD) {
		add_number(script, period, 10, 10, ' ');
		add_char(script, ' ');
	}
	if (wanted & FIELD_EVENT) {
		add_aligned(script, source->name, script->event_width);
		add_text(script, ": ", 2);
	}
	if (wanted & FIELD_VALUE)
		add_values(script, event, source);
	if (wanted & FIELD_STACK)
		add_stack_name(script, event);
}

/* Before what a frame's line says. */
static void begin_frame(struct script *script)
{
	add_char(script, script->options->hide_call_graph ? ' ' : '\t');
}

/* False if it is the last one that is to be shown. */
static bool add_frame(struct script *script, const struct data_frame *frame)
{
	unsigned int wanted = script->options->fields;
	const struct name *name = find_name(script, frame->symbol);

	begin_frame(script);
	if (wanted & FIELD_IP)
		add_number(script, frame->pc, 16, 16, ' ');
	if (wanted & FIELD_SYM) {
		add_char(script, ' ');
		add_text(script, name->text, name->len);
		if (wanted & FIELD_SYMOFF && frame->symbol) {
			add_text(script, "+0x", 3);
			add_number(script, frame->offset, 16, 0, ' ');
		}
	}
	if (wanted & FIELD_DSO) {
		add_text(script, " (", 2);
		add_text(script, name->module, name->module_len);
		add_char(script, ')');
	}
	add_char(script, '\n');
	return !name->is_last;
}

/* What stands where there is no function to name. */
static void add_bracketed(struct script *script, const char *name)
{
	unsigned int wanted = script->options->fields;

	begin_frame(script);
	if (wanted & FIELD_IP)
		add_number(script, 0, 16, 16, ' ');
	if (wanted & FIELD_SYM) {
		add_char(script, ' ');
		add_text(script, name, strlen(name));
	}
	if (wanted & FIELD_DSO)
		add_text(script, " ([unknown])", 12);
	add_char(script, '\n');
}

static void add_stack(struct script *script, const struct data_stack *stack)
{
	uint32_t nr = stack->nr;

	if (nr > script->options->max_stack)
		nr = script->options->max_stack;
	for (uint32_t i = 0; i < nr; i++) {
		if (!add_frame(script, &stack->frames[i]))
			return;
	}
	if (nr == script->options->max_stack)
		return;
	if (stack->undefined)
		add_bracketed(script, "[unknown]");
	if (stack->depth > stack->nr)
		add_bracketed(script, "[cut]");
}

static void add_frames(struct script *script, const struct data_event *event)
{
	if (event->kind == DATA_HIT_USER)
		add_bracketed(script, "[user]");
	else if (!event->stack)
		add_bracketed(script, "[no stack]");
	else
		add_stack(script, stackid_data_stack(script->data,
						     event->stack));
}

static void add_event(struct script *script, const struct data_event *event)
{
	add_head(script, event);
	if (!(script->options->fields & FIELDS_OF_FRAMES)) {
		add_char(script, '\n');
		return;
	}
	if (!script->options->hide_call_graph)
		add_char(script, '\n');
	add_frames(script, event);
	/* The empty line is the end of a sample. */
	if (!script->options->hide_call_graph)
		add_char(script, '\n');
}

static void add_lost(struct script *script, const struct data_event *event)
{
	add_text(script, "# lost ", 7);
	add_number(script, event->lost, 10, 0, ' ');
	add_text(script, " events on CPU ", 15);
	add_number(script, event->cpu, 10, 0, ' ');
	add_text(script, " before ", 8);
	add_time(script, event->time);
	/* The colon and the blank belong to an event's line. */
	script->text.size -= 2;
	add_char(script, '\n');
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
				add_lost(script, &event);
			continue;
		}
		any = true;
		left--;
		add_event(script, &event);
		if (script->text.size >= FLUSH_AT)
			flush(script);
		if (ferror(stdout))
			break;
	}
	flush(script);
	return any;
}

/* Returns the exit code. */
static int print_script(struct script *script)
{
	const struct script_options *options = script->options;

	if (options->reading.pager)
		stackid_pager_start();
	if (options->header || options->header_only)
		stackid_reading_print_header(script->reading, stdout);
	if (options->header_only)
		return EXIT_OK;
	measure_events(script);
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
	if (options->from_first && options->from_last) {
		stackid_complain("--reltime and --deltatime contradict each other: since the first event, or since the last one?");
		return -1;
	}
	/* As the times are printed, so they are asked for. */
	options->reading.filter.times.relative = options->from_first;
	if (options->hide_call_graph && options->max_stack > 1)
		options->max_stack = 1;
	return 0;
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
	int result;

	if (first < argc)
		stackid_command_misused(self, "'%s' is one word too many; files are named with -i",
					argv[first]);
	script.weigh = stackid_reading_is_weighed(&options.reading);
	if (settle_options(&options))
		return EXIT_USAGE;
	script.reading = stackid_reading_open(&options.reading);
	if (!script.reading)
		return EXIT_FAILED;
	script.data = stackid_reading_data(script.reading);
	result = print_script(&script);
	stackid_words_free(&options.last_symbols);
	free(script.names);
	free(script.text.data);
	return stackid_reading_close(script.reading, result);
}

static const struct option_row rows[] = {
	READING_OPTION_ROWS(struct script_options),
	OPTION_GROUP("Output"),
	OPTION_CALL('F', "fields", struct script_options, fields,
		    "FIELD[,FIELD]",
		    "comm pid tid cpu time period event value stack ip sym symoff dso",
		    stackid_fields_parse,
		    "print these; +FIELD and -FIELD change the default, all but pid, value, stack"),
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
		"  stackid script -G --deltatime --comms bash\n",
	.options = rows,
	.run = run,
};
