// SPDX-License-Identifier: GPL-2.0
/* A section's table: titles, rows and what stands below them. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/memory.h"
#include "report_paths.h"
#include "report_rows.h"
#include "report_table.h"
#include "report_tree.h"

#define PERCENT_WIDTH	8
#define NUMBER_WIDTH	12

/* Those of --fields that there are, or the usual ones; and every key. */
static struct columns columns_of(const struct report *report)
{
	const struct report_options *options = report->options;
	const struct columns *fields = &options->fields;
	struct columns columns = {};

	for (unsigned int i = 0; i < fields->nr; i++) {
		if (fields->at[i] >= NR_KEYS ||
		    report_sorts_by(report, fields->at[i]))
			stackid_report_columns_add(&columns, fields->at[i]);
	}
	if (!fields->given) {
		if (report->children)
			stackid_report_columns_add(&columns, COLUMN_CHILDREN);
		stackid_report_columns_add(&columns, COLUMN_OVERHEAD);
		if (options->show_hits)
			stackid_report_columns_add(&columns, COLUMN_SAMPLES);
		if (options->show_period)
			stackid_report_columns_add(&columns, COLUMN_PERIOD);
	}
	for (unsigned int i = 0; i < options->sort.nr; i++)
		stackid_report_columns_add(&columns, options->sort.keys[i]);
	return columns;
}

static const char *title_of(const struct report *report, unsigned int column)
{
	if (column == COLUMN_SAMPLES && report->hits_title)
		return report->hits_title;
	return column < NR_KEYS ? stackid_sort_title(column) :
				  stackid_report_columns_title(column, report->children);
}

void stackid_table_begin_widths(const struct report *report,
				unsigned int *widths)
{
	const struct sort_order *sort = &report->options->sort;

	for (unsigned int i = 0; i < sort->nr; i++)
		widths[sort->keys[i]] = strlen(stackid_sort_title(sort->keys[i]));
}

void stackid_table_measure(const struct report *report, const struct row *row,
			   unsigned int *widths)
{
	const struct sort_order *sort = &report->options->sort;

	for (unsigned int i = 0; i < sort->nr; i++) {
		enum sort_key key = sort->keys[i];
		char buffer[KEY_SIZE];
		size_t len = strlen(stackid_row_text(report, row, key, buffer,
						     sizeof(buffer)));

		if (len > widths[key])
			widths[key] = len;
	}
}

/* That of the @i-th column; *@fixed if --column-widths says so. */
static unsigned int width_of(const struct report *report, unsigned int column,
			     unsigned int i, const unsigned int *widths,
			     bool *fixed)
{
	const struct column_widths *wanted = &report->options->column_widths;

	*fixed = i < wanted->nr && wanted->at[i];
	if (*fixed)
		return wanted->at[i];
	if (column < NR_KEYS)
		return widths[column];
	return column >= COLUMN_SAMPLES ? NUMBER_WIDTH : PERCENT_WIDTH;
}

/* Without blanks around it; a separator in it would be one more column. */
static void add_separated(struct report *report, unsigned int i,
			  const char *text)
{
	const char *separator = report->options->separator;
	size_t length = strlen(separator);
	char *copy, *at;

	text += strspn(text, " ");
	copy = stackid_memory_strdup(text);
	for (at = copy + strlen(copy); at > copy && at[-1] == ' ';)
		*--at = '\0';
	for (at = copy; (at = strstr(at, separator)); at++) {
		*at = '.';
		memmove(at + 1, at + length, strlen(at + length) + 1);
	}
	stackid_line_add(&report->line, "%s%s", i ? separator : "", copy);
	free(copy);
}

/* @first: what stands before the first column: "# " or two blanks. */
static void add_cell(struct report *report, unsigned int column, unsigned int i,
		     const unsigned int *widths, const char *first,
		     const char *text)
{
	bool fixed;
	int width = width_of(report, column, i, widths, &fixed);

	if (report->options->separator) {
		add_separated(report, i, text);
		return;
	}
	stackid_line_add(&report->line, "%s", i ? "  " : first);
	if (column >= NR_KEYS)
		stackid_line_add(&report->line, "%*s", width, text);
	else
		stackid_line_add(&report->line, "%-*.*s", width,
				 fixed ? width : (int)strlen(text), text);
}

void stackid_table_add_titles(struct report *report,
			      const unsigned int *widths)
{
	struct columns columns = columns_of(report);

	if (report->options->separator)
		stackid_line_add(&report->line, "# ");
	for (unsigned int i = 0; i < columns.nr; i++)
		add_cell(report, columns.at[i], i, widths, "# ",
			 title_of(report, columns.at[i]));
}

static void print_ruler(struct report *report, const unsigned int *widths)
{
	struct columns columns = columns_of(report);

	for (unsigned int i = 0; i < columns.nr; i++) {
		bool fixed;
		unsigned int width = width_of(report, columns.at[i], i, widths,
					      &fixed);

		stackid_line_add(&report->line, i ? "  " : "# ");
		while (width--)
			stackid_line_add(&report->line, ".");
	}
	stackid_line_end(&report->line);
}

static void print_titles(struct report *report, const unsigned int *widths)
{
	if (report->options->quiet)
		return;
	stackid_table_add_titles(report, widths);
	stackid_line_end(&report->line);
	if (!report->options->separator)
		print_ruler(report, widths);
	puts("#");
}

/* The text of a column that is no key. */
static const char *number_text(const struct report *report,
			       const struct row *row, unsigned int column,
			       char *buffer, size_t size)
{
	uint64_t part = column == COLUMN_OVERHEAD && report->children ?
			row->self : row->total;

	if (column == COLUMN_SAMPLES)
		snprintf(buffer, size, "%" PRIu64, row->total_hits);
	else if (column == COLUMN_PERIOD)
		snprintf(buffer, size, "%" PRIu64, row->total);
	else
		snprintf(buffer, size, "%.2f%%", report_percent(report, part));
	return buffer;
}

/* In colours where there are some, which have no width. */
static bool add_coloured(struct report *report, const struct row *row,
			 unsigned int column, unsigned int i,
			 const unsigned int *widths)
{
	uint64_t part = column == COLUMN_OVERHEAD && report->children ?
			row->self : row->total;
	bool fixed;

	width_of(report, column, i, widths, &fixed);
	if (column < NR_KEYS || column >= COLUMN_SAMPLES || fixed ||
	    report->options->separator)
		return false;
	stackid_line_add_percent(&report->line, report_percent(report, part));
	return true;
}

static void add_column(struct report *report, const struct row *row,
		       unsigned int column, unsigned int i,
		       const unsigned int *widths)
{
	char buffer[KEY_SIZE];

	if (add_coloured(report, row, column, i, widths))
		return;
	add_cell(report, column, i, widths, "  ",
		 column < NR_KEYS ? stackid_row_text(report, row, column,
						     buffer, sizeof(buffer)) :
				    number_text(report, row, column, buffer,
						sizeof(buffer)));
}

void stackid_table_add_row(struct report *report, const struct row *row,
			   const unsigned int *widths)
{
	struct columns columns = columns_of(report);

	for (unsigned int i = 0; i < columns.nr; i++)
		add_column(report, row, columns.at[i], i, widths);
}

void stackid_table_add_number_titles(struct report *report)
{
	struct columns columns = columns_of(report);

	for (unsigned int i = 0; i < columns.nr; i++) {
		if (columns.at[i] >= NR_KEYS)
			add_cell(report, columns.at[i], i, NULL, "",
				 title_of(report, columns.at[i]));
	}
}

void stackid_table_add_numbers(struct report *report, const struct row *row)
{
	struct columns columns = columns_of(report);

	for (unsigned int i = 0; i < columns.nr; i++) {
		if (columns.at[i] >= NR_KEYS)
			add_column(report, row, columns.at[i], i, NULL);
	}
}

bool stackid_table_shows(const struct report *report, const struct row *row)
{
	const char *part = report->options->row_filter;

	if (report_percent(report, row->total) < report->row_limit)
		return false;
	return !part || !report_sorts_by(report, KEY_SYM) ||
	       strstr(stackid_profile_function(report->profile,
							row->function)->name,
			       part);
}

void stackid_table_print_calls(struct report *report, const struct rows *rows,
			       const struct row *row)
{
	if (!report->options->call_graph.on)
		return;
	if (report->graph.type == GRAPH_FLAT ||
	    report->graph.type == GRAPH_FOLDED)
		stackid_paths_print(report, rows, row);
	else
		stackid_tree_print(report, rows, row);
}

void stackid_table_print(struct report *report, unsigned int event)
{
	unsigned int widths[NR_KEYS];
	size_t printed = 0;
	struct rows rows;

	stackid_rows_make(&rows, report, event);
	stackid_table_begin_widths(report, widths);
	for (size_t i = 0; i < rows.nr; i++) {
		if (stackid_table_shows(report, &rows.at[i]))
			stackid_table_measure(report, &rows.at[i], widths);
	}
	print_titles(report, widths);
	for (size_t i = 0; i < rows.nr; i++) {
		const struct row *row = &rows.at[i];

		if (!stackid_table_shows(report, row))
			continue;
		if (report->max_rows && printed++ == report->max_rows)
			break;
		stackid_table_add_row(report, row, widths);
		stackid_line_end(&report->line);
		stackid_table_print_calls(report, &rows, row);
	}
	putchar('\n');
	stackid_rows_free(&rows);
}
