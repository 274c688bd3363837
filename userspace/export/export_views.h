/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Views over the tables.  Those of one file and those of shards have the same names and
 * columns, but that the latter have a column host in front.
 */
#ifndef STACKID_EXPORT_VIEWS_H
#define STACKID_EXPORT_VIEWS_H

/* SQL of SQLite. */
extern const char stackid_views_of_file[];
/* SQL of DuckDB. */
extern const char stackid_views_of_shards[];

#endif /* STACKID_EXPORT_VIEWS_H */
