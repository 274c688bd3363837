/* SPDX-License-Identifier: GPL-2.0 */
/* The records of a ring as the text of trace_pipe. */
#ifndef _STACKID_TRACE_PIPE_TEXT_H
#define _STACKID_TRACE_PIPE_TEXT_H

#include <linux/types.h>
#include <linux/xarray.h>

#include "symbols.h"

struct comm;
struct generation;
struct recording;
struct ring;
struct stack_texts;
struct stackid_record;

/**
 * struct trace_pipe_text - the text of a record, and what is known for the next
 * @rec:       constant
 * @gen:       the newest generation seen, held
 * @old_gen:   the one seen before it, held, or NULL: rings may still have
 *             records of it
 * @told_generation: the last one that the reader has been told of
 * @specs:     of events, by number, kmalloc'ed; also of those removed meanwhile
 * @comms:     of tasks, each in its hash's place
 * @stacks:    their frames, by generation and id
 * @at:        the text
 * @len:       of @at; the owner sets it to 0
 * @frame:     scratch
 *
 * The owner sees to it that one at a time uses it.
 */
struct trace_pipe_text {
	struct recording *rec;
	struct generation *gen;
	struct generation *old_gen;
	u64 told_generation;
	struct xarray specs;
	struct comm *comms;
	struct stack_texts *stacks;
	char *at;
	size_t len;
	struct frame_text frame;
};

/* Task context, may sleep; @text is all zeros, the opener's rights count. */
int stackid_trace_pipe_text_init(struct trace_pipe_text *text,
				 struct recording *rec);
void stackid_trace_pipe_text_exit(struct trace_pipe_text *text);

/* Get to know what the events are called that are enabled now. */
void stackid_trace_pipe_text_names(struct trace_pipe_text *text);

/*
 * Append the text of a record that stackid_ring_peek() gave, of @time.  There is room
 * for one.
 */
void stackid_trace_pipe_text_add(struct trace_pipe_text *text,
				 unsigned int cpu, struct ring *ring,
				 const struct stackid_record *r, u64 time);

#endif /* _STACKID_TRACE_PIPE_TEXT_H */
