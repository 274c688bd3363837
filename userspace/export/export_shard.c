// SPDX-License-Identifier: GPL-2.0
/* A table as CSV files. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../lib/array.h"
#include "../lib/clock.h"
#include "../lib/complain.h"
#include "../lib/memory.h"
#include "export_shard.h"

/* Text is collected, and compressed when there is about so much. */
#define FLUSH_AT	65536
#define NSEC_PER_HOUR	(3600 * NSEC_PER_SEC)
/* Of 1 to 9: what the others save is a third of the size, for three times the time. */
#define LEVEL		1

static int complain(const char *path)
{
	stackid_complain("cannot write %s: %s", path, strerror(errno));
	return -1;
}

static bool has_column(const struct table_column *column)
{
	return column->forms & TABLES_SHARDS;
}

static void add_text(struct buffer *to, const char *text)
{
	stackid_buffer_add(to, text, strlen(text));
}

/* An empty text is not nothing, so it has quotes; RFC 4180 asks for the others. */
static void add_quoted(struct buffer *to, const char *text)
{
	if (*text && !text[strcspn(text, ",\" \\")]) {
		add_text(to, text);
		return;
	}
	add_text(to, "\"");
	for (; *text; text++) {
		if (*text == '"')
			add_text(to, "\"");
		stackid_buffer_add(to, text, 1);
	}
	add_text(to, "\"");
}

static void add_cell(struct buffer *to, const struct cell *cell)
{
	char digits[24];

	if (cell->kind == CELL_TEXT)
		add_quoted(to, cell->text);
	else if (cell->kind != CELL_NULL)
		add_text(to, stackid_tables_digits(cell, digits));
}

static void add_names(struct shard *shard)
{
	const struct table_column *columns = shard->layout->columns;
	const char *separator = "";

	for (; columns->name; columns++) {
		if (!has_column(columns))
			continue;
		add_text(&shard->text, separator);
		add_text(&shard->text, columns->name);
		separator = ",";
	}
	add_text(&shard->text, "\n");
}

static void flush(struct shard *shard)
{
	stackid_export_gzip_write(shard->gzip, shard->text.data,
				  shard->text.size);
	shard->text.size = 0;
}

static int close_file(struct shard *shard)
{
	FILE *out = shard->out;
	bool failed;

	if (!out)
		return 0;
	flush(shard);
	stackid_export_gzip_end(shard->gzip);
	shard->out = NULL;
	failed = fflush(out) || ferror(out) || fsync(fileno(out));
	if (fclose(out) || failed)
		return complain(shard->files[shard->nr_files - 1].path);
	return 0;
}

/* "hour=2026-11-27T03", in UTC. */
static void name_hour(const struct shard *shard, char *to, size_t size)
{
	time_t seconds = shard->hour * (NSEC_PER_HOUR / NSEC_PER_SEC);
	struct tm tm;

	if (!shard->hours || !gmtime_r(&seconds, &tm) ||
	    !strftime(to, size, "hour=%Y-%m-%dT%H", &tm))
		snprintf(to, size, "hour=unknown");
}

static int make_folder(const char *path)
{
	return mkdir(path, 0777) && errno != EEXIST ? complain(path) : 0;
}

static char *make_folders(const struct shard *shard)
{
	char hour[40];
	char *folder;

	if (!shard->layout->hour_of) {
		folder = stackid_memory_strdup(shard->folder);
	} else {
		name_hour(shard, hour, sizeof(hour));
		folder = stackid_memory_print("%s/%s", shard->folder, hour);
	}
	if (!make_folder(folder))
		return folder;
	free(folder);
	return NULL;
}

/* Whether there is a file of this hour, which becomes the last one. */
static bool find_file(struct shard *shard, const char *path)
{
	size_t last = shard->nr_files - 1;

	for (size_t i = 0; i < shard->nr_files; i++) {
		struct shard_file found = shard->files[i];

		if (strcmp(found.path, path))
			continue;
		shard->files[i] = shard->files[last];
		shard->files[last] = found;
		return true;
	}
	return false;
}

/*
 * Of shard->hour.  Events come in their order, so each hour is opened once; if a file is
 * wrong, it goes on behind what is there, as gzip allows.
 */
static int open_file(struct shard *shard)
{
	char *folder = make_folders(shard);
	bool is_there;
	char *path;

	if (!folder)
		return -1;
	path = stackid_memory_print("%s/%s", folder, shard->name);
	is_there = find_file(shard, path);
	if (!is_there) {
		stackid_array_reserve(shard->files, shard->nr_files, shard->room);
		shard->files[shard->nr_files++] = (struct shard_file) {
			.path = stackid_memory_strdup(path),
			.new = stackid_memory_print("%s/.%s.new", folder, shard->name),
		};
	}
	free(folder);
	free(path);
	path = shard->files[shard->nr_files - 1].new;
	shard->out = fopen(path, is_there ? "ae" : "we");
	if (!shard->out)
		return complain(path);
	shard->gzip = stackid_export_gzip_begin(shard->out, LEVEL);
	if (!is_there)
		add_names(shard);
	return 0;
}

static int open_hour(struct shard *shard, uint64_t time)
{
	uint64_t hour = shard->hours ? time / NSEC_PER_HOUR : 0;

	if (shard->out && (!shard->layout->hour_of || shard->hour == hour))
		return 0;
	if (close_file(shard))
		return -1;
	shard->hour = hour;
	return open_file(shard);
}

/* The time of a row; 0 where the table has no hours. */
static uint64_t time_of(const struct shard *shard, const struct cell *cells)
{
	const struct table_column *columns = shard->layout->columns;

	for (unsigned int i = 0; shard->layout->hour_of && columns[i].name; i++) {
		if (!strcmp(columns[i].name, shard->layout->hour_of))
			return cells[i].number;
	}
	return 0;
}

int stackid_shard_add(struct shard *shard, const struct cell *cells)
{
	const struct table_column *columns = shard->layout->columns;
	bool first = true;

	if (open_hour(shard, time_of(shard, cells)))
		return -1;
	for (unsigned int i = 0; columns[i].name; i++) {
		if (!has_column(&columns[i]))
			continue;
		if (!first)
			add_text(&shard->text, ",");
		first = false;
		add_cell(&shard->text, &cells[i]);
	}
	add_text(&shard->text, "\n");
	if (shard->text.size >= FLUSH_AT)
		flush(shard);
	return ferror(shard->out) ?
	       complain(shard->files[shard->nr_files - 1].path) : 0;
}

int stackid_shard_finish(struct shard *shard, uint64_t time)
{
	if (!shard->nr_files && open_hour(shard, time))
		return -1;
	return close_file(shard);
}

int stackid_shard_settle(struct shard *shard)
{
	for (size_t i = 0; i < shard->nr_files; i++) {
		if (rename(shard->files[i].new, shard->files[i].path))
			return complain(shard->files[i].path);
	}
	return 0;
}

void stackid_shard_remove(struct shard *shard)
{
	for (size_t i = 0; i < shard->nr_files; i++) {
		unlink(shard->files[i].new);
		unlink(shard->files[i].path);
	}
}

void stackid_shard_free(struct shard *shard)
{
	if (shard->out) {
		stackid_export_gzip_end(shard->gzip);
		fclose(shard->out);
	}
	for (size_t i = 0; i < shard->nr_files; i++) {
		free(shard->files[i].new);
		free(shard->files[i].path);
	}
	free(shard->files);
	free(shard->folder);
	free(shard->text.data);
}
