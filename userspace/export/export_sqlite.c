// SPDX-License-Identifier: GPL-2.0
/* An SQLite database. */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "../lib/buffer.h"
#include "export_format.h"
#include "export_rows.h"
#include "export_tables.h"
#include "export_views.h"

/* "STKI"; file(1) and others tell databases apart by it. */
#define PRAGMAS								\
	"PRAGMA application_id = 0x53544b49;"				\
	"PRAGMA user_version = 1;"					\
	/* What is not whole is removed: nothing is to be rolled back. */ \
	"PRAGMA journal_mode = OFF;"					\
	"PRAGMA synchronous = OFF;"					\
	"PRAGMA locking_mode = EXCLUSIVE;"				\
	"PRAGMA cache_size = -65536;"

/*
 * SQLite sorts as much at once as its cache has room for: what the CPU's own cache holds
 * is sorted in half of the time.  The first index has all that the views count by.
 */
static const char indexes[] =
	"PRAGMA cache_size = -1024;"
	"CREATE INDEX events_by_stack ON events(stack, event, task);"
	"CREATE INDEX events_by_time ON events(time);"
	"CREATE INDEX frames_by_symbol ON frames(symbol, stack);"
	"CREATE INDEX waits_by_task ON waits(task);"
	"PRAGMA analysis_limit = 1000;"
	"ANALYZE;";

/**
 * struct database - one that is being made
 * @path: where, until it is whole
 */
struct database {
	struct tables_sink sink;
	const char *path;
	struct sqlite3 *db;
	struct sqlite3_stmt *inserts[NR_TABLES];
};

static int complain(const struct database *database)
{
	stackid_complain("cannot write %s: %s", database->path,
			 database->db ? sqlite3_errmsg(database->db) :
					"no memory");
	return -1;
}

static int execute(struct database *database, const char *sql)
{
	if (sqlite3_exec(database->db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	return complain(database);
}

static bool has_column(const struct table_column *column)
{
	return column->forms & TABLES_ONE_FILE;
}

/* A column without a type keeps what is put into it as it is. */
static char *create_statement(const struct table_layout *layout)
{
	static const char *const types[] = {
		[COLUMN_TEXT] = " TEXT",
		[COLUMN_INTEGER] = " INTEGER",
		[COLUMN_VALUE] = "",
	};
	const char *separator = "";
	char *sql;
	size_t size;
	FILE *out = stackid_memory_stream(&sql, &size);

	fprintf(out, "CREATE TABLE %s(", layout->name);
	for (const struct table_column *column = layout->columns; column->name;
	     column++) {
		if (!has_column(column))
			continue;
		fprintf(out, "%s%s%s", separator, column->name,
			types[column->type]);
		separator = ", ";
	}
	if (layout->key)
		fprintf(out, ", PRIMARY KEY (%s)", layout->key);
	/* A key of several columns is the order of the rows. */
	fputs(layout->key && strchr(layout->key, ',') ? ") WITHOUT ROWID" : ")",
	      out);
	fclose(out);
	return sql;
}

static char *insert_statement(const struct table_layout *layout)
{
	const char *separator = "";
	char *sql;
	size_t size;
	FILE *out = stackid_memory_stream(&sql, &size);

	fprintf(out, "INSERT INTO %s VALUES (", layout->name);
	for (const struct table_column *column = layout->columns; column->name;
	     column++) {
		if (!has_column(column))
			continue;
		fprintf(out, "%s?", separator);
		separator = ", ";
	}
	fputs(")", out);
	fclose(out);
	return sql;
}

static int make_table(struct database *database, enum table table)
{
	const struct table_layout *layout = &stackid_tables[table];
	char *sql;
	int failed;

	if (!(layout->forms & TABLES_ONE_FILE))
		return 0;
	sql = create_statement(layout);
	failed = execute(database, sql);
	free(sql);
	if (failed)
		return -1;
	sql = insert_statement(layout);
	failed = sqlite3_prepare_v3(database->db, sql, -1,
				    SQLITE_PREPARE_PERSISTENT,
				    &database->inserts[table], NULL);
	free(sql);
	return failed ? complain(database) : 0;
}

/* A number that SQLite's 64 bits cannot hold becomes its digits. */
static int bind(struct sqlite3_stmt *insert, int place, const struct cell *cell)
{
	char digits[24];

	switch (cell->kind) {
	case CELL_TEXT:
		return sqlite3_bind_text(insert, place, cell->text, -1,
					 SQLITE_STATIC);
	case CELL_UNSIGNED:
		if (cell->number > INT64_MAX)
			return sqlite3_bind_text(insert, place,
						 stackid_tables_digits(cell, digits),
						 -1, SQLITE_TRANSIENT);
		return sqlite3_bind_int64(insert, place, cell->number);
	case CELL_SIGNED:
		return sqlite3_bind_int64(insert, place, cell->number);
	case CELL_NULL:
		break;
	}
	return sqlite3_bind_null(insert, place);
}

static int add_row(struct tables_sink *sink, enum table table,
		   const struct cell *cells)
{
	struct database *database = (struct database *)sink;
	const struct table_column *columns = stackid_tables[table].columns;
	struct sqlite3_stmt *insert = database->inserts[table];
	int place = 0;

	for (unsigned int i = 0; columns[i].name; i++) {
		if (has_column(&columns[i]) && bind(insert, ++place, &cells[i]))
			return complain(database);
	}
	if (sqlite3_step(insert) != SQLITE_DONE)
		return complain(database);
	sqlite3_reset(insert);
	return 0;
}

static int fill(struct database *database, struct export *export)
{
	if (execute(database, PRAGMAS "BEGIN"))
		return EXIT_FAILED;
	for (enum table table = 0; table < NR_TABLES; table++) {
		if (make_table(database, table))
			return EXIT_FAILED;
	}
	if (stackid_rows_write(export, &database->sink) != EXIT_OK)
		return EXIT_FAILED;
	if (execute(database, indexes) ||
	    execute(database, stackid_views_of_file) ||
	    execute(database, "COMMIT"))
		return EXIT_FAILED;
	return EXIT_OK;
}

static int close_database(struct database *database)
{
	for (enum table table = 0; table < NR_TABLES; table++)
		sqlite3_finalize(database->inserts[table]);
	return sqlite3_close(database->db) == SQLITE_OK ? 0 : -1;
}

/* Under its name, and on the disk, as it is whole. */
static int settle(const char *from, const char *to)
{
	int fd = open(from, O_RDONLY | O_CLOEXEC);
	bool synced = fd >= 0 && !fsync(fd);

	if (fd >= 0)
		close(fd);
	if (synced && !rename(from, to))
		return EXIT_OK;
	stackid_complain("cannot write %s: %s", to, strerror(errno));
	return EXIT_FAILED;
}

static int write_sqlite(struct export *export)
{
	const char *path = export->options->output;
	/* SQLite takes "file:" and ":memory:" for more than a name. */
	char *new = stackid_memory_print("%s%s.new", *path == '/' ? "" : "./",
					 path);
	struct database database = {
		.sink = { TABLES_ONE_FILE, add_row },
		.path = path,
	};
	int result = EXIT_FAILED;

	if (unlink(new) && errno != ENOENT)
		stackid_complain("cannot write %s: %s", new, strerror(errno));
	else if (sqlite3_open(new, &database.db))
		complain(&database);
	else
		result = fill(&database, export);
	if (close_database(&database) && result == EXIT_OK)
		result = EXIT_FAILED;
	if (result == EXIT_OK)
		result = settle(new, path);
	if (result != EXIT_OK)
		unlink(new);
	free(new);
	return result;
}

const struct export_format stackid_export_sqlite = {
	.name = "sqlite",
	.to = EXPORT_TO_PATH,
	.write = write_sqlite,
};
