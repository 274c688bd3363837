// SPDX-License-Identifier: GPL-2.0
/*
 * OpenTelemetry's profiles: a ProfilesData, which is what the body of an export request
 * holds.  A profile there is of one kind of value, so each event has one for its hits
 * and one for each of its values; all refer to one dictionary, which has each stack once.
 */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/array.h"
#include "../lib/hash.h"
#include "../lib/protobuf.h"
#include "export_cells.h"
#include "export_otlp.h"
#include "export_places.h"
#include "export_stacks.h"

/* Of the dictionary; @text or @number is its value. */
struct otlp_attribute {
	uint32_t key;
	uint32_t text;
	uint64_t number;
};

/**
 * struct otlp - an export that goes on
 * @cells: .stack is a number of @stacks, .kind is 0
 */
struct otlp {
	const struct export *export;
	struct export_cells cells;
	struct export_places places;
	struct export_stacks stacks;
	struct otlp_attribute *attributes;
	uint32_t nr_attributes;
	size_t attributes_room;
	struct slots attribute_slots;
	struct buffer text;
};

/* Numbered from 1. */
static uint32_t find_attribute(struct otlp *otlp, const char *name,
			       const char *text, uint64_t number)
{
	struct otlp_attribute key = {
		.key = stackid_export_text(&otlp->places, name),
		.text = text ? stackid_export_text(&otlp->places, text) : 0,
		.number = number,
	};
	uint64_t hash = stackid_hash_mix(stackid_hash_u64(key.number),
					 (uint64_t)key.key << 32 | key.text);
	uint32_t found;
	size_t step = 0;

	while ((found = stackid_slots_next(&otlp->attribute_slots, hash,
					   &step))) {
		const struct otlp_attribute *old = &otlp->attributes[found - 1];

		if (old->key == key.key && old->text == key.text &&
		    old->number == key.number)
			return found;
	}
	stackid_array_reserve(otlp->attributes, otlp->nr_attributes,
			      otlp->attributes_room);
	otlp->attributes[otlp->nr_attributes++] = key;
	stackid_slots_add(&otlp->attribute_slots, hash, otlp->nr_attributes);
	return otlp->nr_attributes;
}

/* The cells by the stacks of the dictionary. */
static int fill_cells(struct otlp *otlp)
{
	struct export_cells cells = { };
	uint32_t places[EXPORT_MAX_FRAMES];
	int result = stackid_export_cells_fill(&cells, otlp->export);

	stackid_export_places_init(&otlp->places, otlp->export->data);
	for (size_t i = 0; i < cells.nr; i++) {
		struct export_cell cell = cells.at[i];
		uint32_t nr = stackid_export_stack(&otlp->places, cell.kind,
						   cell.stack, places);

		cell.stack = stackid_export_stacks_number(&otlp->stacks,
							  places, nr);
		cell.kind = 0;
		stackid_export_cells_add(&otlp->cells, &cell);
	}
	memcpy(otlp->cells.nr_values, cells.nr_values,
	       sizeof(cells.nr_values));
	stackid_export_cells_free(&cells);
	return result;
}

static void add_key_value(struct otlp *otlp, const char *key, const char *value)
{
	size_t begun, inner;

	if (!value || !*value)
		return;
	begun = stackid_protobuf_begin(&otlp->text, RESOURCE_ATTRIBUTES);
	stackid_protobuf_text(&otlp->text, KEY_VALUE_KEY, key);
	inner = stackid_protobuf_begin(&otlp->text, KEY_VALUE_VALUE);
	stackid_protobuf_text(&otlp->text, ANY_VALUE_STRING, value);
	stackid_protobuf_end(&otlp->text, inner);
	stackid_protobuf_end(&otlp->text, begun);
}

static void add_resource(struct otlp *otlp)
{
	struct data_reader *data = otlp->export->data;
	const char *arch = stackid_data_meta(data, "arch");
	char *loss = stackid_reading_loss(otlp->export->reading);
	size_t begun = stackid_protobuf_begin(&otlp->text,
					      RESOURCE_PROFILES_RESOURCE);

	/* As OpenTelemetry's conventions call them. */
	add_key_value(otlp, "service.name", "linux");
	add_key_value(otlp, "host.name", stackid_data_meta(data, "hostname"));
	add_key_value(otlp, "host.arch", arch && !strcmp(arch, "x86_64") ?
					 "amd64" :
					 arch && !strcmp(arch, "aarch64") ?
					 "arm64" : arch);
	add_key_value(otlp, "os.type", "linux");
	add_key_value(otlp, "os.version", stackid_data_meta(data, "release"));
	add_key_value(otlp, "stackid.command",
		      stackid_data_meta(data, "command"));
	add_key_value(otlp, "stackid.loss", loss);
	stackid_protobuf_end(&otlp->text, begun);
	free(loss);
}

static void add_scope(struct otlp *otlp)
{
	size_t begun = stackid_protobuf_begin(&otlp->text,
					      SCOPE_PROFILES_SCOPE);

	stackid_protobuf_text(&otlp->text, SCOPE_NAME, "stackid");
	stackid_protobuf_text(&otlp->text, SCOPE_VERSION, STACKID_VERSION);
	stackid_protobuf_end(&otlp->text, begun);
}

static void add_type(struct otlp *otlp, unsigned int field, const char *type,
		     const char *unit)
{
	size_t begun = stackid_protobuf_begin(&otlp->text, field);

	stackid_protobuf_number(&otlp->text, VALUE_TYPE_TYPE,
				stackid_export_text(&otlp->places, type));
	stackid_protobuf_number(&otlp->text, VALUE_TYPE_UNIT,
				stackid_export_text(&otlp->places, unit));
	stackid_protobuf_end(&otlp->text, begun);
}

static void add_sample(struct otlp *otlp, const struct export_cell *cell,
		       int64_t value)
{
	size_t begun = stackid_protobuf_begin(&otlp->text, PROFILE_SAMPLES);
	size_t inner;

	stackid_protobuf_number(&otlp->text, SAMPLE_STACK_INDEX, cell->stack);
	inner = stackid_protobuf_begin(&otlp->text, SAMPLE_ATTRIBUTE_INDICES);
	stackid_protobuf_packed(&otlp->text,
				find_attribute(otlp, "thread.name", cell->comm,
					       0));
	stackid_protobuf_packed(&otlp->text,
				find_attribute(otlp, "process.pid", NULL,
					       cell->tgid));
	stackid_protobuf_end(&otlp->text, inner);
	inner = stackid_protobuf_begin(&otlp->text, SAMPLE_VALUES);
	stackid_protobuf_packed(&otlp->text, value);
	stackid_protobuf_end(&otlp->text, inner);
	stackid_protobuf_end(&otlp->text, begun);
}

/* @value: which of its values; -1 is how often it was hit */
static void add_profile(struct otlp *otlp, unsigned int event, int value)
{
	struct reading *reading = otlp->export->reading;
	const struct data_event_name *name =
		stackid_reading_event(reading, event);
	const char *value_name = value < 0 ? NULL :
		stackid_export_value_name(reading, event, value);
	char *type = value_name ?
		     stackid_memory_print("%s:%s", name->name, value_name) :
		     stackid_memory_strdup(name->name);
	size_t begun = stackid_protobuf_begin(&otlp->text,
					      SCOPE_PROFILES_PROFILES);
	uint64_t number;
	size_t inner;

	add_type(otlp, PROFILE_SAMPLE_TYPE, type, value_name ?
		 stackid_export_value_unit(value_name) : "count");
	for (size_t i = 0; i < otlp->cells.nr; i++) {
		const struct export_cell *cell = &otlp->cells.at[i];

		if (cell->event == event)
			add_sample(otlp, cell, value < 0 ? (int64_t)cell->hits :
							   cell->sums[value]);
	}
	if (stackid_reading_number(reading, "start", &number))
		stackid_protobuf_fixed64(&otlp->text, PROFILE_TIME_UNIX_NANO,
					 number);
	if (stackid_reading_number(reading, "duration", &number))
		stackid_protobuf_number(&otlp->text, PROFILE_DURATION_NANO,
					number);
	add_type(otlp, PROFILE_PERIOD_TYPE, name->name, "count");
	stackid_protobuf_number(&otlp->text, PROFILE_PERIOD, 1);
	inner = stackid_protobuf_begin(&otlp->text, PROFILE_ATTRIBUTE_INDICES);
	stackid_protobuf_packed(&otlp->text,
				find_attribute(otlp, "stackid.event",
					       name->name, 0));
	if (*name->options)
		stackid_protobuf_packed(&otlp->text,
					find_attribute(otlp,
						       "stackid.options",
						       name->options, 0));
	stackid_protobuf_end(&otlp->text, inner);
	stackid_protobuf_end(&otlp->text, begun);
	free(type);
}

/* Whether --weight asks for it: readers show the first profile first. */
static bool comes_first(const struct otlp *otlp, unsigned int event, int value)
{
	const char *weight = otlp->export->options->reading.weight;

	if (!otlp->export->weigh)
		return value < 0;
	if (!strcmp(weight, "value"))
		return !value;
	return value >= 0 &&
	       !strcmp(stackid_export_value_name(otlp->export->reading, event,
						 value), weight);
}

static void add_profiles(struct otlp *otlp, bool first)
{
	bool has_hits[STACKID_MAX_EVENT + 1] = { };

	for (size_t i = 0; i < otlp->cells.nr; i++)
		has_hits[otlp->cells.at[i].event] = true;
	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		int nr = otlp->cells.nr_values[i];

		for (int value = -1; has_hits[i] && value < nr; value++) {
			if (comes_first(otlp, i, value) == first)
				add_profile(otlp, i, value);
		}
	}
}

static void add_resource_profiles(struct otlp *otlp)
{
	size_t begun = stackid_protobuf_begin(&otlp->text,
					      DATA_RESOURCE_PROFILES);
	size_t inner;

	add_resource(otlp);
	inner = stackid_protobuf_begin(&otlp->text, RESOURCE_PROFILES_SCOPES);
	add_scope(otlp);
	add_profiles(otlp, true);
	add_profiles(otlp, false);
	stackid_protobuf_end(&otlp->text, inner);
	stackid_protobuf_end(&otlp->text, begun);
}

static void add_empty(struct otlp *otlp, unsigned int field)
{
	stackid_protobuf_bytes(&otlp->text, field, NULL, 0);
}

static void add_one_attribute(struct otlp *otlp, unsigned int field,
			      uint32_t attribute)
{
	size_t begun = stackid_protobuf_begin(&otlp->text, field);

	stackid_protobuf_packed(&otlp->text, attribute);
	stackid_protobuf_end(&otlp->text, begun);
}

static void add_mapping(struct otlp *otlp, uint32_t i)
{
	const struct data_module *module =
		stackid_data_module(otlp->export->data,
				    otlp->places.mappings[i]);
	size_t begun = stackid_protobuf_begin(&otlp->text,
					      DICTIONARY_MAPPING_TABLE);

	stackid_protobuf_number(&otlp->text, MAPPING_MEMORY_START,
				module->base);
	stackid_protobuf_number(&otlp->text, MAPPING_MEMORY_LIMIT,
				module->base + module->size);
	stackid_protobuf_number(&otlp->text, MAPPING_FILENAME,
				stackid_export_text(&otlp->places,
						    module->name));
	if (strcmp(module->build_id, "-"))
		add_one_attribute(otlp, MAPPING_ATTRIBUTE_INDICES,
				  find_attribute(otlp,
						 "process.executable.build_id.gnu",
						 module->build_id, 0));
	stackid_protobuf_end(&otlp->text, begun);
}

static void add_location(struct otlp *otlp, const struct export_place *place)
{
	size_t begun = stackid_protobuf_begin(&otlp->text,
					      DICTIONARY_LOCATION_TABLE);
	size_t inner;

	stackid_protobuf_number(&otlp->text, LOCATION_MAPPING_INDEX,
				place->mapping);
	stackid_protobuf_number(&otlp->text, LOCATION_ADDRESS, place->pc);
	inner = stackid_protobuf_begin(&otlp->text, LOCATION_LINES);
	stackid_protobuf_number(&otlp->text, LINE_FUNCTION_INDEX,
				place->function);
	stackid_protobuf_end(&otlp->text, inner);
	if (place->pc)
		add_one_attribute(otlp, LOCATION_ATTRIBUTE_INDICES,
				  find_attribute(otlp, "profile.frame.type",
						 "kernel", 0));
	stackid_protobuf_end(&otlp->text, begun);
}

static void add_function(struct otlp *otlp, uint32_t name)
{
	size_t begun = stackid_protobuf_begin(&otlp->text,
					      DICTIONARY_FUNCTION_TABLE);

	stackid_protobuf_number(&otlp->text, FUNCTION_NAME, name);
	stackid_protobuf_number(&otlp->text, FUNCTION_SYSTEM_NAME, name);
	stackid_protobuf_end(&otlp->text, begun);
}

static void add_stack(struct otlp *otlp, uint32_t number)
{
	size_t begun = stackid_protobuf_begin(&otlp->text,
					      DICTIONARY_STACK_TABLE);
	size_t inner = stackid_protobuf_begin(&otlp->text,
					      STACK_LOCATION_INDICES);
	const uint32_t *places;
	uint32_t nr;

	places = stackid_export_stacks_get(&otlp->stacks, number, &nr);
	for (uint32_t i = 0; i < nr; i++)
		stackid_protobuf_packed(&otlp->text, places[i]);
	stackid_protobuf_end(&otlp->text, inner);
	stackid_protobuf_end(&otlp->text, begun);
}

static void add_attribute(struct otlp *otlp,
			  const struct otlp_attribute *attribute)
{
	size_t begun = stackid_protobuf_begin(&otlp->text,
					      DICTIONARY_ATTRIBUTE_TABLE);
	size_t inner;

	stackid_protobuf_number(&otlp->text, KEY_VALUE_KEY, attribute->key);
	inner = stackid_protobuf_begin(&otlp->text, KEY_VALUE_VALUE);
	if (attribute->text)
		stackid_protobuf_text(&otlp->text, ANY_VALUE_STRING,
				      otlp->places.strings.texts[attribute->text]);
	else
		stackid_protobuf_always(&otlp->text, ANY_VALUE_INT,
					attribute->number);
	stackid_protobuf_end(&otlp->text, inner);
	stackid_protobuf_end(&otlp->text, begun);
}

/* Attributes and strings last: the others give them numbers. */
static void add_dictionary(struct otlp *otlp)
{
	size_t begun = stackid_protobuf_begin(&otlp->text, DATA_DICTIONARY);
	const struct strings *strings = &otlp->places.strings;

	add_empty(otlp, DICTIONARY_MAPPING_TABLE);
	for (uint32_t i = 0; i < otlp->places.nr_mappings; i++)
		add_mapping(otlp, i);
	add_empty(otlp, DICTIONARY_LOCATION_TABLE);
	for (uint32_t i = 0; i < otlp->places.nr; i++)
		add_location(otlp, &otlp->places.at[i]);
	add_empty(otlp, DICTIONARY_FUNCTION_TABLE);
	for (uint32_t i = 0; i < otlp->places.nr_functions; i++)
		add_function(otlp, otlp->places.functions[i]);
	add_empty(otlp, DICTIONARY_LINK_TABLE);
	add_empty(otlp, DICTIONARY_STACK_TABLE);
	for (uint32_t i = 1; i <= otlp->stacks.nr; i++)
		add_stack(otlp, i);
	add_empty(otlp, DICTIONARY_ATTRIBUTE_TABLE);
	for (uint32_t i = 0; i < otlp->nr_attributes; i++)
		add_attribute(otlp, &otlp->attributes[i]);
	for (size_t i = 0; i < strings->nr; i++)
		stackid_protobuf_bytes(&otlp->text, DICTIONARY_STRING_TABLE,
				       strings->texts[i],
				       strlen(strings->texts[i]));
	stackid_protobuf_end(&otlp->text, begun);
}

static void flush(struct otlp *otlp)
{
	fwrite(otlp->text.data, 1, otlp->text.size, otlp->export->out);
	otlp->text.size = 0;
}

static int write_otlp(struct export *export)
{
	struct otlp otlp = { .export = export };
	int result;

	result = fill_cells(&otlp);
	if (result == EXIT_OK) {
		add_resource_profiles(&otlp);
		flush(&otlp);
		add_dictionary(&otlp);
		flush(&otlp);
	}
	stackid_export_cells_free(&otlp.cells);
	stackid_export_stacks_free(&otlp.stacks);
	stackid_export_places_exit(&otlp.places);
	stackid_slots_free(&otlp.attribute_slots);
	free(otlp.attributes);
	free(otlp.text.data);
	return result;
}

const struct export_format stackid_export_otlp = {
	.name = "otlp",
	.to = EXPORT_TO_BINARY,
	.in_one_go = true,
	.write = write_otlp,
};
