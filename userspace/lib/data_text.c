// SPDX-License-Identifier: GPL-2.0
/* The sections of a data file that are text, parsed. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "data_text.h"

void stackid_data_text_init(struct data_text *text)
{
	memset(text, 0, sizeof(*text));
	stackid_strings_init(&text->strings);
}

void stackid_data_text_exit(struct data_text *text)
{
	stackid_strings_exit(&text->strings);
	free(text->keys);
	free(text->events);
	free(text->modules);
	free(text->counters);
}

static void add_key(struct data_text *text, char *line)
{
	char *value = strchr(line, '=');
	struct data_key *key;
	size_t i;

	if (!value)
		return;
	*value++ = '\0';
	for (i = 0; i < text->nr_keys; i++) {
		if (!strcmp(text->keys[i].key, line))
			break;
	}
	if (i == text->nr_keys) {
		text->keys = stackid_array_grow(text->keys, text->nr_keys,
						&text->keys_room,
						sizeof(*text->keys));
		text->nr_keys++;
	}
	key = &text->keys[i];
	key->key = stackid_strings_intern(&text->strings, line);
	key->value = stackid_strings_intern(&text->strings, value);
}

static void add_event(struct data_text *text, char *line)
{
	char *name, *options;
	unsigned int number = strtoul(line, &name, 10);
	size_t at = text->nr_events;

	if (name == line || *name != ' ')
		return;
	name++;
	options = name + strcspn(name, " ");
	if (*options)
		*options++ = '\0';

	text->events = stackid_array_grow(text->events, text->nr_events,
					  &text->events_room,
					  sizeof(*text->events));
	for (; at && text->events[at - 1].number > number; at--)
		text->events[at] = text->events[at - 1];
	text->events[at].number = number;
	text->events[at].name = stackid_strings_intern(&text->strings, name);
	text->events[at].options = stackid_strings_intern(&text->strings,
							  options);
	text->nr_events++;
}

static void add_module(struct data_text *text, char *line)
{
	char name[80], build_id[80];
	struct data_module *module;
	uint64_t base, module_size;
	size_t i;

	if (sscanf(line, "%79s %" SCNx64 " %" SCNx64 " %79s", name, &base,
		   &module_size, build_id) != 4)
		return;
	for (i = 0; i < text->nr_modules; i++) {
		if (!strcmp(text->modules[i].name, name))
			break;
	}
	if (i == text->nr_modules) {
		text->modules = stackid_array_grow(text->modules,
						   text->nr_modules,
						   &text->modules_room,
						   sizeof(*text->modules));
		text->nr_modules++;
	}
	module = &text->modules[i];
	module->name = stackid_strings_intern(&text->strings, name);
	module->base = base;
	module->size = module_size;
	module->build_id = stackid_strings_intern(&text->strings, build_id);
}

static void add_counter(struct data_text *text, uint32_t cpu, char *line)
{
	struct data_counter *counter;
	char name[80];
	uint64_t start, end;

	if (sscanf(line, "%79s %" SCNu64 " %" SCNu64, name, &start, &end) != 3)
		return;
	text->counters = stackid_array_grow(text->counters, text->nr_counters,
					    &text->counters_room,
					    sizeof(*text->counters));
	counter = &text->counters[text->nr_counters++];
	counter->name = stackid_strings_intern(&text->strings, name);
	counter->cpu = cpu;
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
