/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The texts of stacks that were printed lately.
 *
 * A symbol takes the kernel some 20 times as long as copying it, and most events have
 * one of few stacks.
 */
#ifndef _STACKID_STACK_TEXTS_H
#define _STACKID_STACK_TEXTS_H

#include <linux/types.h>

struct stack_texts;

/**
 * struct stack_text - what was printed of a stack
 * @generation: of @id
 * @id:         of the stack, 0 in a slot that is free
 * @len:        of @at, in bytes
 * @at:         not ended by a 0
 */
struct stack_text {
	u64 generation;
	u32 id;
	unsigned int len;
	char *at;
};

/*
 * Task context, may sleep; NULL if memory is short.  Whoever has them sees to it that
 * one at a time uses them, and that all texts were made with the same rights.
 */
struct stack_texts *stackid_stack_texts_create(void);
void stackid_stack_texts_destroy(struct stack_texts *texts);

/* NULL if it is not kept.  Good until the next call of either. */
const struct stack_text *stackid_stack_texts_find(struct stack_texts *texts,
						  u64 generation, u32 id);

/*
 * In place of whatever has its slot.  One that is very long, or for which there is no
 * memory, is not kept.  May sleep.
 */
void stackid_stack_texts_keep(struct stack_texts *texts, u64 generation, u32 id,
			      const char *at, unsigned int len);

#endif /* _STACKID_STACK_TEXTS_H */
