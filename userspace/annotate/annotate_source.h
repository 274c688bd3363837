/* SPDX-License-Identifier: GPL-2.0 */
/* The text of source files. */
#ifndef STACKID_ANNOTATE_SOURCE_H
#define STACKID_ANNOTATE_SOURCE_H

#include <stddef.h>

/**
 * struct annotate_source - a file
 * @lines: without their ends; line 1 is the first
 * @nr:    0 if it could not be read
 */
struct annotate_source {
	char *text;
	char **lines;
	size_t nr;
};

/*
 * Reads @file, whose name is as it was compiled: as it is, or below the folder @tree (if
 * that is not NULL) with as few of the name's folders left out at its front as it takes.
 */
void stackid_annotate_source_read(struct annotate_source *source,
				  const char *tree, const char *file);
void stackid_annotate_source_free(struct annotate_source *source);

#endif /* STACKID_ANNOTATE_SOURCE_H */
