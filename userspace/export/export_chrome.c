// SPDX-License-Identifier: GPL-2.0
/*
 * The JSON of chrome://tracing, which Perfetto takes as well: an instant for each
 * event, and a slice for each time that a thread was off the CPUs, if the recording has
 * what tells it.  Perfetto knows nothing of stackFrames, so stacks are text, too.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/array.h"
#include "../lib/complain.h"
#include "../lib/hash.h"
#include "../lib/json.h"
#include "../lib/profile/waits.h"
#include "export_nodes.h"

/* What a number in JavaScript can be without losing digits. */
#define MOST_EXACT	(1ULL << 53)

/* @is_named: its process has been named */
struct chrome_thread {
	const char *comm;
	uint32_t pid;
	bool is_named;
};

/* @texts: by node, the stacks' text in quotes; NULL where that was not met yet */
struct chrome {
	struct export *export;
	struct export_nodes nodes;
	struct buffer *texts;
	uint32_t nr_texts;
	struct chrome_thread *threads;
	size_t nr;
	size_t room;
	struct slots slots;
	struct json json;
};

/* Its pointer is good until the next call. */
static struct chrome_thread *find_thread(struct chrome *chrome, uint32_t pid)
{
	uint64_t hash = stackid_hash_u32(pid);
	uint32_t number = stackid_slots_get(&chrome->slots, hash);

	if (number)
		return &chrome->threads[number - 1];
	stackid_array_reserve(chrome->threads, chrome->nr, chrome->room);
	chrome->threads[chrome->nr] = (struct chrome_thread) { .pid = pid };
	stackid_slots_add(&chrome->slots, hash, chrome->nr + 1);
	return &chrome->threads[chrome->nr++];
}

static void begin(struct chrome *chrome, const char *phase, const char *name,
		  uint32_t tgid, uint32_t pid)
{
	struct json *json = &chrome->json;

	stackid_json_line(json);
	stackid_json_open(json, '{');
	stackid_json_key_string(json, "ph", phase);
	stackid_json_key_string(json, "name", name);
	stackid_json_key_number(json, "pid", tgid);
	stackid_json_key_number(json, "tid", pid);
}

static void print_name(struct chrome *chrome, const char *what, uint32_t tgid,
		       uint32_t pid, const char *name)
{
	struct json *json = &chrome->json;

	begin(chrome, "M", what, tgid, pid);
	stackid_json_key_open(json, "args", '{');
	stackid_json_key_string(json, "name", name);
	stackid_json_close(json, '}');
	stackid_json_close(json, '}');
}

/* As often as it changes; a process is called as its first thread. */
static void name_thread(struct chrome *chrome, uint32_t tgid, uint32_t pid,
			const char *comm)
{
	struct chrome_thread *thread = find_thread(chrome, pid);
	bool is_new = thread->comm != comm;
	struct chrome_thread *process;

	if (is_new)
		print_name(chrome, "thread_name", tgid, pid, comm);
	thread->comm = comm;
	process = find_thread(chrome, tgid);
	if (!process->is_named || (is_new && pid == tgid))
		print_name(chrome, "process_name", tgid, tgid, comm);
	process->is_named = true;
}

/* In microseconds. */
static void print_time(struct json *json, const char *key, uint64_t ns)
{
	stackid_json_key(json, key);
	stackid_json_fraction(json, ns, 3);
}

static const char *function_name(const struct chrome *chrome, uint32_t node)
{
	const struct export_places *places = &chrome->nodes.places;
	uint32_t function = chrome->nodes.at[node].function;

	return places->strings.texts[places->functions[function - 1]];
}

static const struct buffer *stack_text(struct chrome *chrome, uint32_t node)
{
	uint32_t old = chrome->nr_texts;
	struct buffer text = { };

	if (node >= old) {
		chrome->nr_texts = 2 * node + 16;
		chrome->texts = stackid_memory_resize(chrome->texts,
						      chrome->nr_texts,
						      sizeof(*chrome->texts));
		memset(chrome->texts + old, 0,
		       (chrome->nr_texts - old) * sizeof(*chrome->texts));
	}
	if (chrome->texts[node].data)
		return &chrome->texts[node];
	for (uint32_t at = node + 1; at; at = chrome->nodes.at[at - 1].prefix) {
		const char *name = function_name(chrome, at - 1);

		if (text.size)
			stackid_buffer_add(&text, " < ", 3);
		stackid_buffer_add(&text, name, strlen(name));
	}
	stackid_buffer_add(&text, "", 1);
	stackid_json_quote(&chrome->texts[node], text.data);
	free(text.data);
	return &chrome->texts[node];
}

static void print_stack(struct chrome *chrome, const char *key, uint32_t node)
{
	const struct buffer *text = stack_text(chrome, node);

	stackid_json_key(&chrome->json, key);
	stackid_json_raw(&chrome->json, text->data, text->size);
}

static void print_value(struct json *json, uint64_t value, bool is_signed)
{
	char text[24];

	if (is_signed && (int64_t)value < 0) {
		stackid_json_signed(json, value);
	} else if (value <= MOST_EXACT) {
		stackid_json_number(json, value);
	} else {
		snprintf(text, sizeof(text), "%" PRIu64, value);
		stackid_json_string(json, text);
	}
}

static void print_values(struct json *json, const struct data_event *event,
			 const struct data_event_name *source)
{
	stackid_json_key_open(json, "values", '{');
	for (unsigned int i = 0; i < event->nr_values; i++) {
		bool named = i < source->nr_values;

		stackid_json_key_text(json, named ? source->values[i].name :
						    "value");
		print_value(json, event->values[i],
			    named && source->values[i].is_signed);
	}
	stackid_json_close(json, '}');
}

static void print_event(struct chrome *chrome, const struct data_event *event)
{
	const struct data_event_name *source =
		stackid_reading_event(chrome->export->reading, event->event);
	uint32_t node = stackid_export_node(&chrome->nodes, event);
	struct json *json = &chrome->json;

	name_thread(chrome, event->tgid, event->pid, event->comm);
	begin(chrome, "i", source->name, event->tgid, event->pid);
	stackid_json_key_string(json, "cat", "event");
	stackid_json_key_string(json, "s", "t");
	print_time(json, "ts", event->time);
	stackid_json_key_number(json, "sf", node);
	stackid_json_key_open(json, "args", '{');
	stackid_json_key_number(json, "cpu", event->cpu);
	if (event->nr_values)
		print_values(json, event, source);
	print_stack(chrome, "stack", node);
	stackid_json_close(json, '}');
	stackid_json_close(json, '}');
}

/* On the track of the CPU's idle task there is no room for it: where nobody was. */
static void print_loss(struct chrome *chrome, const struct data_event *event)
{
	struct json *json = &chrome->json;

	begin(chrome, "i", "events were lost", 0, 0);
	stackid_json_key_string(json, "cat", "loss");
	stackid_json_key_string(json, "s", "g");
	print_time(json, "ts", event->time);
	stackid_json_key_open(json, "args", '{');
	stackid_json_key_number(json, "cpu", event->cpu);
	stackid_json_key_number(json, "lost", event->lost);
	stackid_json_close(json, '}');
	stackid_json_close(json, '}');
}

/* False after a sentence. */
static bool print_events(struct chrome *chrome)
{
	struct data_event event;
	bool any = false;

	while (stackid_reading_next(chrome->export->reading, &event)) {
		if (event.kind == DATA_LOST) {
			print_loss(chrome, &event);
			continue;
		}
		any = true;
		print_event(chrome, &event);
		if (ferror(chrome->json.out))
			break;
	}
	if (!any)
		stackid_reading_complain_empty(chrome->export->reading);
	return any;
}

static uint32_t node_of(struct chrome *chrome, uint32_t stack)
{
	struct data_event event = {
		.stack = stack,
		.kind = stack ? DATA_HIT_STACK : DATA_HIT_EMPTY,
	};

	return stackid_export_node(&chrome->nodes, &event);
}

static void print_waker(struct chrome *chrome, const struct wait_side *waker)
{
	struct json *json = &chrome->json;

	stackid_json_key_string(json, "waker", waker->comm);
	stackid_json_key_number(json, "waker_tid", waker->pid);
	print_stack(chrome, "waker_stack", node_of(chrome, waker->stack));
}

static void print_slice(struct chrome *chrome, const struct wait *wait,
			const char *name, uint64_t from, uint64_t to)
{
	uint32_t node = node_of(chrome, wait->left.stack);
	struct json *json = &chrome->json;
	char state[2] = { wait->state };

	if (from == to)
		return;
	begin(chrome, "X", name, wait->left.tgid, wait->left.pid);
	stackid_json_key_string(json, "cat", "offcpu");
	print_time(json, "ts", from);
	print_time(json, "dur", to - from);
	stackid_json_key_number(json, "sf", node);
	stackid_json_key_open(json, "args", '{');
	stackid_json_key_string(json, "state", state);
	print_stack(chrome, "stack", node);
	if (wait->waker.comm)
		print_waker(chrome, &wait->waker);
	stackid_json_close(json, '}');
	stackid_json_close(json, '}');
}

static bool passes(struct chrome *chrome, const struct wait *wait)
{
	struct data_event moment = stackid_waits_moment(wait);

	return stackid_reading_has_moment(chrome->export->reading, &moment);
}

/* Where options choose events, what lies between them was not asked for. */
static void print_waits(struct chrome *chrome)
{
	struct data_reader *data = chrome->export->data;
	struct waits *waits;
	struct wait wait;

	if (chrome->export->options->reading.filter.events.nr ||
	    !stackid_waits_can(data))
		return;
	stackid_data_rewind(data);
	waits = stackid_waits_open(data);
	while (stackid_waits_next(waits, &wait)) {
		if (!passes(chrome, &wait))
			continue;
		print_slice(chrome, &wait, "blocked", wait.start, wait.woken);
		print_slice(chrome, &wait, "waits for a CPU", wait.woken,
			    wait.end);
	}
	stackid_waits_close(waits);
}

static void print_frames(struct chrome *chrome)
{
	const struct export_nodes *nodes = &chrome->nodes;
	struct json *json = &chrome->json;
	char key[16];

	stackid_json_key_open(json, "stackFrames", '{');
	for (uint32_t i = 0; i < nodes->nr; i++) {
		const struct export_node *node = &nodes->at[i];
		const struct export_place *place =
			&nodes->places.at[nodes->place_of[node->function - 1] - 1];
		const struct data_symbol *symbol =
			stackid_data_symbol(chrome->export->data, place->symbol);

		snprintf(key, sizeof(key), "%" PRIu32, i);
		stackid_json_line(json);
		stackid_json_key_open(json, key, '{');
		stackid_json_key_string(json, "category", symbol->module);
		stackid_json_key_string(json, "name", function_name(chrome, i));
		if (node->prefix) {
			snprintf(key, sizeof(key), "%" PRIu32, node->prefix - 1);
			stackid_json_key_string(json, "parent", key);
		}
		stackid_json_close(json, '}');
	}
	stackid_json_close(json, '}');
}

static void print_about(struct chrome *chrome)
{
	static const char *const keys[] = { "hostname", "release", "command" };
	struct json *json = &chrome->json;
	char *loss = stackid_reading_loss(chrome->export->reading);

	stackid_json_key_open(json, "otherData", '{');
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *value = stackid_data_meta(chrome->export->data,
						      keys[i]);

		if (value)
			stackid_json_key_string(json, keys[i], value);
	}
	stackid_json_key_string(json, "loss", loss);
	stackid_json_key_string(json, "written by", "stackid " STACKID_VERSION);
	stackid_json_close(json, '}');
	free(loss);
}

static int write_chrome(struct export *export)
{
	struct chrome chrome = { .export = export, .json.out = export->out };
	struct json *json = &chrome.json;
	bool any;

	stackid_export_nodes_init(&chrome.nodes, export->data);
	stackid_json_open(json, '{');
	stackid_json_key_string(json, "displayTimeUnit", "ns");
	stackid_json_key_open(json, "traceEvents", '[');
	any = print_events(&chrome);
	if (any)
		print_waits(&chrome);
	stackid_json_close(json, ']');
	print_frames(&chrome);
	print_about(&chrome);
	stackid_json_close(json, '}');
	stackid_json_end(json);

	for (uint32_t i = 0; i < chrome.nr_texts; i++)
		free(chrome.texts[i].data);
	free(chrome.texts);
	free(chrome.threads);
	stackid_slots_free(&chrome.slots);
	stackid_export_nodes_exit(&chrome.nodes);
	return any ? EXIT_OK : EXIT_FAILED;
}

const struct export_format stackid_export_chrome = {
	.name = "chrome",
	.to = EXPORT_TO_TEXT,
	.write = write_chrome,
};
