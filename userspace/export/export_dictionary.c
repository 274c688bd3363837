// SPDX-License-Identifier: GPL-2.0
/*
 * What events refer to.  A stack's digest is the XXH3 of 128 bits over this text: a
 * line "FUNCTION+0xOFFSET MODULE" a frame, the innermost first, and a line "KIND DEPTH".
 * So it is the same on every machine that runs the same kernel, wherever that lies.
 */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "../lib/array.h"
#include "../lib/hash.h"
#include "../lib/memory.h"
#include "export_dictionary.h"

/**
 * struct frame - one that is written
 * @symbol: the reader's index; 0: @name is one of the dictionary's bare ones
 * @places: @pc and @offset say something
 */
struct frame {
	const char *name;
	const char *module;
	uint32_t symbol;
	uint32_t offset;
	uint64_t pc;
	bool places;
};

void stackid_dictionary_free(struct dictionary *dictionary)
{
	free(dictionary->stacks);
	stackid_slots_free(&dictionary->by_digest);
	free(dictionary->number_of);
	free(dictionary->text.data);
	free(dictionary->tasks);
	stackid_slots_free(&dictionary->by_task);
	free(dictionary->symbols);
	stackid_strings_exit(&dictionary->bare);
}

static int add_symbol(struct dictionary *dictionary, uint32_t number,
		      const struct frame *frame)
{
	struct table_row row = {};

	table_row_number(&row, number);
	table_row_text(&row, frame->name);
	table_row_text(&row, frame->module);
	return stackid_tables_add(dictionary->sink, TABLE_SYMBOLS, &row);
}

/* Those of the file have even numbers, the others odd ones; 0 after a sentence. */
static uint32_t number_symbol(struct dictionary *dictionary,
			      const struct frame *frame)
{
	uint32_t bare;

	if (!frame->symbol) {
		stackid_strings_number(&dictionary->bare, frame->name, &bare);
		if (bare == dictionary->nr_bare &&
		    add_symbol(dictionary, 2 * bare + 1, frame))
			return 0;
		if (bare == dictionary->nr_bare)
			dictionary->nr_bare++;
		return 2 * bare + 1;
	}
	if (frame->symbol >= dictionary->nr_symbols) {
		struct data_reader *data =
			stackid_reading_data(dictionary->reading);
		uint32_t nr = stackid_data_nr_symbols(data);

		dictionary->symbols =
			stackid_memory_resize(dictionary->symbols, nr,
					      sizeof(bool));
		memset(dictionary->symbols + dictionary->nr_symbols, 0,
		       (nr - dictionary->nr_symbols) * sizeof(bool));
		dictionary->nr_symbols = nr;
	}
	if (!dictionary->symbols[frame->symbol]) {
		if (add_symbol(dictionary, 2 * frame->symbol, frame))
			return 0;
		dictionary->symbols[frame->symbol] = true;
	}
	return 2 * frame->symbol;
}

/* Frame @i of a stack; @bare is room for a name. */
static struct frame get_frame(const struct data_reader *data,
			      const struct data_stack *stack, uint32_t i,
			      char bare[24])
{
	const struct data_frame *from = stackid_data_frame(stack, i);
	const struct data_symbol *symbol;

	if (!from->symbol) {
		snprintf(bare, 24, "0x%" PRIx64, from->pc);
		return (struct frame) { bare, "[unknown]", 0, 0, from->pc, true };
	}
	symbol = stackid_data_symbol(data, from->symbol);
	return (struct frame) { symbol->name, symbol->module, from->symbol,
				from->offset, from->pc, true };
}

static const char *kind_of(const struct data_stack *stack)
{
	if (stack->undefined)
		return "undefined";
	if (stack->depth > stack->nr)
		return "cut";
	return stack->nr ? "whole" : "none";
}

/* What stands behind the last frame, or in place of all; NULL if nothing does. */
static const char *last_name(const char *kind)
{
	if (!strcmp(kind, "user"))
		return "[user]";
	if (!strcmp(kind, "none"))
		return "[no stack]";
	if (!strcmp(kind, "undefined"))
		return "[unknown]";
	return strcmp(kind, "cut") ? NULL : "[cut]";
}

static void add_hex(struct buffer *text, uint32_t number)
{
	char digits[8];
	size_t at = sizeof(digits);

	do {
		digits[--at] = "0123456789abcdef"[number % 16];
		number /= 16;
	} while (number);
	stackid_buffer_add(text, digits + at, sizeof(digits) - at);
}

static void make_digest(struct dictionary *dictionary,
			const struct data_stack *stack, const char *kind,
			char *digest)
{
	struct data_reader *data = stackid_reading_data(dictionary->reading);
	struct buffer *text = &dictionary->text;
	char last[32], bare[24];
	XXH128_hash_t hash;
	int size;

	text->size = 0;
	for (uint32_t i = 0; i < stack->nr; i++) {
		struct frame frame = get_frame(data, stack, i, bare);

		stackid_buffer_add(text, frame.name, strlen(frame.name));
		stackid_buffer_add(text, "+0x", 3);
		add_hex(text, frame.offset);
		stackid_buffer_add(text, " ", 1);
		stackid_buffer_add(text, frame.module, strlen(frame.module));
		stackid_buffer_add(text, "\n", 1);
	}
	size = snprintf(last, sizeof(last), "%s %u\n", kind, stack->depth);
	stackid_buffer_add(text, last, size);
	hash = XXH3_128bits(text->data, text->size);
	snprintf(digest, DICTIONARY_DIGEST, "%016" PRIx64 "%016" PRIx64,
		 (uint64_t)hash.high64, (uint64_t)hash.low64);
}

static int add_frame(struct dictionary *dictionary, uint32_t number,
		     uint32_t position, const struct frame *frame)
{
	uint32_t symbol = 0;
	struct table_row row = {};
	char pc[24];

	if (dictionary->sink->form == TABLES_ONE_FILE) {
		symbol = number_symbol(dictionary, frame);
		if (!symbol)
			return -1;
	}
	table_row_text(&row, dictionary->recording);
	table_row_number(&row, number);
	table_row_text(&row, stackid_dictionary_digest(dictionary, number));
	table_row_number(&row, position);
	table_row_number(&row, symbol);
	table_row_text(&row, frame->name);
	table_row_text(&row, frame->module);
	if (frame->places) {
		snprintf(pc, sizeof(pc), "0x%016" PRIx64, frame->pc);
		table_row_number(&row, frame->offset);
		table_row_text(&row, pc);
	} else {
		table_row_null(&row);
		table_row_null(&row);
	}
	return stackid_tables_add(dictionary->sink, TABLE_FRAMES, &row);
}

static int write_stack(struct dictionary *dictionary, uint32_t number,
		       const struct data_stack *stack, const char *kind)
{
	struct data_reader *data = stackid_reading_data(dictionary->reading);
	const char *last = last_name(kind);
	struct table_row row = {};
	char bare[24];

	table_row_text(&row, dictionary->recording);
	table_row_number(&row, number);
	table_row_text(&row, stackid_dictionary_digest(dictionary, number));
	table_row_text(&row, stackid_dictionary_digest(dictionary, number));
	table_row_text(&row, kind);
	table_row_number(&row, stack->nr);
	table_row_number(&row, stack->depth);
	if (stackid_tables_add(dictionary->sink, TABLE_STACKS, &row))
		return -1;
	for (uint32_t i = 0; i < stack->nr; i++) {
		struct frame frame = get_frame(data, stack, i, bare);

		if (add_frame(dictionary, number, i, &frame))
			return -1;
	}
	if (last) {
		/* As stackid report has it in its column of modules. */
		struct frame frame = {
			.name = last,
			.module = strcmp(last, "[user]") ? "[unknown]" : last,
		};

		return add_frame(dictionary, number, stack->nr, &frame);
	}
	return 0;
}

/* The number of the one with these frames, which is written if it is new. */
static uint32_t intern_stack(struct dictionary *dictionary,
			     const struct data_stack *stack, const char *kind)
{
	struct dictionary_stack new = { };
	uint64_t hash;
	uint32_t number;
	size_t step = 0;

	make_digest(dictionary, stack, kind, new.digest);
	hash = stackid_hash_bytes(new.digest, sizeof(new.digest), 0);
	while ((number = stackid_slots_next(&dictionary->by_digest, hash,
					    &step))) {
		if (!memcmp(&dictionary->stacks[number - 1], &new, sizeof(new)))
			return number;
	}
	stackid_array_reserve(dictionary->stacks, dictionary->nr_stacks,
			      dictionary->stacks_room);
	dictionary->stacks[dictionary->nr_stacks++] = new;
	number = dictionary->nr_stacks;
	stackid_slots_add(&dictionary->by_digest, hash, number);
	return write_stack(dictionary, number, stack, kind) ? 0 : number;
}

static int add_id(struct dictionary *dictionary, const struct data_stack *stack,
		  uint32_t number)
{
	struct table_row row = {};

	if (!stack->id)
		return 0;
	table_row_number(&row, stack->generation->number);
	table_row_number(&row, stack->id);
	table_row_number(&row, number);
	return stackid_tables_add(dictionary->sink, TABLE_STACK_IDS, &row);
}

static uint32_t *place_of(struct dictionary *dictionary, uint32_t index)
{
	if (index >= dictionary->nr_numbers) {
		uint32_t nr = 2 * index + 64;

		dictionary->number_of =
			stackid_memory_resize(dictionary->number_of, nr,
					      sizeof(uint32_t));
		memset(dictionary->number_of + dictionary->nr_numbers, 0,
		       (nr - dictionary->nr_numbers) * sizeof(uint32_t));
		dictionary->nr_numbers = nr;
	}
	return &dictionary->number_of[index];
}

uint32_t stackid_dictionary_stack(struct dictionary *dictionary,
				  enum data_kind kind, uint32_t index)
{
	static const struct data_stack without;
	const struct data_stack *stack;
	uint32_t *place;
	uint32_t number;

	if (kind == DATA_HIT_USER) {
		if (!dictionary->user)
			dictionary->user = intern_stack(dictionary, &without, "user");
		return dictionary->user;
	}
	if (!index) {
		if (!dictionary->none)
			dictionary->none = intern_stack(dictionary, &without, "none");
		return dictionary->none;
	}
	place = place_of(dictionary, index);
	number = *place;
	if (number)
		return number;
	stack = stackid_data_stack(stackid_reading_data(dictionary->reading),
				   index);
	number = intern_stack(dictionary, stack, kind_of(stack));
	if (!number || add_id(dictionary, stack, number))
		return 0;
	*place = number;
	return number;
}

static bool is_task(const struct dictionary *dictionary, uint32_t number,
		    const struct dictionary_task *task)
{
	const struct dictionary_task *other = &dictionary->tasks[number - 1];

	/* Equal names are equal pointers. */
	return other->pid == task->pid && other->tgid == task->tgid &&
	       other->comm == task->comm;
}

uint32_t stackid_dictionary_task(struct dictionary *dictionary, uint32_t pid,
				 uint32_t tgid, const char *comm)
{
	struct dictionary_task task = { comm, pid, tgid };
	struct table_row row = {};
	uint32_t number;
	uint64_t hash;
	size_t step = 0;

	if (dictionary->last_task &&
	    is_task(dictionary, dictionary->last_task, &task))
		return dictionary->last_task;
	hash = stackid_hash_mix(stackid_hash_u64((uintptr_t)comm),
				(uint64_t)tgid << 32 | pid);
	while ((number = stackid_slots_next(&dictionary->by_task, hash, &step))) {
		if (is_task(dictionary, number, &task)) {
			dictionary->last_task = number;
			return number;
		}
	}
	stackid_array_reserve(dictionary->tasks, dictionary->nr_tasks,
			      dictionary->tasks_room);
	dictionary->tasks[dictionary->nr_tasks++] = task;
	number = dictionary->nr_tasks;
	stackid_slots_add(&dictionary->by_task, hash, number);
	table_row_number(&row, number);
	table_row_number(&row, pid);
	table_row_number(&row, tgid);
	table_row_text(&row, comm);
	return stackid_tables_add(dictionary->sink, TABLE_TASKS, &row) ? 0 :
									 number;
}

static int add_value_name(struct dictionary *dictionary,
			  const struct data_event_name *event, unsigned int i)
{
	struct table_row row = {};

	table_row_text(&row, dictionary->recording);
	table_row_number(&row, event->number);
	table_row_text(&row, event->name);
	table_row_number(&row, i + 1);
	table_row_text(&row, event->values[i].name);
	table_row_number(&row, event->values[i].is_signed);
	return stackid_tables_add(dictionary->sink, TABLE_VALUE_NAMES, &row);
}

int stackid_dictionary_event(struct dictionary *dictionary,
			     const struct data_event_name *event)
{
	struct table_row row = {};

	if (dictionary->named[event->number])
		return 0;
	dictionary->named[event->number] = true;
	table_row_text(&row, dictionary->recording);
	table_row_number(&row, event->number);
	table_row_text(&row, event->name);
	table_row_text(&row, event->name);
	table_row_text(&row, event->options);
	if (stackid_tables_add(dictionary->sink, TABLE_EVENT_NAMES, &row))
		return -1;
	for (unsigned int i = 0; i < event->nr_values; i++) {
		if (add_value_name(dictionary, event, i))
			return -1;
	}
	return 0;
}
