/* SPDX-License-Identifier: GPL-2.0 */
/* Walking the current stack: the small interface that every unwinder serves. */
#ifndef _STACKID_UNWIND_H
#define _STACKID_UNWIND_H

#include <linux/types.h>

#include "ledger.h"

struct pt_regs;
struct stack;

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
 * @skip: leave out so many of the innermost frames
 */
struct unwind_rules {
	bool cut;
	unsigned int skip;
};

struct unwind_path;
struct unwinder;

/* Set once from main.c: how this kernel's stacks are walked. */
extern struct unwinder *stackid_unwinder;

/*
 * The fast walk may be used.  Cleared for good by the first difference, from any
 * context; main.c.
 */
extern bool stackid_unwind_fast;

/*
 * @fast: use the fast walker where there is one.  @check_every: walk one fast
 * walk in so many both ways, 0 for none.  Task context, may sleep.  NULL if
 * there is no memory.
 */
struct unwinder *stackid_unwinder_create(bool fast, unsigned int check_every);
/* No walk is under way. */
void stackid_unwinder_destroy(struct unwinder *unwinder);
u64 stackid_unwinder_counter(const struct unwinder *unwinder, unsigned int cpu,
			     enum unwind_outcome which);

/*
 * Walk the current task's stack and add its PCs to @stack, which has been begun.
 * Any context; preemption must be off, and RCU watching.
 */
void stackid_unwind(const struct unwind_start *from,
		    struct unwind_rules rules, struct stack *stack);

/*
 * The path of the walk from @from that gave @stack; false if there is none.
 * Contexts as above.
 */
bool stackid_unwind_path(const struct unwind_start *from,
			 const struct stack *stack, struct unwind_path *path);

/*
 * This CPU's next fast walk is to be checked.  Returns how many paths may be
 * taken for walks until it has to be asked again.  Preemption must be off.
 */
int stackid_unwind_check_next(void);

/*
 * The walk that was just done gave another stack than the one of this path: count
 * it as a difference if the path holds all the same.
 */
void stackid_unwind_deny(const struct unwind_start *from,
			 const struct unwind_path *path,
			 const struct stack *stack);

/* The same, always with the kernel's unwinder. */
void stackid_unwind_kernel(const struct unwind_start *from,
			   struct unwind_rules rules,
			   struct stack *stack);

#endif /* _STACKID_UNWIND_H */
