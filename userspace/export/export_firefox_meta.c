// SPDX-License-Identifier: GPL-2.0
/* What a processed profile says of itself. */
#include <stdlib.h>
#include <string.h>

#include "../lib/clock.h"
#include "export_cells.h"
#include "export_firefox_meta.h"

#define FORMAT_VERSION	60

/* Of Firefox's own profiles, which these are not. */
#define GECKO_VERSION	31

/* The profiler takes long to draw more. */
#define SHOWN_AT_FIRST	20

static const struct {
	const char *name;
	const char *colour;
} categories[] = {
	[FIREFOX_OTHER]		= { "Other", "grey" },
	[FIREFOX_KERNEL]	= { "Kernel", "orange" },
	[FIREFOX_MODULE]	= { "Module", "purple" },
	[FIREFOX_USER]		= { "User", "blue" },
};

const char *stackid_firefox_field(unsigned int i)
{
	static const char *const fields[STACKID_MAX_VALUES] = {
		"value", "value2", "value3", "value4",
	};

	return fields[i];
}

static void print_categories(struct json *json)
{
	stackid_json_key_open(json, "categories", '[');
	for (size_t i = 0; i < ARRAY_SIZE(categories); i++) {
		stackid_json_open(json, '{');
		stackid_json_key_string(json, "name", categories[i].name);
		stackid_json_key_string(json, "color", categories[i].colour);
		stackid_json_key_open(json, "subcategories", '[');
		stackid_json_string(json, "Other");
		stackid_json_close(json, ']');
		stackid_json_close(json, '}');
	}
	stackid_json_close(json, ']');
}

static void print_field(struct json *json, unsigned int i, const char *name)
{
	bool bytes = !strcmp(stackid_export_value_unit(name), "bytes");

	stackid_json_open(json, '{');
	stackid_json_key_string(json, "key", stackid_firefox_field(i));
	stackid_json_key_string(json, "label", name);
	stackid_json_key_string(json, "format", bytes ? "bytes" : "integer");
	stackid_json_close(json, '}');
}

static void print_schema(struct json *json, const struct data_event_name *event)
{
	char *label = stackid_memory_print("{marker.data.%s}",
					   stackid_firefox_field(0));

	stackid_json_line(json);
	stackid_json_open(json, '{');
	stackid_json_key_string(json, "name", event->name);
	stackid_json_key_string(json, "tableLabel", label);
	stackid_json_key_string(json, "chartLabel", label);
	stackid_json_key_open(json, "display", '[');
	stackid_json_string(json, "marker-chart");
	stackid_json_string(json, "marker-table");
	stackid_json_close(json, ']');
	stackid_json_key_open(json, "fields", '[');
	for (unsigned int i = 0; i < event->nr_values; i++)
		print_field(json, i, event->values[i].name);
	stackid_json_close(json, ']');
	stackid_json_close(json, '}');
	free(label);
}

static void print_schemas(struct json *json, const struct export *export)
{
	stackid_json_key_open(json, "markerSchema", '[');
	for (unsigned int i = 0; i < stackid_data_nr_events(export->data); i++) {
		const struct data_event_name *event =
			stackid_data_event(export->data, i);

		if (event->nr_values &&
		    stackid_reading_wants_event(export->reading, event->number))
			print_schema(json, event);
	}
	stackid_json_close(json, ']');
}

/* In ms: that of the first event that was sampled, else 1. */
static double interval_of(const struct export *export)
{
	for (unsigned int i = 0; i < stackid_data_nr_events(export->data); i++) {
		const char *found =
			strstr(stackid_data_event(export->data, i)->options,
			       "freq=");
		unsigned long freq = found ? strtoul(found + 5, NULL, 10) : 0;

		if (freq)
			return 1000.0 / freq;
	}
	return 1;
}

static void print_times(struct json *json, const struct export *export,
			const struct firefox_span *span)
{
	uint64_t offset = 0;

	stackid_reading_number(export->reading, "clock_offset", &offset);
	stackid_json_key(json, "startTime");
	stackid_json_fraction(json, offset + span->first, 6);
	stackid_json_key_number(json,
				"startTimeAsClockMonotonicNanosecondsSinceBoot",
				span->first);
	stackid_json_key_number(json, "profilingStartTime", 0);
	/* What is at the end of a range is not in it. */
	stackid_json_key(json, "profilingEndTime");
	stackid_json_fraction(json, span->last - span->first + 1, 6);
	stackid_json_key(json, "interval");
	stackid_json_fraction(json, interval_of(export) * 1e6, 6);
}

static void print_known(struct json *json, const struct export *export,
			const char *name, const char *key)
{
	const char *value = stackid_data_meta(export->data, key);

	if (value)
		stackid_json_key_string(json, name, value);
}

static void print_machine(struct json *json, const struct export *export)
{
	const char *host = stackid_data_meta(export->data, "hostname");
	const char *release = stackid_data_meta(export->data, "release");
	char *system = stackid_memory_print("Linux %s", release ? release : "");
	char *product = stackid_memory_print("%s%s%s", host ? host : "",
					     host ? ", " : "", system);
	uint64_t cpus;

	stackid_json_key_string(json, "product", product);
	stackid_json_key_string(json, "oscpu", system);
	print_known(json, export, "arguments", "command");
	if (stackid_reading_number(export->reading, "cpus", &cpus))
		stackid_json_key_number(json, "logicalCPUs", cpus);
	free(product);
	free(system);
}

static void print_entry(struct json *json, const char *label, const char *value)
{
	stackid_json_open(json, '{');
	stackid_json_key_string(json, "label", label);
	stackid_json_key_string(json, "format", "string");
	stackid_json_key_string(json, "value", value);
	stackid_json_close(json, '}');
}

/* What was lost is in the profile's own box, behind the button with the name. */
static void print_extra(struct json *json, const struct export *export)
{
	char *loss = stackid_reading_loss(export->reading);

	stackid_json_key_open(json, "extra", '[');
	stackid_json_open(json, '{');
	stackid_json_key_string(json, "label", "Recording");
	stackid_json_key_open(json, "entries", '[');
	print_entry(json, "Loss", loss);
	print_entry(json, "Written by", "stackid " STACKID_VERSION);
	stackid_json_close(json, ']');
	stackid_json_close(json, '}');
	stackid_json_close(json, ']');
	free(loss);
}

static void print_shown(struct json *json, size_t nr_threads)
{
	stackid_json_key_open(json, "initialVisibleThreads", '[');
	for (size_t i = 0; i < nr_threads && i < SHOWN_AT_FIRST; i++)
		stackid_json_number(json, i);
	stackid_json_close(json, ']');
	stackid_json_key_open(json, "initialSelectedThreads", '[');
	stackid_json_number(json, 0);
	stackid_json_close(json, ']');
}

void stackid_firefox_meta(struct json *json, const struct export *export,
			  const struct firefox_span *span, size_t nr_threads)
{
	stackid_json_key_open(json, "meta", '{');
	stackid_json_key_number(json, "preprocessedProfileVersion",
				FORMAT_VERSION);
	stackid_json_key_number(json, "version", GECKO_VERSION);
	stackid_json_key_string(json, "importedFrom", "stackid");
	print_machine(json, export);
	print_times(json, export, span);
	stackid_json_key_number(json, "processType", 0);
	stackid_json_key_number(json, "stackwalk", 1);
	stackid_json_key_word(json, "debug", "false");
	stackid_json_key_word(json, "symbolicated", "true");
	stackid_json_key_word(json, "symbolicationNotSupported", "true");
	stackid_json_key_word(json, "usesOnlyOneStackType", "true");
	stackid_json_key_word(json, "sourceCodeIsNotOnSearchfox", "true");
	stackid_json_key_word(json, "keepProfileThreadOrder", "true");
	print_categories(json);
	print_schemas(json, export);
	print_extra(json, export);
	print_shown(json, nr_threads);
	stackid_json_close(json, '}');
}

const char *stackid_firefox_weight(const struct export *export,
				   const struct data_event_name *event)
{
	const char *name = export->options->reading.weight;

	if (!strcmp(name, "value") && event->nr_values)
		name = event->values[0].name;
	return strcmp(stackid_export_value_unit(name), "bytes") ? "samples" :
								  "bytes";
}
