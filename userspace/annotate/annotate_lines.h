/* SPDX-License-Identifier: GPL-2.0 */
/* How often which line of a function was hit. */
#ifndef STACKID_ANNOTATE_LINES_H
#define STACKID_ANNOTATE_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../lib/debug/debug_lines.h"
#include "../lib/profile/profile.h"

/**
 * struct annotate_line - a line
 * @file:  equal ones are equal pointers
 * @total: hits that were in the line or in what it called
 * @self:  hits that were in the line
 * @last:  the stack that was added to @total last: it counts once there
 */
struct annotate_line {
	const char *file;
	unsigned int line;
	uint64_t total;
	uint64_t self;
	uint32_t last;
};

/**
 * struct annotate_lines - the lines of one function, in order once they are finished
 * @function: its name
 * @module:   of the first frame that was of it; NULL if there was none
 * @elsewhere: another module has one of that name, too
 * @whole:    all hits
 * @total:    hits that were in it or in what it called, @self of them in itself
 * @unplaced: of @total, hits of which no line is known
 */
struct annotate_lines {
	const char *function;
	const char *module;
	bool elsewhere;
	uint64_t whole;
	uint64_t total;
	uint64_t self;
	uint64_t unplaced;
	struct annotate_line *at;
	size_t nr;
	size_t room;
};

/* From the cells of a profile that need not be finished; the function may be inlined. */
void stackid_annotate_lines_fill(struct annotate_lines *lines,
				 struct data_reader *data,
				 const struct profile *profile,
				 struct debug_lines *debug);
void stackid_annotate_lines_free(struct annotate_lines *lines);

/* The function that was hit itself most often; NULL if no stack has one. */
const char *stackid_annotate_hottest(struct data_reader *data,
				     const struct profile *profile);

#endif /* STACKID_ANNOTATE_LINES_H */
