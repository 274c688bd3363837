// SPDX-License-Identifier: GPL-2.0
/* What DuckDB needs to know of a folder of shards. */

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/complain.h"
#include "../lib/memory.h"
#include "export_shards_sql.h"
#include "export_tables.h"
#include "export_views.h"

static const char head[] =
	"-- Views over all recordings in this folder, for DuckDB: to be read in it, as by\n"
	"-- \"duckdb -init duckdb.sql\". Written by stackid export --format shards.\n";

/* A recording that is not whole has no row in recordings, and does not count. */
static void print_table(FILE *out, const struct table_layout *layout,
			bool recordings)
{
	static const char *const types[] = {
		[COLUMN_TEXT] = "VARCHAR",
		[COLUMN_INTEGER] = "BIGINT",
		[COLUMN_VALUE] = "DECIMAL(20, 0)",
	};
	const char *separator = "";

	fprintf(out, "CREATE OR REPLACE VIEW %s AS\n  SELECT * FROM read_csv('%s/*/%s*.csv.gz',\n    columns = {",
		layout->name, layout->name, layout->hour_of ? "*/" : "");
	for (const struct table_column *column = layout->columns; column->name;
	     column++) {
		if (!(column->forms & TABLES_SHARDS))
			continue;
		fprintf(out, "%s%s: '%s'", separator, column->name,
			types[column->type]);
		separator = ", ";
	}
	fprintf(out, "},\n    auto_detect = false, header = true, quote = '\"', escape = '\"',\n    nullstr = '', allow_quoted_nulls = false, hive_partitioning = true,\n    hive_types = {host: VARCHAR%s})",
		layout->hour_of ? ", hour: VARCHAR" : "");
	fputs(recordings ? ";\n" : "\n  WHERE recording IN (SELECT recording FROM recordings);\n",
	      out);
}

static bool print_all(const char *path)
{
	FILE *out = fopen(path, "we");
	bool failed;

	if (!out)
		return false;
	fputs(head, out);
	for (enum table table = 0; table < NR_TABLES; table++) {
		if (stackid_tables[table].forms & TABLES_SHARDS)
			print_table(out, &stackid_tables[table],
				    table == TABLE_RECORDINGS);
	}
	fputs(stackid_views_of_shards, out);
	failed = ferror(out);
	return !fclose(out) && !failed;
}

int stackid_shards_sql_write(const char *dir)
{
	char *path = stackid_memory_print("%s/duckdb.sql", dir);
	/* Others may write theirs at the same time. */
	char *new = stackid_memory_print("%s/.duckdb.sql.%d", dir, getpid());
	int result = 0;

	if (!print_all(new) || rename(new, path)) {
		stackid_complain("cannot write %s: %s", path, strerror(errno));
		unlink(new);
		result = -1;
	}
	free(path);
	free(new);
	return result;
}
