/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Walking fast, as the architecture has it: by what the ORC tables say, compiled and
 * cached (unwind_orc.c), or by frame records (unwind_records.c).
 */
#ifndef _STACKID_UNWIND_FAST_H
#define _STACKID_UNWIND_FAST_H

#include <linux/err.h>

#include "../ledger.h"
#include "unwind_start.h"

struct fast_walker;
struct stack;
struct unwind_path;

#if defined(CONFIG_UNWINDER_ORC) || defined(CONFIG_ARM64)

/* Task context, may sleep.  ERR_PTR where this kernel is not what the walk knows. */
struct fast_walker *stackid_fast_walker_create(void);
/* No walk is under way. */
void stackid_fast_walker_destroy(struct fast_walker *walker);

/* In the code that a tracer has put in place of return addresses? */
bool stackid_fast_in_trampoline(struct fast_walker *walker, unsigned long pc);

/* As stackid_unwind_path(). */
bool stackid_fast_path(const struct fast_walker *walker,
		       const struct unwind_start *from,
		       const struct stack *stack, struct unwind_path *path);

/*
 * UNWIND_FAST if the walk is done.  Any other says why it is not; what was added
 * to @stack is to be thrown away then.  Contexts as stackid_unwind().
 */
enum unwind_outcome stackid_walk_fast(struct fast_walker *walker,
				      const struct unwind_start *from,
				      struct unwind_rules rules,
				      struct stack *stack);

#else

static inline struct fast_walker *stackid_fast_walker_create(void)
{
	return ERR_PTR(-EOPNOTSUPP);
}

static inline void stackid_fast_walker_destroy(struct fast_walker *walker)
{
}

static inline bool stackid_fast_in_trampoline(struct fast_walker *walker,
					     unsigned long pc)
{
	return false;
}

static inline bool stackid_fast_path(const struct fast_walker *walker,
				     const struct unwind_start *from,
				     const struct stack *stack,
				     struct unwind_path *path)
{
	return false;
}

static inline enum unwind_outcome
stackid_walk_fast(struct fast_walker *walker, const struct unwind_start *from,
		   struct unwind_rules rules, struct stack *stack)
{
	return UNWIND_SLOW_OFF;
}

#endif

#endif /* _STACKID_UNWIND_FAST_H */
