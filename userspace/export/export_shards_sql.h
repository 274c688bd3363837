/* SPDX-License-Identifier: GPL-2.0 */
/* What DuckDB needs to know of a folder of shards. */
#ifndef STACKID_EXPORT_SHARDS_SQL_H
#define STACKID_EXPORT_SHARDS_SQL_H

/* Writes DIR/duckdb.sql, which is the same for all recordings.  0, or -1 after a sentence. */
int stackid_shards_sql_write(const char *dir);

#endif /* STACKID_EXPORT_SHARDS_SQL_H */
