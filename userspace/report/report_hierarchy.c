// SPDX-License-Identifier: GPL-2.0
/*
 * A section's table with the rows of each key below those of the one before.  Each
 * level is a table of its own, by one key more than the level above it, whose rows
 * stand in the order of the keys above first: so those below a row stand together.
 */

#include <stdio.h>
#include <string.h>

#include "report_hierarchy.h"
#include "report_rows.h"
#include "report_table.h"

#define INDENT	3

/* @report: the section's, but for its options */
struct level {
	struct report report;
	struct report_options options;
	struct rows rows;
};

struct hierarchy {
	struct report *report;
	struct level levels[NR_KEYS];
	unsigned int nr;
};

static void make_level(struct hierarchy *hierarchy, unsigned int i,
		       unsigned int event)
{
	struct level *level = &hierarchy->levels[i];

	level->options = *hierarchy->report->options;
	level->options.sort.nr = i + 1;
	/* Of the keys that order rows before their weights do, those there are. */
	level->options.sort.before = i + (level->options.sort.before > i);
	level->report = *hierarchy->report;
	level->report.options = &level->options;
	report_settle_sort(&level->report);
	stackid_rows_make(&level->rows, &level->report, event);
}

/* The first row of the level that is not before @above, which is of the one above. */
static size_t find_first(const struct hierarchy *hierarchy, unsigned int i,
			 const struct row *above)
{
	const struct level *level = &hierarchy->levels[i];
	size_t from = 0, to = level->rows.nr;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (stackid_row_compare_keys(&level->report,
					     &level->rows.at[middle], above,
					     i) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static void add_blanks(struct report *report, unsigned int nr)
{
	stackid_line_add(&report->line, "%*s", (int)nr, "");
}

static void print_titles(struct hierarchy *hierarchy)
{
	struct report *report = hierarchy->report;
	const struct sort_order *sort = &report->options->sort;
	size_t width;

	if (report->options->quiet)
		return;
	stackid_line_add(&report->line, "# ");
	add_blanks(report, INDENT * (hierarchy->nr - 1));
	stackid_table_add_number_titles(report);
	width = report->line.len - strlen("# ");
	for (unsigned int i = 0; i < sort->nr; i++)
		stackid_line_add(&report->line, "%s%s", i ? " / " : "  ",
				 stackid_sort_title(sort->keys[i]));
	stackid_line_end(&report->line);
	stackid_line_add(&report->line, "# ");
	while (width--)
		stackid_line_add(&report->line, ".");
	stackid_line_add(&report->line, "  ");
	for (unsigned int i = 0; i < sort->nr; i++) {
		width = strlen(stackid_sort_title(sort->keys[i])) +
			(i ? strlen(" / ") : 0);
		while (width--)
			stackid_line_add(&report->line, ".");
	}
	stackid_line_end(&report->line);
	puts("#");
}

static void print_row(struct hierarchy *hierarchy, unsigned int i,
		      const struct row *row)
{
	struct report *report = hierarchy->report;
	struct level *level = &hierarchy->levels[i];
	char buffer[KEY_SIZE];

	add_blanks(report, INDENT * i);
	stackid_table_add_numbers(report, row);
	add_blanks(report, INDENT * (hierarchy->nr - 1 - i) + 2 + INDENT * i);
	stackid_line_add(&report->line, "%s",
			 stackid_row_text(&level->report, row,
					  level->options.sort.keys[i], buffer,
					  sizeof(buffer)));
	stackid_line_end(&report->line);
	if (i + 1 == hierarchy->nr)
		stackid_table_print_calls(report, &level->rows, row);
}

static void print_below(struct hierarchy *hierarchy, unsigned int i,
			const struct row *above)
{
	const struct level *level = &hierarchy->levels[i];
	size_t k = i ? find_first(hierarchy, i, above) : 0;

	for (; k < level->rows.nr; k++) {
		const struct row *row = &level->rows.at[k];

		if (i && stackid_row_compare_keys(&level->report, row, above, i))
			break;
		if (!stackid_table_shows(&level->report, row))
			continue;
		print_row(hierarchy, i, row);
		if (i + 1 < hierarchy->nr)
			print_below(hierarchy, i + 1, row);
	}
}

void stackid_hierarchy_print(struct report *report, unsigned int event)
{
	struct hierarchy hierarchy = {
		.report = report,
		.nr = report->options->sort.nr,
	};

	for (unsigned int i = 0; i < hierarchy.nr; i++)
		make_level(&hierarchy, i, event);
	print_titles(&hierarchy);
	print_below(&hierarchy, 0, NULL);
	putchar('\n');
	for (unsigned int i = 0; i < hierarchy.nr; i++)
		stackid_rows_free(&hierarchy.levels[i].rows);
}
