// SPDX-License-Identifier: GPL-2.0
/* The texts of stacks that were printed lately. */
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "stack_texts.h"

/* Four megabytes at most; a stack of 16 frames has some 600 bytes. */
#define SLOT_BITS	10
#define MAX_LEN		4096

struct stack_texts {
	struct stack_text slots[1 << SLOT_BITS];
};

static struct stack_text *slot_of(struct stack_texts *texts, u32 id)
{
	return &texts->slots[hash_32(id, SLOT_BITS)];
}

const struct stack_text *stackid_stack_texts_find(struct stack_texts *texts,
						  u64 generation, u32 id)
{
	const struct stack_text *text = slot_of(texts, id);

	return text->id == id && text->generation == generation ? text : NULL;
}

void stackid_stack_texts_keep(struct stack_texts *texts, u64 generation, u32 id,
			      const char *at, unsigned int len)
{
	struct stack_text *text = slot_of(texts, id);
	char *copy;

	if (len > MAX_LEN)
		return;
	copy = kmemdup(at, len, GFP_KERNEL | __GFP_NOWARN);
	if (!copy)
		return;
	kfree(text->at);
	*text = (struct stack_text){ generation, id, len, copy };
}

struct stack_texts *stackid_stack_texts_create(void)
{
	return kvzalloc(sizeof(struct stack_texts), GFP_KERNEL);
}

void stackid_stack_texts_destroy(struct stack_texts *texts)
{
	unsigned int i;

	if (!texts)
		return;
	for (i = 0; i < ARRAY_SIZE(texts->slots); i++)
		kfree(texts->slots[i].at);
	kvfree(texts);
}
