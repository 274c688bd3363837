/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stacks that travelled in records, each one kept once until it is looked up, and
 * how many different stacks there are, with those that have ids.
 */
#ifndef STACKID_INLINE_STACKS_H
#define STACKID_INLINE_STACKS_H

#include <stdint.h>
#include <stackid.h>

struct inline_stacks;
struct symbolizer;

struct inline_stacks *stackid_inline_stacks_create(void);
void stackid_inline_stacks_destroy(struct inline_stacks *stacks);

void stackid_inline_stacks_add(struct inline_stacks *stacks,
			       uint64_t generation,
			       const struct stackid_stack *block);
/* A stack that is defined elsewhere: it only counts. */
void stackid_inline_stacks_note(struct inline_stacks *stacks,
				uint64_t generation,
				const struct stackid_stack *block);
uint64_t stackid_inline_stacks_count(const struct inline_stacks *stacks);
/* Another file begins. */
void stackid_inline_stacks_forget(struct inline_stacks *stacks);
/* Hands over those that came since the last time. */
void stackid_inline_stacks_resolve(struct inline_stacks *stacks,
				   struct symbolizer *symbolizer);

#endif /* STACKID_INLINE_STACKS_H */
