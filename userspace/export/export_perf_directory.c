// SPDX-License-Identifier: GPL-2.0
/* The directory that a perf.data is. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/complain.h"
#include "../lib/exit_code.h"
#include "../lib/memory.h"
#include "export_perf_directory.h"

static int complain(const char *path)
{
	stackid_complain("cannot write %s: %s", path, strerror(errno));
	return EXIT_FAILED;
}

struct perf_paths stackid_perf_paths(const char *path)
{
	return (struct perf_paths) {
		.data = stackid_memory_print("%s/data", path),
		.kcore = stackid_memory_print("%s/kcore_dir", path),
		.kallsyms = stackid_memory_print("%s/kcore_dir/kallsyms", path),
	};
}

void stackid_perf_free_paths(struct perf_paths *paths)
{
	free(paths->data);
	free(paths->kcore);
	free(paths->kallsyms);
}

int stackid_perf_remove_directory(const char *path)
{
	struct perf_paths paths = stackid_perf_paths(path);
	int result;

	unlink(paths.data);
	unlink(paths.kallsyms);
	rmdir(paths.kcore);
	result = rmdir(path);
	stackid_perf_free_paths(&paths);
	return result;
}

static int keep_old(const char *path)
{
	struct stat file;
	char *old;
	int result = EXIT_OK;

	if (lstat(path, &file) || !S_ISDIR(file.st_mode))
		return EXIT_OK;
	old = stackid_memory_print("%s.old", path);
	if (!lstat(old, &file) && S_ISDIR(file.st_mode))
		stackid_perf_remove_directory(old);
	if (rename(path, old)) {
		stackid_complain("cannot keep %s as %s: %s", path, old,
				 strerror(errno));
		result = EXIT_FAILED;
	}
	free(old);
	return result;
}

int stackid_perf_make_directory(const char *path)
{
	struct perf_paths paths;
	int result = keep_old(path);

	if (result != EXIT_OK)
		return result;
	if (mkdir(path, 0700))
		return complain(path);
	paths = stackid_perf_paths(path);
	if (mkdir(paths.kcore, 0700))
		result = complain(paths.kcore);
	stackid_perf_free_paths(&paths);
	return result;
}

FILE *stackid_perf_create_file(const char *path)
{
	FILE *out = fopen(path, "we");

	if (!out)
		complain(path);
	return out;
}

int stackid_perf_close_file(FILE *out, const char *path, int result)
{
	if ((ferror(out) | fclose(out)) && result == EXIT_OK)
		return complain(path);
	return result;
}
