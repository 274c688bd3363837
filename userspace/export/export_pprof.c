// SPDX-License-Identifier: GPL-2.0
/*
 * pprof's profile.proto: https://github.com/google/pprof, proto/profile.proto.  Its
 * fields may come in any order, so the samples are written as they are made, and the
 * tables that they refer to behind them.
 */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/array.h"
#include "../lib/hash.h"
#include "../lib/protobuf.h"
#include "export_cells.h"
#include "export_gzip.h"
#include "export_places.h"

enum profile_field {
	PROFILE_SAMPLE_TYPE	= 1,
	PROFILE_SAMPLE		= 2,
	PROFILE_MAPPING		= 3,
	PROFILE_LOCATION	= 4,
	PROFILE_FUNCTION	= 5,
	PROFILE_STRING_TABLE	= 6,
	PROFILE_TIME_NANOS	= 9,
	PROFILE_DURATION_NANOS	= 10,
	PROFILE_PERIOD_TYPE	= 11,
	PROFILE_PERIOD		= 12,
	PROFILE_COMMENT		= 13,
	PROFILE_DEFAULT_TYPE	= 14,
};

enum value_type_field {
	VALUE_TYPE_TYPE		= 1,
	VALUE_TYPE_UNIT		= 2,
};

enum sample_field {
	SAMPLE_LOCATION_ID	= 1,
	SAMPLE_VALUE		= 2,
	SAMPLE_LABEL		= 3,
};

enum label_field {
	LABEL_KEY		= 1,
	LABEL_STR		= 2,
};

enum mapping_field {
	MAPPING_ID		= 1,
	MAPPING_START		= 2,
	MAPPING_LIMIT		= 3,
	MAPPING_FILENAME	= 5,
	MAPPING_BUILD_ID	= 6,
	MAPPING_HAS_FUNCTIONS	= 7,
};

enum location_field {
	LOCATION_ID		= 1,
	LOCATION_MAPPING_ID	= 2,
	LOCATION_ADDRESS	= 3,
	LOCATION_LINE		= 4,
};

enum line_field {
	LINE_FUNCTION_ID	= 1,
};

enum function_field {
	FUNCTION_ID		= 1,
	FUNCTION_NAME		= 2,
	FUNCTION_SYSTEM_NAME	= 3,
};

/* So many bytes go into the file together. */
#define FLUSH_AT	65536

/**
 * struct pprof - an export that goes on
 * @columns:   the strings that name the sample types behind "hits"
 * @column_of: by event and value, the place in @columns
 * @values:    a sample's, of each of them
 */
struct pprof {
	const struct export *export;
	struct export_cells cells;
	struct export_places places;
	struct export_gzip *gzip;
	struct buffer text;
	uint32_t *columns;
	size_t nr_columns;
	size_t columns_room;
	uint32_t column_of[STACKID_MAX_EVENT + 1][STACKID_MAX_VALUES];
	int64_t *values;
};

static void flush(struct pprof *pprof, size_t at_least)
{
	if (pprof->text.size < at_least)
		return;
	stackid_export_gzip_write(pprof->gzip, pprof->text.data,
				  pprof->text.size);
	pprof->text.size = 0;
}

static void find_columns(struct pprof *pprof)
{
	struct slots slots = { };

	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		for (unsigned int k = 0; k < pprof->cells.nr_values[i]; k++) {
			uint32_t name = stackid_export_text(&pprof->places,
				stackid_export_value_name(pprof->export->reading,
							  i, k));
			uint64_t hash = stackid_hash_u32(name);
			uint32_t column = stackid_slots_get(&slots, hash);

			if (!column) {
				stackid_array_reserve(pprof->columns,
						      pprof->nr_columns,
						      pprof->columns_room);
				pprof->columns[pprof->nr_columns++] = name;
				column = pprof->nr_columns;
				stackid_slots_add(&slots, hash, column);
			}
			pprof->column_of[i][k] = column - 1;
		}
	}
	stackid_slots_free(&slots);
	pprof->values = stackid_memory_zalloc(pprof->nr_columns + 1,
					      sizeof(*pprof->values));
}

static void add_type(struct pprof *pprof, unsigned int field,
		     uint32_t type, const char *unit)
{
	size_t begun = stackid_protobuf_begin(&pprof->text, field);

	stackid_protobuf_number(&pprof->text, VALUE_TYPE_TYPE, type);
	stackid_protobuf_number(&pprof->text, VALUE_TYPE_UNIT,
				stackid_export_text(&pprof->places, unit));
	stackid_protobuf_end(&pprof->text, begun);
}

/* The one that --weight asks for is what a reader shows first. */
static uint32_t find_default(struct pprof *pprof)
{
	const char *weight = pprof->export->options->reading.weight;

	if (!pprof->export->weigh || !pprof->nr_columns)
		return stackid_export_text(&pprof->places, "hits");
	if (!strcmp(weight, "value"))
		return pprof->columns[0];
	return stackid_export_text(&pprof->places, weight);
}

static void add_types(struct pprof *pprof)
{
	uint32_t hits = stackid_export_text(&pprof->places, "hits");

	add_type(pprof, PROFILE_SAMPLE_TYPE, hits, "count");
	for (size_t i = 0; i < pprof->nr_columns; i++) {
		const char *name =
			pprof->places.strings.texts[pprof->columns[i]];

		add_type(pprof, PROFILE_SAMPLE_TYPE, pprof->columns[i],
			 stackid_export_value_unit(name));
	}
	stackid_protobuf_number(&pprof->text, PROFILE_DEFAULT_TYPE,
				find_default(pprof));
	add_type(pprof, PROFILE_PERIOD_TYPE, hits, "count");
	stackid_protobuf_number(&pprof->text, PROFILE_PERIOD, 1);
}

static void add_comment(struct pprof *pprof, char *text)
{
	stackid_protobuf_number(&pprof->text, PROFILE_COMMENT,
				stackid_export_text(&pprof->places, text));
	free(text);
}

static void add_about(struct pprof *pprof)
{
	struct reading *reading = pprof->export->reading;
	const char *command = stackid_data_meta(pprof->export->data, "command");
	uint64_t number;

	if (stackid_reading_number(reading, "start", &number))
		stackid_protobuf_number(&pprof->text, PROFILE_TIME_NANOS,
					number);
	if (stackid_reading_number(reading, "duration", &number))
		stackid_protobuf_number(&pprof->text, PROFILE_DURATION_NANOS,
					number);
	if (command)
		add_comment(pprof, stackid_memory_strdup(command));
	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		const struct data_event_name *event =
			stackid_data_event_by_number(pprof->export->data, i);

		if (event && stackid_reading_wants_event(reading, i))
			add_comment(pprof,
				    stackid_memory_print("event %s%s%s",
							 event->name,
							 *event->options ? " " : "",
							 event->options));
	}
	add_comment(pprof, stackid_reading_loss(reading));
}

static void add_label(struct pprof *pprof, const char *key, const char *value)
{
	size_t begun;

	if (!value || !*value)
		return;
	begun = stackid_protobuf_begin(&pprof->text, SAMPLE_LABEL);
	stackid_protobuf_number(&pprof->text, LABEL_KEY,
				stackid_export_text(&pprof->places, key));
	stackid_protobuf_number(&pprof->text, LABEL_STR,
				stackid_export_text(&pprof->places, value));
	stackid_protobuf_end(&pprof->text, begun);
}

static void add_values(struct pprof *pprof, const struct export_cell *cell)
{
	size_t begun = stackid_protobuf_begin(&pprof->text, SAMPLE_VALUE);
	unsigned int nr = pprof->cells.nr_values[cell->event];
	const uint32_t *columns = pprof->column_of[cell->event];

	stackid_protobuf_packed(&pprof->text, cell->hits);
	/* Two values of one event may have one name. */
	for (unsigned int i = 0; i < nr; i++)
		pprof->values[columns[i]] =
			stackid_export_add(pprof->values[columns[i]],
					   cell->sums[i]);
	for (size_t i = 0; i < pprof->nr_columns; i++)
		stackid_protobuf_packed(&pprof->text, pprof->values[i]);
	for (unsigned int i = 0; i < nr; i++)
		pprof->values[columns[i]] = 0;
	stackid_protobuf_end(&pprof->text, begun);
}

static void add_sample(struct pprof *pprof, const struct export_cell *cell)
{
	uint32_t places[EXPORT_MAX_FRAMES];
	uint32_t nr = stackid_export_stack(&pprof->places, cell->kind,
					   cell->stack, places);
	size_t begun = stackid_protobuf_begin(&pprof->text, PROFILE_SAMPLE);
	size_t inner = stackid_protobuf_begin(&pprof->text, SAMPLE_LOCATION_ID);
	struct data_reader *data = pprof->export->data;
	char pid[16];

	for (uint32_t i = 0; i < nr; i++)
		stackid_protobuf_packed(&pprof->text, places[i]);
	stackid_protobuf_end(&pprof->text, inner);
	add_values(pprof, cell);
	snprintf(pid, sizeof(pid), "%" PRIu32, cell->tgid);
	add_label(pprof, "comm", cell->comm);
	add_label(pprof, "pid", pid);
	add_label(pprof, "event",
		  stackid_reading_event(pprof->export->reading,
					cell->event)->name);
	add_label(pprof, "host", stackid_data_meta(data, "hostname"));
	add_label(pprof, "kernel", stackid_data_meta(data, "release"));
	stackid_protobuf_end(&pprof->text, begun);
}

/* Names are there, so no reader has to look for symbols of its own machine. */
static void add_mapping(struct pprof *pprof, uint32_t i)
{
	const struct data_module *module =
		stackid_data_module(pprof->export->data,
				    pprof->places.mappings[i]);
	size_t begun = stackid_protobuf_begin(&pprof->text, PROFILE_MAPPING);

	stackid_protobuf_number(&pprof->text, MAPPING_ID, i + 1);
	stackid_protobuf_number(&pprof->text, MAPPING_START, module->base);
	stackid_protobuf_number(&pprof->text, MAPPING_LIMIT,
				module->base + module->size);
	stackid_protobuf_number(&pprof->text, MAPPING_FILENAME,
				stackid_export_text(&pprof->places,
						    module->name));
	if (strcmp(module->build_id, "-"))
		stackid_protobuf_number(&pprof->text, MAPPING_BUILD_ID,
					stackid_export_text(&pprof->places,
							    module->build_id));
	stackid_protobuf_number(&pprof->text, MAPPING_HAS_FUNCTIONS, 1);
	stackid_protobuf_end(&pprof->text, begun);
}

/* Of a file that knows no modules: go tool pprof complains where there are none. */
static void add_some_mapping(struct pprof *pprof)
{
	size_t begun = stackid_protobuf_begin(&pprof->text, PROFILE_MAPPING);

	stackid_protobuf_number(&pprof->text, MAPPING_ID, 1);
	stackid_protobuf_number(&pprof->text, MAPPING_FILENAME,
				stackid_export_text(&pprof->places,
						    "[kernel.kallsyms]"));
	stackid_protobuf_number(&pprof->text, MAPPING_HAS_FUNCTIONS, 1);
	stackid_protobuf_end(&pprof->text, begun);
}

static void add_location(struct pprof *pprof, uint32_t i)
{
	const struct export_place *place = &pprof->places.at[i];
	size_t begun = stackid_protobuf_begin(&pprof->text, PROFILE_LOCATION);
	size_t inner;

	stackid_protobuf_number(&pprof->text, LOCATION_ID, i + 1);
	stackid_protobuf_number(&pprof->text, LOCATION_MAPPING_ID,
				place->mapping);
	stackid_protobuf_number(&pprof->text, LOCATION_ADDRESS, place->pc);
	inner = stackid_protobuf_begin(&pprof->text, LOCATION_LINE);
	stackid_protobuf_number(&pprof->text, LINE_FUNCTION_ID,
				place->function);
	stackid_protobuf_end(&pprof->text, inner);
	stackid_protobuf_end(&pprof->text, begun);
}

static void add_function(struct pprof *pprof, uint32_t i)
{
	uint32_t name = pprof->places.functions[i];
	size_t begun = stackid_protobuf_begin(&pprof->text, PROFILE_FUNCTION);

	stackid_protobuf_number(&pprof->text, FUNCTION_ID, i + 1);
	stackid_protobuf_number(&pprof->text, FUNCTION_NAME, name);
	stackid_protobuf_number(&pprof->text, FUNCTION_SYSTEM_NAME, name);
	stackid_protobuf_end(&pprof->text, begun);
}

static void add_tables(struct pprof *pprof)
{
	const struct strings *strings = &pprof->places.strings;

	for (uint32_t i = 0; i < pprof->places.nr_mappings; i++)
		add_mapping(pprof, i);
	if (!pprof->places.nr_mappings)
		add_some_mapping(pprof);
	for (uint32_t i = 0; i < pprof->places.nr; i++) {
		add_location(pprof, i);
		flush(pprof, FLUSH_AT);
	}
	for (uint32_t i = 0; i < pprof->places.nr_functions; i++) {
		add_function(pprof, i);
		flush(pprof, FLUSH_AT);
	}
	/* Number 0 is to be there, though it is empty. */
	for (size_t i = 0; i < strings->nr; i++) {
		stackid_protobuf_bytes(&pprof->text, PROFILE_STRING_TABLE,
				       strings->texts[i],
				       strlen(strings->texts[i]));
		flush(pprof, FLUSH_AT);
	}
	flush(pprof, 0);
}

static int write_pprof(struct export *export)
{
	struct pprof *pprof = stackid_memory_zalloc(1, sizeof(*pprof));
	int result = stackid_export_cells_fill(&pprof->cells, export);

	pprof->export = export;
	stackid_export_places_init(&pprof->places, export->data);
	if (result == EXIT_OK) {
		find_columns(pprof);
		pprof->gzip = stackid_export_gzip_begin(export->out, -1);
		add_types(pprof);
		add_about(pprof);
		for (size_t i = 0; i < pprof->cells.nr; i++) {
			add_sample(pprof, &pprof->cells.at[i]);
			flush(pprof, FLUSH_AT);
		}
		add_tables(pprof);
		stackid_export_gzip_end(pprof->gzip);
	}
	stackid_export_cells_free(&pprof->cells);
	stackid_export_places_exit(&pprof->places);
	free(pprof->text.data);
	free(pprof->columns);
	free(pprof->values);
	free(pprof);
	return result;
}

const struct export_format stackid_export_pprof = {
	.name = "pprof",
	.to = EXPORT_TO_BINARY,
	.in_one_go = true,
	.write = write_pprof,
};
