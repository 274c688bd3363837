// SPDX-License-Identifier: GPL-2.0
/*
 * A folder that many recordings share: DIR/TABLE/host=HOST/NAME.csv.gz, and for what has a
 * time DIR/TABLE/host=HOST/hour=HOUR/NAME.csv.gz.  NAME is the recording's: when it began,
 * and what it is called for ever.  Its row in DIR/recordings comes last, so a recording
 * without one is not whole.
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/buffer.h"
#include "export_format.h"
#include "export_rows.h"
#include "export_shard.h"
#include "export_shards_sql.h"

/**
 * struct shards - an export
 * @host:    as it stands in folders
 * @name:    "NAME.csv.gz"
 * @lock:    of the host's folder of recordings: whoever else writes of this host waits
 */
struct shards {
	struct tables_sink sink;
	struct export *export;
	const char *dir;
	char *host;
	char *name;
	int lock;
	struct shard tables[NR_TABLES];
};

static int complain(const char *path)
{
	stackid_complain("cannot write %s: %s", path, strerror(errno));
	return -1;
}

/* A name in a path, as Hive writes it: what may mean something there is %XX. */
static char *path_name(const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
	struct buffer text = {};
	char byte[4];

	for (; *name; name++) {
		if (strchr(plain, *name)) {
			stackid_buffer_add(&text, name, 1);
			continue;
		}
		snprintf(byte, sizeof(byte), "%%%02X", (unsigned char)*name);
		stackid_buffer_add(&text, byte, 3);
	}
	if (!text.size)
		stackid_buffer_add(&text, "unknown", 7);
	stackid_buffer_add(&text, "", 1);
	return text.data;
}

static int name_recording(struct shards *shards)
{
	struct export *export = shards->export;
	const char *host = stackid_data_meta(export->data, "hostname");
	char recording[ROWS_NAME];
	char start[32];

	if (!stackid_reading_start(export->reading, "%Y%m%dT%H%M%SZ", start,
				   sizeof(start))) {
		stackid_complain("%s does not say when it began, so nobody could tell it from others: its head is damaged",
				 stackid_reading_name(export->reading));
		return -1;
	}
	stackid_rows_name_recording(export, recording);
	shards->host = path_name(host ? host : "");
	shards->name = stackid_memory_print("%s-%s.csv.gz", start, recording);
	return 0;
}

static bool is_shard(enum table table)
{
	return stackid_tables[table].forms & TABLES_SHARDS;
}

static int make_folder(const char *path)
{
	return mkdir(path, 0777) && errno != EEXIST ? complain(path) : 0;
}

/* And those that are above it in DIR. */
static int make_folders(struct shards *shards, enum table table)
{
	struct shard *shard = &shards->tables[table];
	char *above = stackid_memory_print("%s/%s", shards->dir,
					   stackid_tables[table].name);
	int result;

	*shard = (struct shard) {
		.layout = &stackid_tables[table],
		.folder = stackid_memory_print("%s/host=%s", above, shards->host),
		.name = shards->name,
		.hours = stackid_rows_clock_offset(shards->export),
	};
	result = make_folder(above) || make_folder(shard->folder) ? -1 : 0;
	free(above);
	return result;
}

static int lock(struct shards *shards)
{
	const char *folder = shards->tables[TABLE_RECORDINGS].folder;

	shards->lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (shards->lock >= 0 && !flock(shards->lock, LOCK_EX))
		return 0;
	return complain(folder);
}

static int refuse_second(const struct shards *shards)
{
	char *path = stackid_memory_print("%s/%s", shards->tables[TABLE_RECORDINGS].folder,
					  shards->name);
	bool is_there = !access(path, F_OK);

	if (is_there)
		stackid_complain("this recording is in %s already, as %s: nothing was written. To put it there anew, remove it first: find %s -name %s -delete",
				 shards->dir, path, shards->dir, shards->name);
	free(path);
	return is_there ? -1 : 0;
}

static void remove_both(const struct shards *shards, const char *folder)
{
	char *path = stackid_memory_print("%s/%s", folder, shards->name);
	char *new = stackid_memory_print("%s/.%s.new", folder, shards->name);

	unlink(path);
	unlink(new);
	free(path);
	free(new);
}

/* Of an export of this recording that was killed. */
static void remove_rests(const struct shards *shards, const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char *hour;

	remove_both(shards, folder);
	while (dir && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "hour=", 5))
			continue;
		hour = stackid_memory_print("%s/%s", folder, entry->d_name);
		remove_both(shards, hour);
		free(hour);
	}
	if (dir)
		closedir(dir);
}

static int begin(struct shards *shards)
{
	if (name_recording(shards) || make_folder(shards->dir))
		return -1;
	for (enum table table = 0; table < NR_TABLES; table++) {
		if (is_shard(table) && make_folders(shards, table))
			return -1;
	}
	if (lock(shards) || refuse_second(shards))
		return -1;
	for (enum table table = 0; table < NR_TABLES; table++) {
		if (is_shard(table))
			remove_rests(shards, shards->tables[table].folder);
	}
	return 0;
}

static int add_row(struct tables_sink *sink, enum table table,
		   const struct cell *cells)
{
	struct shards *shards = (struct shards *)sink;

	return stackid_shard_add(&shards->tables[table], cells);
}

static int finish(struct shards *shards)
{
	uint64_t start = 0;

	stackid_reading_number(shards->export->reading, "start", &start);
	for (enum table table = 0; table < NR_TABLES; table++) {
		if (is_shard(table) &&
		    stackid_shard_finish(&shards->tables[table], start))
			return -1;
	}
	/* Whoever counts recordings counts whole ones. */
	for (enum table table = 0; table < NR_TABLES; table++) {
		if (is_shard(table) && table != TABLE_RECORDINGS &&
		    stackid_shard_settle(&shards->tables[table]))
			return -1;
	}
	return stackid_shard_settle(&shards->tables[TABLE_RECORDINGS]);
}

static void end(struct shards *shards, bool failed)
{
	for (enum table table = 0; table < NR_TABLES; table++) {
		if (failed)
			stackid_shard_remove(&shards->tables[table]);
		stackid_shard_free(&shards->tables[table]);
	}
	if (shards->lock >= 0)
		close(shards->lock);
	free(shards->host);
	free(shards->name);
}

static int write_shards(struct export *export)
{
	struct shards shards = {
		.sink = { TABLES_SHARDS, add_row },
		.export = export,
		.dir = export->options->output,
		.lock = -1,
	};
	bool failed = begin(&shards) || stackid_shards_sql_write(shards.dir) ||
		      stackid_rows_write(export, &shards.sink) != EXIT_OK ||
		      finish(&shards);

	end(&shards, failed);
	return failed ? EXIT_FAILED : EXIT_OK;
}

const struct export_format stackid_export_shards = {
	.name = "shards",
	.to = EXPORT_TO_PATH,
	.write = write_shards,
};
