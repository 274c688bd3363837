// SPDX-License-Identifier: GPL-2.0
/* The text of a stack, which is made once as long as there is room to keep it. */

#include <stdlib.h>
#include <string.h>

#include <stackid.h>

#include "../lib/memory.h"
#include "script_stack.h"
#include "script_text.h"

/* Of texts that are kept; when they are more, all are made anew. */
#define MOST_KEPT	(32 << 20)

struct script_name {
	const char *text;
	const char *module;
	uint32_t len;
	uint32_t module_len;
	bool is_last;		/* by --stop-bt */
};

/* Where its text is in .kept, if it is of the same .round. */
struct script_stack {
	uint32_t round;
	uint32_t start;
	uint32_t size;
};

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

/* Before what a frame's line says. */
static void begin_frame(struct script *script)
{
	add_char(script, script->options->hide_call_graph ? ' ' : '\t');
}

/* Behind the line of a frame: its place in the source. */
static void add_place(struct script *script, const struct debug_place *place)
{
	add_text(script, "  ", 2);
	add_text(script, place->file, strlen(place->file));
	add_char(script, ':');
	add_number(script, place->line, 10, 0, ' ');
}

/*
 * What was inlined there has lines of its own, as perf has them.  The place of the frame
 * itself, or NULL.
 */
static const struct debug_place *add_inlined(struct script *script,
					     const struct data_frame *frame)
{
	unsigned int wanted = script->options->fields;
	const struct debug_place *places;
	unsigned int nr;

	nr = stackid_debug_lines_find(script->lines, frame, &places);
	for (unsigned int i = 0; i + 1 < nr; i++) {
		begin_frame(script);
		if (wanted & FIELD_IP)
			add_number(script, frame->pc, 16, 16, ' ');
		if (wanted & FIELD_SYM) {
			add_char(script, ' ');
			add_text(script, places[i].function,
				 strlen(places[i].function));
		}
		add_char(script, '\n');
		add_place(script, &places[i]);
		add_text(script, " (inlined)\n", 11);
	}
	return nr ? &places[nr - 1] : NULL;
}

/* False if it is the last one that is to be shown. */
static bool add_frame(struct script *script, const struct data_frame *frame)
{
	unsigned int wanted = script->options->fields;
	const struct script_name *name = find_name(script, frame->symbol);
	const struct debug_place *place = NULL;

	if (script->lines)
		place = add_inlined(script, frame);
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
	if (place) {
		add_place(script, place);
		add_char(script, '\n');
	}
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
		if (!add_frame(script, stackid_data_frame(stack, i)))
			return;
	}
	if (nr == script->options->max_stack)
		return;
	if (stack->undefined)
		add_bracketed(script, "[unknown]");
	if (stack->depth > stack->nr)
		add_bracketed(script, "[cut]");
}

static struct script_stack *find_stack(struct script *script, uint32_t index)
{
	if (index >= script->nr_stacks) {
		uint32_t nr = stackid_data_nr_stacks(script->data) + 1;

		script->stacks = stackid_memory_resize(script->stacks, nr,
						       sizeof(*script->stacks));
		memset(script->stacks + script->nr_stacks, 0,
		       (nr - script->nr_stacks) * sizeof(*script->stacks));
		script->nr_stacks = nr;
	}
	return &script->stacks[index];
}

static void keep(struct script *script, struct script_stack *stack,
		 const char *text, size_t size)
{
	if (script->kept.size + size > MOST_KEPT) {
		script->kept.size = 0;
		script->round++;
	}
	/* Of no frames there is no text. */
	if (!size || size > MOST_KEPT)
		return;
	stack->round = script->round + 1;
	stack->start = script->kept.size;
	stack->size = size;
	stackid_buffer_add(&script->kept, text, size);
}

static void add_known_stack(struct script *script, uint32_t index)
{
	struct script_stack *stack = find_stack(script, index);
	size_t start = script->text.size;

	/* There, what is not known yet may become so. */
	if (script->options->reading.follow) {
		add_stack(script, stackid_data_stack(script->data, index));
		return;
	}
	if (stack->round == script->round + 1) {
		stackid_buffer_add(&script->text,
				   script->kept.data + stack->start,
				   stack->size);
		return;
	}
	add_stack(script, stackid_data_stack(script->data, index));
	keep(script, stack, script->text.data + start,
	     script->text.size - start);
}

void stackid_script_add_frames(struct script *script,
			       const struct data_event *event)
{
	if (event->kind == DATA_HIT_USER)
		add_bracketed(script, "[user]");
	else if (!event->stack)
		add_bracketed(script, "[no stack]");
	else
		add_known_stack(script, event->stack);
}

void stackid_script_free_stacks(struct script *script)
{
	free(script->names);
	free(script->stacks);
	free(script->kept.data);
}
