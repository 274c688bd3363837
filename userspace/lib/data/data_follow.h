/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A reader of what is being written: a pipe, or a file that grows.  Its events come in
 * the order of time as far as the marks in the file allow, see MARK in data.h; without
 * marks they come at the end.  It cannot be rewound and knows no span.
 */
#ifndef STACKID_DATA_FOLLOW_H
#define STACKID_DATA_FOLLOW_H

#include "data.h"

/*
 * @path: "-" is stdin.  Returns when the names of the events are there.  NULL after a
 * complaint.
 */
struct data_reader *stackid_data_follow_open(const char *path);

/* Whether it is one, or whatever else cannot be sought in. */
bool stackid_data_is_pipe(const char *path);

/*
 * The same of a pipe, in place of stackid_data_open(): what events there are, what their
 * stacks are and what is said about damage is what it would be there, if nobody asks for
 * what stands behind the events before they are over.  It returns when the first chunk
 * is there, and holds in memory what has come since the last mark.
 *
 * @named: stackid_data_stack_number() is asked for.  A stack that has no id is held back,
 * with all events after it, until it gets one or the recording ends.
 */
struct data_reader *stackid_data_stream_open(const char *path, bool trusted,
					     bool named);

/* Without another event to the end; what they say is damaged is not looked at. */
void stackid_data_follow_rest(struct data_reader *reader);

/* @idle is called whenever there is nothing to read yet; not before this is. */
void stackid_data_follow_idle(struct data_reader *reader,
			      void (*idle)(void *own), void *own);

/* For stackid_data_next() and its like. */
bool stackid_data_follow_next(struct data_reader *reader,
			      struct data_event *event);
/* Of a stack that is not defined so far; 0 if it is not to be. */
uint32_t stackid_data_follow_find(struct data_reader *reader,
				  uint64_t generation, uint32_t id);
uint32_t stackid_data_follow_number(const struct data_reader *reader,
				    uint32_t index);
void stackid_data_follow_free(struct data_reader *reader);

#endif /* STACKID_DATA_FOLLOW_H */
