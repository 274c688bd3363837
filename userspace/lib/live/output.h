/* SPDX-License-Identifier: GPL-2.0 */
/* The file that is written, and keeping the one that was there. */
#ifndef STACKID_OUTPUT_H
#define STACKID_OUTPUT_H

#include <stdbool.h>

/* @name: as people should see it; @made: the same to be freed, or NULL */
struct output {
	int fd;
	const char *name;
	char *made;
};

/*
 * @path: NULL is stackid.data, "-" is stdout, which must not be a terminal.  A
 * file that is not empty becomes PATH.old.  0, or -1 after a complaint.
 */
int stackid_output_open(struct output *output, const char *path);
/*
 * PATH.YYYYMMDDhhmmsscc, as perf calls them, which is new whenever it is called.
 * 0, or -1 after a complaint.
 */
int stackid_output_open_dated(struct output *output, const char *path);
/* Does whoever is at the other end look on? */
bool stackid_output_is_stream(const struct output *output);
/* Is it a file that was opened by its name? */
bool stackid_output_is_ours(const struct output *output);
/* Closes it and removes it; @end is what its name has behind it on the disk. */
void stackid_output_discard(struct output *output, const char *end);
/* To who called sudo, if it is a file. */
void stackid_output_give(int fd);
/* Only that a file which is not empty becomes PATH.old: 0, or -1 after a complaint. */
int stackid_output_keep(const char *path);
/* 0, or -1 after a complaint: the last bytes did not arrive. */
int stackid_output_close(struct output *output);

#endif /* STACKID_OUTPUT_H */
