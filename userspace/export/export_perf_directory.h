/* SPDX-License-Identifier: GPL-2.0 */
/* The directory that a perf.data is. */
#ifndef STACKID_EXPORT_PERF_DIRECTORY_H
#define STACKID_EXPORT_PERF_DIRECTORY_H

#include <stdio.h>

/* To be freed; @kcore is the directory of @kallsyms. */
struct perf_paths {
	char *data;
	char *kcore;
	char *kallsyms;
};

struct perf_paths stackid_perf_paths(const char *path);
void stackid_perf_free_paths(struct perf_paths *paths);

/*
 * Makes both directories: EXIT_OK, or EXIT_FAILED after a sentence.  What was at @path
 * stays as PATH.old, as files do; that which was so before goes, but for a stranger's
 * files.
 */
int stackid_perf_make_directory(const char *path);
/* Of one that has nothing else in it: 0, or -1 with errno. */
int stackid_perf_remove_directory(const char *path);

/* NULL after a sentence. */
FILE *stackid_perf_create_file(const char *path);
/* @result, or EXIT_FAILED after a sentence if writing failed. */
int stackid_perf_close_file(FILE *out, const char *path, int result);

#endif /* STACKID_EXPORT_PERF_DIRECTORY_H */
