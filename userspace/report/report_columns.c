// SPDX-License-Identifier: GPL-2.0
/* The columns of a table. */

#include <stdlib.h>
#include <string.h>

#include "../lib/complain.h"
#include "../lib/memory.h"
#include "../lib/number.h"
#include "../lib/words.h"
#include "report_columns.h"

#define MAX_WIDTH	1000

static const struct {
	const char *name;
	const char *title;
} numbers[NR_COLUMNS] = {
	[COLUMN_OVERHEAD]	= { "overhead", "Overhead" },
	[COLUMN_CHILDREN]	= { "overhead_children", "Children" },
	[COLUMN_SAMPLES]	= { "sample", "Samples" },
	[COLUMN_PERIOD]		= { "period", "Period" },
};

const char *stackid_report_columns_title(unsigned int column, bool children)
{
	if (column == COLUMN_OVERHEAD && children)
		return "Self";
	return numbers[column].title;
}

void stackid_report_columns_add(struct columns *columns, unsigned int column)
{
	if (!stackid_report_columns_has(columns, column))
		columns->at[columns->nr++] = column;
}

static int find_column(const char *word)
{
	int key = stackid_sort_find(word);

	if (key >= 0)
		return key;
	for (int i = NR_KEYS; i < NR_COLUMNS; i++) {
		if (!strcmp(word, numbers[i].name))
			return i;
	}
	return -1;
}

static void refuse(const char *word)
{
	const char *names[NR_COLUMNS];

	for (unsigned int i = 0; i < NR_COLUMNS; i++)
		names[i] = i < NR_KEYS ? stackid_sort_name(i) : numbers[i].name;
	stackid_refuse_word("-F knows no field", word, names, NR_COLUMNS);
}

int stackid_report_columns_parse(const char *arg, void *field)
{
	struct columns *columns = field;
	char *copy = stackid_memory_strdup(arg);
	char *rest = copy;
	char *word;
	int ret = 0;

	columns->nr = 0;
	columns->given = true;
	while (!ret && (word = strsep(&rest, ","))) {
		int column = find_column(word);

		if (column < 0) {
			refuse(word);
			ret = -1;
		} else {
			stackid_report_columns_add(columns, column);
		}
	}
	free(copy);
	return ret;
}

int stackid_report_columns_parse_widths(const char *arg, void *field)
{
	struct column_widths *widths = field;
	uint64_t width;

	for (widths->nr = 0; widths->nr < NR_COLUMNS; arg++) {
		if (!stackid_number_begins(arg, &arg, &width) ||
		    width > MAX_WIDTH || (*arg && *arg != ','))
			break;
		widths->at[widths->nr++] = width;
		if (!*arg)
			return 0;
	}
	stackid_complain("--column-widths takes a number for each column, like 8,20,0, where 0 is as wide as needed");
	return -1;
}

void stackid_report_columns_settle(const struct columns *columns,
			    struct sort_order *sort)
{
	if (!columns->given)
		return;
	if (!sort->given)
		sort->nr = 0;
	sort->given = true;
	for (unsigned int i = 0; i < columns->nr; i++) {
		if (columns->at[i] < NR_KEYS)
			stackid_sort_add(sort, columns->at[i]);
	}
	if (sort->nr && !columns->at[0] && sort->keys[0] == KEY_TIME)
		sort->before = 1;
}
