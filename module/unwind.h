/* SPDX-License-Identifier: GPL-2.0 */
/* Walking the current stack: the small interface that every unwinder serves. */
#ifndef _STACKID_UNWIND_H
#define _STACKID_UNWIND_H

#include <linux/types.h>

struct pt_regs;

/**
 * struct unwind_start - where a walk of the current task's stack begins
 * @regs: the interrupted registers, whose ip is the first PC; or NULL
 * @ip:   without @regs, the first PC, a return address
 * @sp:   the stack pointer after the return to @ip
 * @bp:   the frame pointer register after the return to @ip
 * @skip_start: if the first PC is in [@skip_start, @skip_end), leave it out: it
 *        is the function that calls all of a tracepoint's probes, which is there
 *        or not depending on how many there are
 * @skip_end: see @skip_start
 */
struct unwind_start {
	struct pt_regs *regs;
	unsigned long ip;
	unsigned long sp;
	unsigned long bp;
	unsigned long skip_start;
	unsigned long skip_end;
};

/*
 * Begin at the caller of the function that says this.  The function must keep a
 * frame (__builtin_frame_address(0) makes the compiler do so), must be noinline
 * and must stay on the stack until the walk is done.
 */
#define UNWIND_FROM_CALLER() ({						\
	unsigned long *frame = __builtin_frame_address(0);		\
	(struct unwind_start) {						\
		.ip = (unsigned long)__builtin_return_address(0),	\
		.sp = (unsigned long)(frame + 2),			\
		.bp = frame[0],						\
	};								\
})

/**
 * struct unwind_sink - takes the PCs of a walk, innermost first
 * @frame: one more PC; false ends the walk.  @interrupted says that the PC is
 *         an interrupted instruction, reached by crossing an interrupt's or
 *         exception's frame (not set for the first one)
 *
 * Called in the context of the walk: no lock, no allocation.
 */
struct unwind_sink {
	bool (*frame)(struct unwind_sink *sink, unsigned long pc,
		      bool interrupted);
};

/* Any context.  Preemption must be off. */
void stackid_unwind(const struct unwind_start *from, struct unwind_sink *sink);

#endif /* _STACKID_UNWIND_H */
