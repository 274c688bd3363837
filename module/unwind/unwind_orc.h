/* SPDX-License-Identifier: GPL-2.0 */
/* Walking by what the ORC tables say, compiled and cached. */
#ifndef _STACKID_UNWIND_ORC_H
#define _STACKID_UNWIND_ORC_H

#include <linux/err.h>

#include "../ledger.h"
#include "unwind_start.h"

struct orc_rules;
struct orc_walker;
struct stack;

#ifdef CONFIG_UNWINDER_ORC

/* Task context, may sleep.  ERR_PTR where this kernel's tables are no use. */
struct orc_walker *stackid_orc_walker_create(void);
/* No walk is under way. */
void stackid_orc_walker_destroy(struct orc_walker *walker);

/* In the code that a tracer has put in place of return addresses? */
bool stackid_orc_in_trampoline(struct orc_walker *walker, unsigned long pc);

const struct orc_rules *stackid_orc_walker_rules(struct orc_walker *walker);

/*
 * UNWIND_FAST if the walk is done.  Any other says why it is not; what was added
 * to @stack is to be thrown away then.  Contexts as stackid_unwind().
 */
enum unwind_outcome stackid_unwind_orc(struct orc_walker *walker,
				       const struct unwind_start *from,
				       struct unwind_rules rules,
				       struct stack *stack);

#else

static inline struct orc_walker *stackid_orc_walker_create(void)
{
	return ERR_PTR(-EOPNOTSUPP);
}

static inline void stackid_orc_walker_destroy(struct orc_walker *walker)
{
}

static inline bool stackid_orc_in_trampoline(struct orc_walker *walker,
					     unsigned long pc)
{
	return false;
}

static inline const struct orc_rules *
stackid_orc_walker_rules(struct orc_walker *walker)
{
	return NULL;
}

static inline enum unwind_outcome
stackid_unwind_orc(struct orc_walker *walker, const struct unwind_start *from,
		   struct unwind_rules rules, struct stack *stack)
{
	return UNWIND_SLOW_OFF;
}

#endif /* CONFIG_UNWINDER_ORC */

#endif /* _STACKID_UNWIND_ORC_H */
