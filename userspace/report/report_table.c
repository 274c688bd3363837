// SPDX-License-Identifier: GPL-2.0
/* A section's table: titles, rows and what stands below them. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report_rows.h"
#include "report_table.h"
#include "report_tree.h"

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

void stackid_table_add_titles(struct report *report,
			      const unsigned int *widths)
{
	const struct sort_order *sort = &report->options->sort;
	struct report_line *line = &report->line;

	stackid_line_add(line, report->children ?
			 "# Children      Self" : "# Overhead");
	if (report->options->show_hits)
		stackid_line_add(line, "       Samples");
	for (unsigned int i = 0; i < sort->nr; i++)
		stackid_line_add(line, "  %-*s", (int)widths[sort->keys[i]],
				 stackid_sort_title(sort->keys[i]));
}

static void print_titles(struct report *report, const unsigned int *widths)
{
	const struct sort_order *sort = &report->options->sort;
	struct report_line *line = &report->line;

	stackid_table_add_titles(report, widths);
	stackid_line_end(line);

	stackid_line_add(line, report->children ?
			 "# ........  ........" : "# ........");
	if (report->options->show_hits)
		stackid_line_add(line, "  ............");
	for (unsigned int i = 0; i < sort->nr; i++) {
		stackid_line_add(line, "  ");
		for (unsigned int k = 0; k < widths[sort->keys[i]]; k++)
			stackid_line_add(line, ".");
	}
	stackid_line_end(line);
	puts("#");
}

void stackid_table_add_row(struct report *report, const struct row *row,
			   const unsigned int *widths)
{
	const struct sort_order *sort = &report->options->sort;
	struct report_line *line = &report->line;

	stackid_line_add_percent(line, report_percent(report, row->total));
	if (report->children)
		stackid_line_add_percent(line, report_percent(report, row->self));
	if (report->options->show_hits)
		stackid_line_add(line, "  %12" PRIu64, row->total_hits);
	for (unsigned int i = 0; i < sort->nr; i++) {
		char buffer[KEY_SIZE];

		stackid_line_add(line, "  %-*s", (int)widths[sort->keys[i]],
				 stackid_row_text(report, row, sort->keys[i],
						  buffer, sizeof(buffer)));
	}
}

void stackid_table_print(struct report *report, unsigned int event)
{
	unsigned int widths[NR_KEYS];
	struct rows rows;

	stackid_rows_make(&rows, report, event);
	stackid_table_begin_widths(report, widths);
	for (size_t i = 0; i < rows.nr; i++)
		stackid_table_measure(report, &rows.at[i], widths);
	print_titles(report, widths);
	for (size_t i = 0; i < rows.nr; i++) {
		const struct row *row = &rows.at[i];

		if (report_percent(report, row->total) < report->row_limit)
			continue;
		stackid_table_add_row(report, row, widths);
		stackid_line_end(&report->line);
		if (report->options->call_graph.on)
			stackid_tree_print(report, &rows, row);
	}
	putchar('\n');
	stackid_rows_free(&rows);
}
