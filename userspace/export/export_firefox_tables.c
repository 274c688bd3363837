// SPDX-License-Identifier: GPL-2.0
/* The tables of a processed profile. */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "export_firefox_meta.h"
#include "export_firefox_tables.h"

#define RESOURCE_LIBRARY	1

enum sample_column { SAMPLE_STACK, SAMPLE_TIME, SAMPLE_WEIGHT };

static void print_time(struct json *json, uint64_t time, uint64_t first)
{
	/* In ms. */
	stackid_json_fraction(json, time - first, 6);
}

static uint64_t print_sample_column(struct json *json,
				    struct export_spool *spool, size_t queue,
				    uint64_t first, enum sample_column column,
				    const char *key)
{
	struct export_walk walk = { .spool = spool, .queue = queue };
	struct export_hit hit;
	uint64_t nr = 0;

	stackid_json_key_open(json, key, '[');
	for (; stackid_export_walk(&walk, &hit); nr++) {
		if (column == SAMPLE_STACK)
			stackid_json_number(json, hit.node);
		else if (column == SAMPLE_TIME)
			print_time(json, hit.time, first);
		else
			stackid_json_number(json, hit.weight);
	}
	stackid_json_close(json, ']');
	return nr;
}

void stackid_firefox_samples(struct json *json, struct export_spool *spool,
			     size_t queue, uint64_t first, const char *weight)
{
	uint64_t nr;

	stackid_json_key_open(json, "samples", '{');
	nr = print_sample_column(json, spool, queue, first, SAMPLE_STACK,
				 "stack");
	print_sample_column(json, spool, queue, first, SAMPLE_TIME, "time");
	if (weight)
		print_sample_column(json, spool, queue, first, SAMPLE_WEIGHT,
				    "weight");
	else
		stackid_json_key_word(json, "weight", "null");
	stackid_json_key_string(json, "weightType", weight ? weight : "samples");
	stackid_json_key_number(json, "length", nr);
	stackid_json_close(json, '}');
}

enum marker_column { MARKER_DATA, MARKER_NAME, MARKER_TIME, MARKER_END,
		     MARKER_PHASE, MARKER_CATEGORY };

static void print_marker_data(struct json *json, const struct export_hit *hit,
			      uint64_t first,
			      const struct data_event_name *event)
{
	stackid_json_open(json, '{');
	stackid_json_key_string(json, "type", event->name);
	for (unsigned int i = 0; i < hit->nr_values; i++) {
		stackid_json_key(json, stackid_firefox_field(i));
		if (i < event->nr_values && event->values[i].is_signed)
			stackid_json_signed(json, hit->values[i]);
		else
			stackid_json_number(json, hit->values[i]);
	}
	stackid_json_key_open(json, "cause", '{');
	stackid_json_key(json, "time");
	print_time(json, hit->time, first);
	stackid_json_key_number(json, "stack", hit->node);
	stackid_json_close(json, '}');
	stackid_json_close(json, '}');
}

static uint64_t print_marker_column(struct json *json,
				    struct export_spool *spool, size_t queue,
				    uint64_t first,
				    const struct data_event_name *event,
				    uint32_t name, enum marker_column column,
				    const char *key)
{
	struct export_walk walk = { .spool = spool, .queue = queue };
	struct export_hit hit;
	uint64_t nr = 0;

	stackid_json_key_open(json, key, '[');
	while (stackid_export_walk(&walk, &hit)) {
		if (!hit.nr_values)
			continue;
		nr++;
		if (column == MARKER_DATA)
			print_marker_data(json, &hit, first, event);
		else if (column == MARKER_NAME)
			stackid_json_number(json, name);
		else if (column == MARKER_TIME)
			print_time(json, hit.time, first);
		else if (column == MARKER_END)
			stackid_json_raw(json, "null", 4);
		else
			/* An instant; the category of kernel functions. */
			stackid_json_number(json, column == MARKER_CATEGORY ?
						  FIREFOX_KERNEL : 0);
	}
	stackid_json_close(json, ']');
	return nr;
}

void stackid_firefox_markers(struct json *json, struct export_spool *spool,
			     size_t queue, uint64_t first,
			     const struct data_event_name *event, uint32_t name)
{
	static const char *const keys[] = {
		[MARKER_DATA] = "data", [MARKER_NAME] = "name",
		[MARKER_TIME] = "startTime", [MARKER_END] = "endTime",
		[MARKER_PHASE] = "phase", [MARKER_CATEGORY] = "category",
	};
	uint64_t nr = 0;

	stackid_json_key_open(json, "markers", '{');
	for (unsigned int i = 0; i < ARRAY_SIZE(keys); i++)
		nr = print_marker_column(json, spool, queue, first, event, name,
					 i, keys[i]);
	stackid_json_key_number(json, "length", nr);
	stackid_json_close(json, '}');
}

/* As Breakpad writes a build-id: as a GUID, and an age. */
static void print_breakpad_id(struct json *json, const char *build_id)
{
	static const unsigned char order[] = { 3, 2, 1, 0, 5, 4, 7, 6 };
	char id[34] = "";

	for (unsigned int i = 0; strlen(build_id) >= 32 && i < 16; i++) {
		unsigned int from = 2 * (i < sizeof(order) ? order[i] : i);

		id[2 * i] = toupper((unsigned char)build_id[from]);
		id[2 * i + 1] = toupper((unsigned char)build_id[from + 1]);
		id[32] = '0';
	}
	stackid_json_key_string(json, "breakpadId", id);
}

void stackid_firefox_libs(struct json *json, const struct export_places *places)
{
	const char *arch = stackid_data_meta(places->data, "arch");

	stackid_json_key_open(json, "libs", '[');
	for (uint32_t i = 0; i < places->nr_mappings; i++) {
		const struct data_module *module =
			stackid_data_module(places->data, places->mappings[i]);
		bool known = strcmp(module->build_id, "-");

		stackid_json_open(json, '{');
		stackid_json_key_string(json, "arch", arch ? arch : "");
		stackid_json_key_string(json, "name", module->name);
		stackid_json_key_string(json, "path", module->name);
		stackid_json_key_string(json, "debugName", module->name);
		stackid_json_key_string(json, "debugPath", module->name);
		print_breakpad_id(json, known ? module->build_id : "");
		stackid_json_key(json, "codeId");
		if (known)
			stackid_json_string(json, module->build_id);
		else
			stackid_json_raw(json, "null", 4);
		stackid_json_close(json, '}');
	}
	stackid_json_close(json, ']');
}

/* A column of @nr times the same. */
static void print_constant(struct json *json, const char *key, uint32_t nr,
			   const char *word)
{
	stackid_json_key_open(json, key, '[');
	while (nr--)
		stackid_json_raw(json, word, strlen(word));
	stackid_json_close(json, ']');
}

/* A column of 0, 1, 2 and so on. */
static void print_numbers(struct json *json, const char *key, uint32_t nr)
{
	stackid_json_key_open(json, key, '[');
	for (uint32_t i = 0; i < nr; i++)
		stackid_json_number(json, i);
	stackid_json_close(json, ']');
}

static const struct export_place *place_of(const struct export_nodes *nodes,
					   uint32_t function)
{
	return &nodes->places.at[nodes->place_of[function] - 1];
}

static enum firefox_category category_of(const struct export_nodes *nodes,
					 uint32_t function)
{
	const struct export_place *place = place_of(nodes, function);
	const char *module;

	if (nodes->places.pseudo[EXPORT_USER] == nodes->place_of[function])
		return FIREFOX_USER;
	module = stackid_data_symbol(nodes->places.data, place->symbol)->module;
	if (!strcmp(module, "[kernel.kallsyms]"))
		return FIREFOX_KERNEL;
	return place->symbol ? FIREFOX_MODULE : FIREFOX_OTHER;
}

static void print_stacks(struct json *json, const struct export_nodes *nodes)
{
	stackid_json_key_open(json, "stackTable", '{');
	stackid_json_key_open(json, "frame", '[');
	for (uint32_t i = 0; i < nodes->nr; i++)
		stackid_json_number(json, nodes->at[i].function - 1);
	stackid_json_close(json, ']');
	stackid_json_key_open(json, "prefix", '[');
	for (uint32_t i = 0; i < nodes->nr; i++) {
		if (nodes->at[i].prefix)
			stackid_json_number(json, nodes->at[i].prefix - 1);
		else
			stackid_json_raw(json, "null", 4);
	}
	stackid_json_close(json, ']');
	stackid_json_key_number(json, "length", nodes->nr);
	stackid_json_close(json, '}');
}

/* One of each function. */
static void print_frames(struct json *json, const struct export_nodes *nodes,
			 uint32_t nr)
{
	stackid_json_key_open(json, "frameTable", '{');
	print_constant(json, "address", nr, "-1");
	print_constant(json, "inlineDepth", nr, "0");
	stackid_json_key_open(json, "category", '[');
	for (uint32_t i = 0; i < nr; i++)
		stackid_json_number(json, category_of(nodes, i));
	stackid_json_close(json, ']');
	print_constant(json, "subcategory", nr, "0");
	print_numbers(json, "func", nr);
	print_constant(json, "nativeSymbol", nr, "null");
	print_constant(json, "innerWindowID", nr, "null");
	print_constant(json, "line", nr, "null");
	print_constant(json, "column", nr, "null");
	stackid_json_key_number(json, "length", nr);
	stackid_json_close(json, '}');
}

static void print_functions(struct json *json, const struct export_nodes *nodes,
			    uint32_t nr)
{
	stackid_json_key_open(json, "funcTable", '{');
	stackid_json_key_open(json, "name", '[');
	for (uint32_t i = 0; i < nr; i++)
		stackid_json_number(json, nodes->places.functions[i]);
	stackid_json_close(json, ']');
	print_constant(json, "isJS", nr, "false");
	print_constant(json, "relevantForJS", nr, "false");
	stackid_json_key_open(json, "resource", '[');
	for (uint32_t i = 0; i < nr; i++)
		stackid_json_signed(json, (int64_t)place_of(nodes, i)->mapping - 1);
	stackid_json_close(json, ']');
	print_constant(json, "source", nr, "null");
	print_constant(json, "lineNumber", nr, "null");
	print_constant(json, "columnNumber", nr, "null");
	stackid_json_key_number(json, "length", nr);
	stackid_json_close(json, '}');
}

/* One of each module. */
static void print_resources(struct json *json, struct export_places *places)
{
	uint32_t nr = places->nr_mappings;
	char type[12];

	snprintf(type, sizeof(type), "%d", RESOURCE_LIBRARY);
	stackid_json_key_open(json, "resourceTable", '{');
	print_numbers(json, "lib", nr);
	stackid_json_key_open(json, "name", '[');
	for (uint32_t i = 0; i < nr; i++) {
		const struct data_module *module =
			stackid_data_module(places->data, places->mappings[i]);

		stackid_json_number(json, stackid_export_text(places,
							      module->name));
	}
	stackid_json_close(json, ']');
	print_constant(json, "host", nr, "null");
	print_constant(json, "type", nr, type);
	stackid_json_key_number(json, "length", nr);
	stackid_json_close(json, '}');
}

static void print_empty(struct json *json, const char *table,
			const char *const *columns)
{
	stackid_json_key_open(json, table, '{');
	for (; *columns; columns++)
		print_constant(json, *columns, 0, "");
	stackid_json_key_number(json, "length", 0);
	stackid_json_close(json, '}');
}

void stackid_firefox_shared(struct json *json, struct export_nodes *nodes)
{
	static const char *const symbols[] = {
		"libIndex", "address", "name", "functionSize", NULL,
	};
	static const char *const sources[] = { "id", "filename", NULL };
	uint32_t nr = nodes->places.nr_functions;

	stackid_json_key_open(json, "shared", '{');
	print_stacks(json, nodes);
	print_frames(json, nodes, nr);
	print_functions(json, nodes, nr);
	print_resources(json, &nodes->places);
	print_empty(json, "nativeSymbols", symbols);
	print_empty(json, "sources", sources);
	stackid_json_key_open(json, "stringArray", '[');
	for (size_t i = 0; i < nodes->places.strings.nr; i++)
		stackid_json_string(json, nodes->places.strings.texts[i]);
	stackid_json_close(json, ']');
	stackid_json_close(json, '}');
}
