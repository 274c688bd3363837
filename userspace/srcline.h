/* SPDX-License-Identifier: GPL-2.0 */
/* What commands that show source lines have in common. */
#ifndef STACKID_SRCLINE_H
#define STACKID_SRCLINE_H

#include <stdbool.h>

#include "command.h"
#include "lib/debug/debug_lines.h"
#include "lib/words.h"

/* A member named srcline of the command's options. */
struct srcline_options {
	bool wanted;
	bool whole_paths;
	struct words files;
};

#define SRCLINE_OPTION_ROWS(type, text)					\
	OPTION_GROUP("Source lines"),					\
	OPTION_FLAG(0, "srcline", type, srcline.wanted, text),		\
	SRCLINE_FILE_OPTION_ROWS(type)

/* For one that shows nothing else. */
#define SRCLINE_FILE_OPTION_ROWS(type)					\
	OPTION_CALL('k', "vmlinux", type, srcline.files,		\
		    "FILE[,FILE]", "file", stackid_words_add,		\
		    "look for the kernel's debug information here first"), \
	OPTION_CALL(0, "debug", type, srcline.files,			\
		    "FILE|DIR[,...]", "file", stackid_words_add,	\
		    "look for that of any module here first, by its build-id"), \
	OPTION_FLAG(0, "full-source-path", type, srcline.whole_paths,	\
		    "with the folders that the files were compiled in")

/* NULL if they are not wanted. */
static inline struct debug_lines *
stackid_srcline_open(const struct srcline_options *options,
		     struct data_reader *data)
{
	if (!options->wanted)
		return NULL;
	return stackid_debug_lines_open(data, &options->files,
					options->whole_paths);
}

/* @lines may be NULL. */
static inline void stackid_srcline_close(struct srcline_options *options,
					 struct debug_lines *lines)
{
	if (lines)
		stackid_debug_lines_close(lines);
	stackid_words_free(&options->files);
}

#endif /* STACKID_SRCLINE_H */
