/* SPDX-License-Identifier: GPL-2.0 */
/* Walking the current stack: the fast way where there is one, else the sure way. */
#ifndef _STACKID_UNWIND_H
#define _STACKID_UNWIND_H

#include <linux/types.h>

#include "../ledger.h"
#include "unwind_start.h"

struct stack;
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
 * @fast: use the fast walker where there is one.  @check_every: of this number of
 * fast walks one is done both ways; 0 for none.  Task context, may sleep.  NULL if
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
 * The walk from @from gave @stack, which is not the stack that @path was made of.  If
 * @path holds at @from all the same, then it is wrong, and that is counted as a
 * difference between walks.
 */
void stackid_unwind_deny(const struct unwind_start *from,
			 const struct unwind_path *path,
			 const struct stack *stack);

#endif /* _STACKID_UNWIND_H */
