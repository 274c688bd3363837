/* SPDX-License-Identifier: GPL-2.0 */
/* One table's rows of one recording as CSV, compressed: a file, or one for each hour. */
#ifndef STACKID_EXPORT_SHARD_H
#define STACKID_EXPORT_SHARD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "../lib/buffer.h"
#include "export_gzip.h"
#include "export_tables.h"

/* @new: where it is written, until all files of the recording are whole */
struct shard_file {
	char *new;
	char *path;
};

/**
 * struct shard - one of zeros but for these four is empty
 * @layout:  the table
 * @folder:  "DIR/TABLE/host=HOST"
 * @name:    of the files in there: "NAME.csv.gz"
 * @hours:   a row's hour is known; all hours are "unknown" otherwise
 * @files:   that there are
 * @hour:    of the file that is open
 */
struct shard {
	const struct table_layout *layout;
	char *folder;
	const char *name;
	bool hours;

	struct shard_file *files;
	size_t nr_files;
	size_t room;
	FILE *out;
	struct export_gzip *gzip;
	uint64_t hour;
	struct buffer text;
};

/* 0, or -1 after a sentence, here and below. */
int stackid_shard_add(struct shard *shard, const struct cell *cells);
/*
 * Closes the last file.  A table without rows gets one for the hour of @time, so that
 * whoever reads all files finds some.
 */
int stackid_shard_finish(struct shard *shard, uint64_t time);
/* Gives the files their names. */
int stackid_shard_settle(struct shard *shard);
/* Removes the files, under whichever name. */
void stackid_shard_remove(struct shard *shard);
void stackid_shard_free(struct shard *shard);

#endif /* STACKID_EXPORT_SHARD_H */
