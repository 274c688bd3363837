// SPDX-License-Identifier: GPL-2.0
/* Events as JSON, an object a line. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/data/data_follow.h"
#include "../lib/json.h"
#include "../lib/memory.h"
#include "export_format.h"

/* What a number in JavaScript can be without losing digits. */
#define MOST_EXACT	(1ULL << 53)

/* The texts of stacks are forgotten when they take more. */
#define MOST_CACHED	(64UL << 20)

/*
 * @texts:  by stack, from "stack" on to the end of its line; empty where there is none
 * @cached: bytes of them all
 * @names:  by event, ready
 * @who:    the thread of the last event, ready, which is @comm, @pid and @tgid
 */
struct jsonl {
	struct export *export;
	struct buffer *texts;
	uint32_t nr_texts;
	size_t cached;
	struct buffer names[STACKID_MAX_EVENT + 1];
	struct buffer who;
	const char *comm;
	uint32_t pid;
	uint32_t tgid;
	struct json json;
};

static void add(struct buffer *to, const char *text)
{
	stackid_buffer_add(to, text, strlen(text));
}

static void add_frame(const struct data_reader *data, struct buffer *to,
		      const struct data_frame *frame)
{
	const struct data_symbol *symbol = stackid_data_symbol(data,
							       frame->symbol);
	char address[32];

	add(to, "{\"symbol\":");
	stackid_json_quote(to, symbol->name);
	if (frame->symbol) {
		add(to, ",\"offset\":");
		stackid_json_digits(to, frame->offset);
	} else {
		snprintf(address, sizeof(address),
			 ",\"address\":\"0x%" PRIx64 "\"", frame->pc);
		add(to, address);
	}
	add(to, ",\"module\":");
	stackid_json_quote(to, symbol->module);
	add(to, "}");
}

/* What stands where no function is known. */
static void add_bracketed(struct buffer *to, const char *name)
{
	add(to, "{\"symbol\":\"");
	add(to, name);
	add(to, "\"}");
}

/* As stackid script has it. */
static void add_name(const struct data_reader *data, struct buffer *to,
		     const struct data_stack *stack, uint32_t index)
{
	add(to, "\"");
	stackid_json_digits(to, stack->generation->number);
	add(to, stack->id ? ":" : ":#");
	stackid_json_digits(to, stack->id ? stack->id :
			    stackid_data_stack_number(data, index));
	add(to, "\"");
}

static void make_text(const struct data_reader *data, struct buffer *to,
		      uint32_t index)
{
	const struct data_stack *stack = stackid_data_stack(data, index);

	add(to, ",\"stack\":");
	add_name(data, to, stack, index);
	add(to, ",\"frames\":[");
	for (uint32_t i = 0; i < stack->nr; i++) {
		if (i)
			add(to, ",");
		add_frame(data, to, stackid_data_frame(stack, i));
	}
	if (stack->depth > stack->nr) {
		if (stack->nr)
			add(to, ",");
		add_bracketed(to, "[cut]");
	} else if (!stack->nr) {
		add_bracketed(to, stack->undefined ? "[unknown]" :
						     "[no stack]");
	}
	add(to, "]}");
}

static void forget_texts(struct jsonl *jsonl)
{
	for (uint32_t i = 0; i < jsonl->nr_texts; i++) {
		free(jsonl->texts[i].data);
		jsonl->texts[i] = (struct buffer) { };
	}
	jsonl->cached = 0;
}

static const struct buffer *find_text(struct jsonl *jsonl, uint32_t index)
{
	uint32_t old = jsonl->nr_texts;

	if (index >= old) {
		jsonl->nr_texts = 2 * index;
		jsonl->texts = stackid_memory_resize(jsonl->texts,
						     jsonl->nr_texts,
						     sizeof(*jsonl->texts));
		memset(jsonl->texts + old, 0,
		       (jsonl->nr_texts - old) * sizeof(*jsonl->texts));
	}
	if (!jsonl->texts[index].size) {
		if (jsonl->cached > MOST_CACHED)
			forget_texts(jsonl);
		make_text(jsonl->export->data, &jsonl->texts[index], index);
		jsonl->cached += jsonl->texts[index].room;
	}
	return &jsonl->texts[index];
}

static void add_stack(struct jsonl *jsonl, const struct data_event *event)
{
	struct buffer *to = &jsonl->json.text;
	const struct buffer *text;

	if (event->kind == DATA_HIT_STACK && event->stack) {
		text = find_text(jsonl, event->stack);
		stackid_buffer_add(to, text->data, text->size);
		return;
	}
	add(to, ",\"stack\":null,\"frames\":[");
	add_bracketed(to, event->kind == DATA_HIT_USER ? "[user]" :
							 "[no stack]");
	add(to, "]}");
}

static void add_value(struct buffer *to, uint64_t value, bool is_signed)
{
	bool exact = value <= MOST_EXACT;

	if (is_signed && (int64_t)value < 0) {
		value = -value;
		exact = value <= MOST_EXACT;
		add(to, exact ? "-" : "\"-");
	} else if (!exact) {
		add(to, "\"");
	}
	stackid_json_digits(to, value);
	if (!exact)
		add(to, "\"");
}

static void add_values(struct buffer *to, const struct data_event *event,
		       const struct data_event_name *source)
{
	add(to, ",\"values\":{");
	for (unsigned int i = 0; i < event->nr_values; i++) {
		bool named = i < source->nr_values;

		if (i)
			add(to, ",");
		stackid_json_quote(to, named ? source->values[i].name :
					       "value");
		add(to, ":");
		add_value(to, event->values[i],
			  named && source->values[i].is_signed);
	}
	add(to, "}");
}

static const struct buffer *find_name(struct jsonl *jsonl,
				      const struct data_event_name *source)
{
	struct buffer *name = &jsonl->names[source->number];

	if (!name->size) {
		add(name, ",\"event\":");
		stackid_json_quote(name, source->name);
	}
	return name;
}

/* Of a length that the compiler knows, as is needed where it is for each event. */
static inline void add_number(struct buffer *to, const char *key, size_t size,
			      uint64_t number)
{
	stackid_buffer_add(to, key, size);
	stackid_json_digits(to, number);
}

#define ADD_NUMBER(to, key, number) add_number(to, key, sizeof(key) - 1, number)

static const struct buffer *find_who(struct jsonl *jsonl,
				     const struct data_event *event)
{
	struct buffer *who = &jsonl->who;

	if (who->size && jsonl->comm == event->comm &&
	    jsonl->pid == event->pid && jsonl->tgid == event->tgid)
		return who;
	who->size = 0;
	ADD_NUMBER(who, ",\"pid\":", event->tgid);
	ADD_NUMBER(who, ",\"tid\":", event->pid);
	add(who, ",\"comm\":");
	stackid_json_quote(who, event->comm);
	jsonl->comm = event->comm;
	jsonl->pid = event->pid;
	jsonl->tgid = event->tgid;
	return who;
}

static void print_event(struct jsonl *jsonl, const struct data_event *event)
{
	const struct data_event_name *source =
		stackid_reading_event(jsonl->export->reading, event->event);
	const struct buffer *name = find_name(jsonl, source);
	const struct buffer *who = find_who(jsonl, event);
	struct buffer *to = &jsonl->json.text;

	/* In quotes, since 2^53 ns are over after 104 days. */
	ADD_NUMBER(to, "{\"time\":\"", event->time);
	ADD_NUMBER(to, "\",\"cpu\":", event->cpu);
	stackid_buffer_add(to, who->data, who->size);
	stackid_buffer_add(to, name->data, name->size);
	if (event->nr_values)
		add_values(to, event, source);
	add_stack(jsonl, event);
}

static void print_loss(struct jsonl *jsonl, const struct data_event *event)
{
	struct buffer *to = &jsonl->json.text;

	ADD_NUMBER(to, "{\"time\":\"", event->time);
	ADD_NUMBER(to, "\",\"cpu\":", event->cpu);
	ADD_NUMBER(to, ",\"lost\":", event->lost);
	add(to, "}");
}

static void free_all(struct jsonl *jsonl)
{
	forget_texts(jsonl);
	free(jsonl->texts);
	free(jsonl->who.data);
	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++)
		free(jsonl->names[i].data);
	stackid_json_end(&jsonl->json);
}

/* Whoever reads the lines sees all that has been. */
static void show(void *own)
{
	struct jsonl *jsonl = own;

	stackid_json_flush(&jsonl->json);
	fflush(jsonl->json.out);
}

static int write_jsonl(struct export *export)
{
	struct jsonl jsonl = { .export = export, .json.out = export->out };
	struct data_event event;
	bool any = false;

	if (stackid_reading_streams(export->reading))
		stackid_data_follow_idle(export->data, show, &jsonl);
	while (stackid_reading_next(export->reading, &event) &&
	       !ferror(export->out)) {
		if (event.kind == DATA_LOST) {
			print_loss(&jsonl, &event);
		} else {
			any = true;
			print_event(&jsonl, &event);
		}
		stackid_json_next(&jsonl.json);
	}
	free_all(&jsonl);
	if (any)
		return EXIT_OK;
	stackid_reading_complain_empty(export->reading);
	return EXIT_FAILED;
}

const struct export_format stackid_export_jsonl = {
	.name = "jsonl",
	.to = EXPORT_TO_TEXT,
	.in_one_go = true,
	.names_stacks = true,
	.write = write_jsonl,
};
