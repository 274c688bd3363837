// SPDX-License-Identifier: GPL-2.0
/* An event's comparison as a table. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../lib/clock.h"
#include "diff_rows.h"
#include "diff_table.h"

#define RED	"\033[31m"
#define GREEN	"\033[32m"
/* Where the last column begins. */
#define INDENT	60

static const char * const titles[DIFF_NR_KEYS] = {
	[DIFF_FUNCTION]	= "Symbol",
	[DIFF_STACK]	= "Stack",
	[DIFF_COMM]	= "Command",
	[DIFF_MODULE]	= "Shared Object",
};

static double value_of(const struct diff *diff, unsigned int side,
		       uint64_t weight)
{
	double value = (double)weight / diff->by[side];

	return diff->per == DIFF_PER_EVENT ? 100 * value :
	       diff->per == DIFF_PER_NOTHING ? value : value * NSEC_PER_SEC;
}

/* 12 columns, and 13 with its sign. */
static void print_values(const struct diff *diff, const struct diff_row *row)
{
	double old = value_of(diff, 0, row->weight[0]);
	double new = value_of(diff, 1, row->weight[1]);
	uint64_t change = row->weight[0] > row->weight[1] ?
			  row->weight[0] - row->weight[1] :
			  row->weight[1] - row->weight[0];

	switch (diff->per) {
	case DIFF_PER_NOTHING:
		printf("%12" PRIu64 "  %12" PRIu64 "  %*s%c%-" PRIu64,
		       row->weight[0], row->weight[1],
		       12 - snprintf(NULL, 0, "%" PRIu64, change), "",
		       row->weight[0] > row->weight[1] ? '-' : '+', change);
		break;
	case DIFF_PER_EVENT:
		printf("%11.2f%%  %11.2f%%  %+12.2f%%", old, new, new - old);
		break;
	default:
		printf("%12.1f  %12.1f  %+13.1f", old, new, new - old);
		break;
	}
}

static void print_frame(const struct diff *diff, uint32_t number)
{
	const struct profile_function *function =
		stackid_profile_function(diff->comparison.sides[0].profile,
					 number);

	printf("[%c] %s\n", function->kind == FUNCTION_USER ? '.' : 'k',
	       function->name);
}

static void print_key(const struct diff *diff, const struct diff_row *row)
{
	if (row->text) {
		puts(row->text);
		return;
	}
	/* As everywhere: a stack begins with its innermost function. */
	for (uint32_t i = row->nr; i; i--) {
		if (i != row->nr)
			printf("%*s", INDENT, "");
		print_frame(diff, row->functions[i - 1]);
	}
}

static const char *name_change(const struct diff *diff,
			       const struct diff_row *row)
{
	if (!row->weight[0])
		return "added";
	if (!row->weight[1])
		return "gone";
	return diff_scaled(diff, 0, row->weight[0]) <
	       diff_scaled(diff, 1, row->weight[1]) ? "grown" : "shrunk";
}

static void print_row(const struct diff *diff, const struct diff_row *row)
{
	const char *change = name_change(diff, row);
	bool more = *change == 'a' || !strcmp(change, "grown");

	if (diff->colours)
		fputs(more ? RED : GREEN, stdout);
	print_values(diff, row);
	/* A ratio to nothing is none. */
	if (row->weight[0] && row->weight[1])
		printf("  %7.2f", value_of(diff, 1, row->weight[1]) /
				  value_of(diff, 0, row->weight[0]));
	else
		printf("  %7s", "-");
	printf("  %-6s", change);
	if (diff->colours)
		fputs("\033[m", stdout);
	fputs("  ", stdout);
	print_key(diff, row);
}

static double share_of(const struct diff *diff, const struct diff_row *row,
		       double whole)
{
	double change = value_of(diff, 1, row->weight[1]) -
			value_of(diff, 0, row->weight[0]);

	return whole ? 100 * (change < 0 ? -change : change) / whole : 0;
}

void stackid_diff_table_print(const struct diff *diff,
			      const struct comparison_event *event)
{
	struct diff_rows rows;
	double whole = 0;
	size_t left_out = 0;

	for (unsigned int side = 0; side < 2; side++) {
		double all = value_of(diff, side,
				      stackid_comparison_sum(&diff->comparison,
							     event, side).weight);

		if (all > whole)
			whole = all;
	}
	stackid_diff_rows_make(&rows, diff, event);
	if (!rows.nr) {
		puts("# No difference.\n");
		stackid_diff_rows_free(&rows);
		return;
	}
	printf("#   Baseline           Now          Delta    Ratio  Change  %s\n"
	       "# ..........  ............  .............  .......  ......  %.*s\n#\n",
	       titles[diff->key], (int)strlen(titles[diff->key]),
	       "......................");
	for (size_t i = 0; i < rows.nr; i++) {
		if (share_of(diff, &rows.at[i], whole) < diff->limit) {
			left_out = rows.nr - i;
			break;
		}
		print_row(diff, &rows.at[i]);
	}
	if (left_out)
		printf("# %zu smaller change%s left out by --percent-limit.\n",
		       left_out, left_out == 1 ? " is" : "s are");
	putchar('\n');
	stackid_diff_rows_free(&rows);
}
