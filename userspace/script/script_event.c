// SPDX-License-Identifier: GPL-2.0
/* The text of an event. */

#include <stdlib.h>
#include <string.h>

#include <stackid.h>

#include "../lib/clock.h"
#include "../lib/memory.h"
#include "script_event.h"

struct script_name {
	const char *text;
	const char *module;
	uint32_t len;
	uint32_t module_len;
	bool is_last;		/* by --stop-bt */
};

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

static const struct script_name *find_name(struct script *script, uint32_t index)
{
	const struct data_symbol *symbol;
	struct script_name *name;

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
	const struct script_name *name = find_name(script, frame->symbol);

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

void stackid_script_add_event(struct script *script,
			      const struct data_event *event)
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

void stackid_script_add_lost(struct script *script,
			     const struct data_event *event)
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

void stackid_script_free(struct script *script)
{
	free(script->names);
	free(script->text.data);
}
