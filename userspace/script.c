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
#include "reading.h"

/* Text is collected, and written when there is about so much. */
#define FLUSH_AT	(64 * 1024)

enum field {
	FIELD_COMM	= 1 << 0,
	FIELD_PID	= 1 << 1,
	FIELD_TID	= 1 << 2,
	FIELD_CPU	= 1 << 3,
	FIELD_TIME	= 1 << 4,
	FIELD_PERIOD	= 1 << 5,
	FIELD_EVENT	= 1 << 6,
	FIELD_VALUE	= 1 << 7,
	FIELD_STACK	= 1 << 8,
	FIELD_IP	= 1 << 9,
	FIELD_SYM	= 1 << 10,
	FIELD_SYMOFF	= 1 << 11,
	FIELD_DSO	= 1 << 12,
};

#define FIELDS_OF_FRAMES (FIELD_IP | FIELD_SYM | FIELD_SYMOFF | FIELD_DSO)
#define DEFAULT_FIELDS	(FIELD_COMM | FIELD_TID | FIELD_CPU | FIELD_TIME | \
			 FIELD_PERIOD | FIELD_EVENT | FIELDS_OF_FRAMES)

static const struct {
	const char *name;
	enum field field;
} fields[] = {
	{ "comm", FIELD_COMM },
	{ "pid", FIELD_PID },
	{ "tid", FIELD_TID },
	{ "cpu", FIELD_CPU },
	{ "time", FIELD_TIME },
	{ "period", FIELD_PERIOD },
	{ "event", FIELD_EVENT },
	{ "value", FIELD_VALUE },
	{ "stack", FIELD_STACK },
	{ "ip", FIELD_IP },
	{ "sym", FIELD_SYM },
	{ "symoff", FIELD_SYMOFF },
	{ "dso", FIELD_DSO },
};

#define NR_FIELDS (sizeof(fields) / sizeof(fields[0]))

struct script_options {
	struct reading_options reading;
	unsigned int fields;
	bool nanoseconds;
	bool header;
	bool show_lost;
	const char *weight;
};

struct name {
	const char *text;
	const char *module;
	uint32_t len;
	uint32_t module_len;
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
};

static int parse_field(const char *word, unsigned int *found)
{
	const char *names[NR_FIELDS];

	for (size_t i = 0; i < NR_FIELDS; i++) {
		names[i] = fields[i].name;
		if (!strcmp(word, names[i])) {
			*found = fields[i].field;
			return 0;
		}
	}
	stackid_refuse_word("-F knows no field", word, names, NR_FIELDS);
	return -1;
}

/* "a,b" says what to print, "+a,-b" what to print more and less. */
static int parse_fields(const char *arg, void *value)
{
	unsigned int *wanted = value;
	char *copy = stackid_memory_strdup(arg);
	char *rest = copy;
	unsigned int nr = 0, nr_signed = 0;
	char *word;
	int ret = 0;

	while (!ret && (word = strsep(&rest, ","))) {
		bool minus = *word == '-';
		bool sign = minus || *word == '+';
		unsigned int field;

		ret = parse_field(word + sign, &field);
		if (ret)
			break;
		if (!nr++ && !sign)
			*wanted = 0;
		nr_signed += sign;
		*wanted = minus ? *wanted & ~field : *wanted | field;
	}
	if (!ret && nr_signed && nr_signed != nr) {
		stackid_complain("-F: either every field has a + or - before it, or none");
		ret = -1;
	}
	free(copy);
	return ret;
}

static void flush(struct script *script)
{
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

static void add_head(struct script *script, const struct data_event *event)
{
	unsigned int wanted = script->options->fields;
	const struct data_event_name *source =
		stackid_reading_event(script->reading, event->event);
	uint64_t period = 1;

	if (wanted & FIELD_COMM) {
		add_aligned(script, event->comm,
			    wanted & FIELDS_OF_FRAMES ? 0 : 16);
		add_char(script, ' ');
	}
	add_thread(script, event);
	if (wanted & FIELD_CPU) {
		add_char(script, '[');
		add_number(script, event->cpu, 10, 3, '0');
		add_text(script, "] ", 2);
	}
	if (wanted & FIELD_TIME)
		add_time(script, event->time);
	if (script->weigh)
		period = event->nr_values ? event->values[0] : 0;
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
	add_char(script, '\n');
}

static void add_frame(struct script *script, const struct data_frame *frame)
{
	unsigned int wanted = script->options->fields;
	const struct name *name = find_name(script, frame->symbol);

	add_char(script, '\t');
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
}

/* What stands where there is no function to name. */
static void add_bracketed(struct script *script, const char *name)
{
	unsigned int wanted = script->options->fields;

	add_char(script, '\t');
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

static void add_frames(struct script *script, const struct data_event *event)
{
	const struct data_stack *stack;

	if (event->kind == DATA_HIT_USER) {
		add_bracketed(script, "[user]");
	} else if (!event->stack) {
		add_bracketed(script, "[no stack]");
	} else {
		stack = stackid_data_stack(script->data, event->stack);
		for (uint32_t i = 0; i < stack->nr; i++)
			add_frame(script, &stack->frames[i]);
		if (stack->undefined)
			add_bracketed(script, "[unknown]");
		if (stack->depth > stack->nr)
			add_bracketed(script, "[cut]");
	}
	/* The empty line is the end of a sample. */
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

static bool print_events(struct script *script)
{
	struct data_event event;
	bool any = false;

	while (stackid_reading_next(script->reading, &event)) {
		if (event.kind == DATA_LOST) {
			if (script->options->show_lost)
				add_lost(script, &event);
			continue;
		}
		any = true;
		add_head(script, &event);
		if (script->options->fields & FIELDS_OF_FRAMES)
			add_frames(script, &event);
		if (script->text.size >= FLUSH_AT)
			flush(script);
		if (ferror(stdout))
			break;
	}
	flush(script);
	return any;
}

static int run(const struct command *self, int argc, char **argv)
{
	struct script_options options = {
		.reading.pager = true,
		.fields = DEFAULT_FIELDS,
	};
	struct script script = { .options = &options };
	int first = stackid_command_parse(self, &options, argc, argv);
	int result = EXIT_OK;

	if (first < argc)
		stackid_command_misused(self, "'%s' is one word too many; files are named with -i",
					argv[first]);
	if (stackid_reading_parse_weight(options.weight, &script.weigh))
		return EXIT_USAGE;
	script.reading = stackid_reading_open(&options.reading);
	if (!script.reading)
		return EXIT_FAILED;
	script.data = stackid_reading_data(script.reading);
	measure_events(&script);

	if (options.reading.pager)
		stackid_pager_start();
	if (options.header)
		stackid_reading_print_header(script.reading, stdout);
	if (!print_events(&script)) {
		stackid_reading_complain_empty(script.reading);
		result = EXIT_FAILED;
	}
	fflush(stdout);
	stackid_reading_complain_loss(script.reading);
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
		    parse_fields,
		    "print these; +FIELD and -FIELD change the default, all but pid, value, stack"),
	OPTION_FLAG(0, "ns", struct script_options, nanoseconds,
		    "times with nanoseconds"),
	OPTION_STRING(0, "weight", struct script_options, weight, "WHAT",
		      "hits value",
		      "the period is 1 (hits, the default), or the value that value=argN recorded"),
	OPTION_FLAG(0, "show-lost-events", struct script_options, show_lost,
		    "a line that begins with # where events were lost"),
	OPTION_FLAG(0, "header", struct script_options, header,
		    "tell where, when and how it was recorded"),
	OPTION_FLAG(0, "pager", struct script_options, reading.pager,
		    "page the text on a terminal (default; see STACKID_PAGER)"),
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
		"  stackid script -F comm,tid,cpu,time,event --ns\n",
	.options = rows,
	.run = run,
};
