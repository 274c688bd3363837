// SPDX-License-Identifier: GPL-2.0
/* The text of an event. */

#include <stdlib.h>
#include <string.h>

#include <stackid.h>

#include "../lib/clock.h"
#include "../lib/hash.h"
#include "../lib/memory.h"
#include "script_event.h"
#include "script_stack.h"
#include "script_text.h"

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
	add_number(script, stack->generation->number, 10, 0, ' ');
	add_char(script, ':');
	if (!stack->id)
		add_char(script, '#');
	add_number(script, stack->id ? stack->id :
		   stackid_data_stack_number(script->data, event->stack), 10,
		   0, ' ');
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

/* Of few threads are most events, each on a CPU for a while. */
#define WHOSE_BITS	10

/**
 * struct script_whose - how the lines of a thread's events begin, before the time
 * @size: 0 in one that holds nothing
 */
struct script_whose {
	const char *comm;
	uint32_t pid;
	uint32_t tgid;
	uint32_t cpu;
	uint32_t size;
	char text[104];
};

static void make_whose(struct script *script, const struct data_event *event)
{
	unsigned int wanted = script->options->fields;

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
}

static void add_whose(struct script *script, const struct data_event *event)
{
	uint64_t hash = stackid_hash_u32(event->pid ^ event->cpu << 22);
	struct script_whose *whose;
	size_t start = script->text.size, size;

	if (!script->whose)
		script->whose = stackid_memory_zalloc(1 << WHOSE_BITS,
						      sizeof(*whose));
	whose = &script->whose[hash >> (64 - WHOSE_BITS)];
	/* Equal names are equal pointers. */
	if (whose->size && whose->comm == event->comm &&
	    whose->pid == event->pid && whose->cpu == event->cpu &&
	    whose->tgid == event->tgid) {
		add_text(script, whose->text, whose->size);
		return;
	}
	make_whose(script, event);
	size = script->text.size - start;
	if (!size || size > sizeof(whose->text))
		return;
	*whose = (struct script_whose) {
		.comm = event->comm,
		.pid = event->pid,
		.tgid = event->tgid,
		.cpu = event->cpu,
		.size = size,
	};
	memcpy(whose->text, script->text.data + start, size);
}

static void add_head(struct script *script, const struct data_event *event)
{
	unsigned int wanted = script->options->fields;
	const struct data_event_name *source =
		stackid_reading_event(script->reading, event->event);
	uint64_t period = 1;

	add_whose(script, event);
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
	stackid_script_add_frames(script, event);
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
	stackid_script_free_stacks(script);
	free(script->whose);
	free(script->text.data);
}
