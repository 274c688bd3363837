/* SPDX-License-Identifier: GPL-2.0 */
/* Functions by the lines of their source; for profile_functions.c. */
#ifndef STACKID_PROFILE_LINES_H
#define STACKID_PROFILE_LINES_H

#include <stddef.h>
#include <stdint.h>

#include "../debug/debug_lines.h"
#include "../slots.h"
#include "../strings.h"
#include "profile.h"

struct line_function;

/**
 * struct profile_lines - functions that were met at a line
 * @lines: NULL where nobody asked for them
 * @names: theirs, "vfs_read FILE:450"
 * @slots: to places in @at + 1
 */
struct profile_lines {
	struct debug_lines *lines;
	struct strings names;
	struct line_function *at;
	size_t nr;
	size_t room;
	struct slots slots;
};

/* Frees what it holds, not the struct, and not the debug lines. */
void stackid_profile_lines_exit(struct profile_lines *lines);

/*
 * How many functions a frame is, with those that were inlined there: 0 if its line is not
 * known, or nobody asked.
 */
uint32_t stackid_profile_lines_count(struct profile_lines *lines,
				     const struct data_frame *frame);

/* Makes the name of a function at a line, which is kept; and its number. */
struct line_maker {
	uint32_t (*add)(void *context, const char *name, const char *module,
			enum profile_function_kind kind);
	void *context;
};

/*
 * Writes their numbers from @to on, the outermost first.  What is new is added by @maker
 * as one of @function's module and kind.
 */
void stackid_profile_lines_fill(struct profile_lines *lines,
				const struct data_frame *frame,
				const struct profile_function *function,
				const struct line_maker *maker, uint32_t *to);

#endif /* STACKID_PROFILE_LINES_H */
