/* SPDX-License-Identifier: GPL-2.0 */
/* What a walk is asked for: the words that all unwinders and their callers share. */
#ifndef _STACKID_UNWIND_START_H
#define _STACKID_UNWIND_START_H

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
 * struct unwind_rules - what of the walked stack is wanted
 * @cut:  end at the interrupt's entry
 * @skip: the number of innermost frames to leave out
 */
struct unwind_rules {
	bool cut;
	unsigned int skip;
};

#endif /* _STACKID_UNWIND_START_H */
