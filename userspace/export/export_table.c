// SPDX-License-Identifier: GPL-2.0
/* The rows of stackid report, as JSON or as CSV: numbers as they are, not rounded. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/clock.h"
#include "../lib/complain.h"
#include "../lib/json.h"
#include "../lib/memory.h"
#include "../report/report_profile.h"
#include "../report/report_rows.h"
#include "../report/report_settle.h"
#include "export_format.h"

/* As report has it. */
#define QUANTUM		(NSEC_PER_SEC / 10)

/* @json: NULL for CSV */
struct export_table {
	struct export *export;
	struct report report;
	struct json *json;
	unsigned int nr_cells;
};

/* A field with a separator, a quote or the end of a line in it stands in quotes. */
static void print_quoted(FILE *out, const char *text)
{
	if (!text[strcspn(text, ",\"\r\n")]) {
		fputs(text, out);
		return;
	}
	putc('"', out);
	for (; *text; text++) {
		if (*text == '"')
			putc('"', out);
		putc(*text, out);
	}
	putc('"', out);
}

static void begin_cell(struct export_table *table, const char *name)
{
	if (table->json)
		stackid_json_key(table->json, name);
	else if (table->nr_cells++)
		putc(',', table->export->out);
}

static void print_text(struct export_table *table, const char *name,
		       const char *text)
{
	begin_cell(table, name);
	if (table->json)
		stackid_json_string(table->json, text);
	else
		print_quoted(table->export->out, text);
}

static void print_number(struct export_table *table, const char *name,
			 uint64_t number)
{
	begin_cell(table, name);
	if (table->json)
		stackid_json_number(table->json, number);
	else
		fprintf(table->export->out, "%" PRIu64, number);
}

/* So many digits that the same number is read again. */
static void print_share(struct export_table *table, const char *name,
			uint64_t part)
{
	uint64_t whole = table->report.whole;
	char text[32];

	snprintf(text, sizeof(text), "%.17g",
		 whole ? (double)part / whole : 0);
	begin_cell(table, name);
	if (table->json)
		stackid_json_raw(table->json, text, strlen(text));
	else
		fputs(text, table->export->out);
}

static void print_key(struct export_table *table, const struct row *row,
		      enum sort_key key)
{
	const struct report *report = &table->report;
	const char *name = stackid_sort_name(key);
	char buffer[KEY_SIZE];

	switch (key) {
	case KEY_PID:
		print_number(table, name, row->tgid);
		break;
	case KEY_TID:
		print_number(table, name, row->pid);
		break;
	case KEY_CPU:
		print_number(table, name, row->cpu);
		break;
	case KEY_TIME:
		print_number(table, name, row->time);
		break;
	case KEY_SYM:
		print_text(table, name,
			   stackid_profile_function(report->profile,
						    row->function)->name);
		break;
	case KEY_EVENT:
		/* It is in front of each row. */
		break;
	default:
		print_text(table, name,
			   stackid_row_text(report, row, key, buffer,
					    sizeof(buffer)));
		break;
	}
}

static void print_row(struct export_table *table, const struct row *row,
		      unsigned int event)
{
	const struct sort_order *sort = &table->report.options->sort;
	uint64_t self = table->report.children ? row->self : row->total;

	table->nr_cells = 0;
	if (table->json) {
		stackid_json_line(table->json);
		stackid_json_open(table->json, '{');
	}
	print_text(table, "event",
		   stackid_reading_event(table->export->reading, event)->name);
	for (unsigned int i = 0; i < sort->nr; i++)
		print_key(table, row, sort->keys[i]);
	print_number(table, "hits", row->total_hits);
	print_number(table, "total", row->total);
	print_number(table, "self", self);
	print_number(table, "whole", table->report.whole);
	print_share(table, "total_share", row->total);
	print_share(table, "self_share", self);
	if (table->json)
		stackid_json_close(table->json, '}');
	else
		putc('\n', table->export->out);
}

static void print_titles(const struct export_table *table)
{
	const struct sort_order *sort = &table->report.options->sort;
	FILE *out = table->export->out;

	fputs("event", out);
	for (unsigned int i = 0; i < sort->nr; i++) {
		if (sort->keys[i] != KEY_EVENT)
			fprintf(out, ",%s", stackid_sort_name(sort->keys[i]));
	}
	fputs(",hits,total,self,whole,total_share,self_share\n", out);
}

static void print_rows(struct export_table *table, unsigned int event)
{
	bool by_event = report_sorts_by(&table->report, KEY_EVENT);
	struct rows rows;

	stackid_rows_make(&rows, &table->report, event);
	for (size_t i = 0; i < rows.nr; i++)
		print_row(table, &rows.at[i],
			  by_event ? rows.at[i].event : event);
	stackid_rows_free(&rows);
}

/* With the event as a key, what is 100 percent is all of them, as report has it. */
static void print_events(struct export_table *table)
{
	bool by_event = report_sorts_by(&table->report, KEY_EVENT);
	uint64_t whole = 0;

	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		uint64_t weight = report_sum(&table->report, i).weight;

		whole = stackid_profile_add_weights(whole, weight);
		if (by_event || !weight)
			continue;
		table->report.whole = weight;
		print_rows(table, i);
	}
	table->report.whole = whole;
	if (by_event)
		print_rows(table, 0);
}

static void print_document(struct export_table *table)
{
	struct report *report = &table->report;

	stackid_profile_finish(report->profile);
	stackid_report_mark_parents(report);
	if (!table->json) {
		print_titles(table);
		print_events(table);
		return;
	}
	stackid_json_open(table->json, '[');
	print_events(table);
	stackid_json_close(table->json, ']');
	stackid_json_end(table->json);
}

static int write_table(struct export *export, struct json *json)
{
	struct report_options options = {
		.sort = export->options->sort,
		.children = true,
		.quantum = QUANTUM,
		.max_stack = UINT64_MAX,
		.call_graph = { .on = false, .value = "" },
		.reading.weight = export->options->reading.weight,
	};
	struct export_table table = {
		.export = export,
		.json = json,
		.report = {
			.options = &options,
			.reading = export->reading,
			.data = export->data,
			.lazy = true,
		},
	};
	struct report *report = &table.report;
	int result = EXIT_FAILED;

	if (stackid_report_settle(report, &options))
		return EXIT_USAGE;
	report->profile = stackid_profile_create(export->data,
						 stackid_report_keys(report));
	stackid_profile_set_quantum(report->profile, options.quantum);
	if (!stackid_reading_fill_weighed(export->reading, report->profile,
					  export->weigh)) {
		print_document(&table);
		result = EXIT_OK;
	}
	stackid_profile_destroy(report->profile);
	stackid_patterns_free(&options.parents);
	free(report->parents);
	return result;
}

static int write_csv(struct export *export)
{
	return write_table(export, NULL);
}

static int write_json(struct export *export)
{
	struct json json = { .out = export->out };

	return write_table(export, &json);
}

const struct export_format stackid_export_csv = {
	.name = "csv",
	.to = EXPORT_TO_TEXT,
	.has_rows = true,
	.in_one_go = true,
	.write = write_csv,
};

const struct export_format stackid_export_json = {
	.name = "json",
	.to = EXPORT_TO_TEXT,
	.has_rows = true,
	.in_one_go = true,
	.write = write_json,
};
