// SPDX-License-Identifier: GPL-2.0
/* The sections of a data file that are text, parsed. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../array.h"
#include "../memory.h"
#include "data_text.h"

void stackid_data_text_init(struct data_text *text)
{
	memset(text, 0, sizeof(*text));
}

void stackid_data_text_exit(struct data_text *text)
{
	stackid_strings_exit(&text->strings);
	stackid_strings_exit(&text->key_names);
	stackid_strings_exit(&text->module_names);
	free(text->keys);
	free(text->events);
	free(text->modules);
	free(text->counters);
}

static void add_key(struct data_text *text, char *line)
{
	char *value = strchr(line, '=');
	const char *name;
	uint32_t number;

	if (!value)
		return;
	*value++ = '\0';
	name = stackid_strings_number(&text->key_names, line, &number);
	if (number == text->nr_keys) {
		stackid_array_reserve(text->keys, text->nr_keys,
				      text->keys_room);
		text->keys[text->nr_keys++].key = name;
	}
	text->keys[number].value = stackid_strings_intern(&text->strings,
							  value);
}

/* Where the event of this number is, or goes. */
static struct data_event_name *place_event(struct data_text *text,
					   unsigned int number)
{
	size_t at = text->nr_events;

	if (text->places[number])
		return &text->events[text->places[number] - 1];
	stackid_array_reserve(text->events, text->nr_events, text->events_room);
	for (; at && text->events[at - 1].number > number; at--) {
		text->events[at] = text->events[at - 1];
		text->places[text->events[at].number] = at + 1;
	}
	text->places[number] = at + 1;
	text->nr_events++;
	return &text->events[at];
}

/* "NAME=argN+OFFSET:TYPE" or without the name. */
static struct data_value_name parse_value(struct data_text *text, char *word)
{
	char *type = strchr(word, ':');
	bool is_signed = type && type[1] == 's';

	word[strcspn(word, type ? "=:" : "=")] = '\0';
	return (struct data_value_name) {
		.name = stackid_strings_intern(&text->strings, word),
		.is_signed = is_signed,
	};
}

static void parse_values(struct data_text *text, struct data_event_name *event)
{
	char *copy = stackid_memory_strdup(event->options);
	char *rest = copy, *option, *word;

	event->nr_values = 0;
	while ((option = strsep(&rest, " "))) {
		if (strncmp(option, "value=", strlen("value=")))
			continue;
		option += strlen("value=");
		while ((word = strsep(&option, ",")) &&
		       event->nr_values < STACKID_MAX_VALUES)
			event->values[event->nr_values++] =
				parse_value(text, word);
	}
	free(copy);
}

static void add_event(struct data_text *text, char *line)
{
	char *name, *options;
	unsigned long number = strtoul(line, &name, 10);
	struct data_event_name *event;

	if (name == line || *name != ' ' || !number ||
	    number > STACKID_MAX_EVENT)
		return;
	name++;
	options = name + strcspn(name, " ");
	if (*options)
		*options++ = '\0';
	if (!*name)
		return;

	event = place_event(text, number);
	event->number = number;
	event->name = stackid_strings_intern(&text->strings, name);
	event->options = stackid_strings_intern(&text->strings, options);
	parse_values(text, event);
}

static void add_module(struct data_text *text, char *line)
{
	char name[DATA_MAX_MODULE + 1], build_id[DATA_MAX_MODULE + 1];
	struct data_module *module;
	uint64_t base, module_size;
	const char *known;
	uint32_t number;

	if (sscanf(line, "%79s %" SCNx64 " %" SCNx64 " %79s", name, &base,
		   &module_size, build_id) != 4)
		return;
	known = stackid_strings_number(&text->module_names, name, &number);
	if (number == text->nr_modules) {
		stackid_array_reserve(text->modules, text->nr_modules,
				      text->modules_room);
		text->modules[text->nr_modules++].name = known;
	}
	module = &text->modules[number];
	module->base = base;
	module->size = module_size;
	module->build_id = stackid_strings_intern(&text->strings, build_id);
}

static void add_counter(struct data_text *text, uint32_t cpu, char *line)
{
	struct data_counter *counter;
	char name[DATA_MAX_MODULE + 1];
	uint64_t start, end;

	if (sscanf(line, "%79s %" SCNu64 " %" SCNu64, name, &start, &end) != 3)
		return;
	stackid_array_reserve(text->counters, text->nr_counters,
			      text->counters_room);
	counter = &text->counters[text->nr_counters++];
	counter->name = stackid_strings_intern(&text->strings, name);
	counter->cpu = cpu;
	counter->order = text->nr_counters;
	counter->start = start;
	counter->end = end;
}

void stackid_data_text_add(struct data_text *text, unsigned int type,
			   uint32_t cpu, const char *payload, size_t size)
{
	char *copy = stackid_memory_zalloc(size + 1, 1);
	char *rest = memcpy(copy, payload, size);
	char *line;

	while ((line = strsep(&rest, "\n"))) {
		if (!*line)
			continue;
		switch (type) {
		case DATA_META:
		case DATA_END:
			add_key(text, line);
			break;
		case DATA_EVENTS:
			add_event(text, line);
			break;
		case DATA_MODULES:
			add_module(text, line);
			break;
		case DATA_LEDGER:
			add_counter(text, cpu, line);
			break;
		}
	}
	free(copy);
}

/* Those of one CPU stay in the order of the file. */
static int compare_counters(const void *a, const void *b)
{
	const struct data_counter *x = a, *y = b;

	if (x->cpu != y->cpu)
		return x->cpu < y->cpu ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

void stackid_data_text_finish(struct data_text *text)
{
	if (text->nr_counters)
		qsort(text->counters, text->nr_counters,
		      sizeof(*text->counters), compare_counters);
}

/* The first counter of @cpu or of one after it. */
static size_t first_counter(const struct data_text *text, uint64_t cpu)
{
	size_t low = 0, high = text->nr_counters;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (text->counters[middle].cpu < cpu)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct data_counter *
stackid_data_text_counters(const struct data_text *text, uint32_t cpu,
			   size_t *nr)
{
	size_t first = first_counter(text, cpu);

	*nr = first_counter(text, cpu + 1ULL) - first;
	return *nr ? &text->counters[first] : NULL;
}
