/* SPDX-License-Identifier: GPL-2.0 */
/* Where the frames of a data file are in the source. */
#ifndef STACKID_DEBUG_LINES_H
#define STACKID_DEBUG_LINES_H

#include <stdbool.h>

#include "../data/data.h"
#include "debug_object.h"

struct debug_lines;
struct words;

/*
 * @given: files with debug information, and folders of such, to be looked at first; has
 * to live as long.  @whole_paths: files with their folders.
 */
struct debug_lines *stackid_debug_lines_open(struct data_reader *data,
					     const struct words *given,
					     bool whole_paths);
void stackid_debug_lines_close(struct debug_lines *lines);

/*
 * The frame's place, then the calls that were inlined around it; 0 if it is not known.
 * The last one's @function is NULL: it is the frame's.  A module without debug information
 * is told of on stderr where it is met first.  @places are valid until
 * the next call, their texts until the end, and equal ones are equal pointers.
 */
unsigned int stackid_debug_lines_find(struct debug_lines *lines,
				      const struct data_frame *frame,
				      const struct debug_place **places);

#endif /* STACKID_DEBUG_LINES_H */
