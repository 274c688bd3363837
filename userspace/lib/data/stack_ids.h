/* SPDX-License-Identifier: GPL-2.0 */
/* From the ids of one generation to indices of its stacks. */
#ifndef STACKID_STACK_IDS_H
#define STACKID_STACK_IDS_H

#include <stdint.h>

#include "../slots.h"

/**
 * struct stack_ids - one of zeros is empty
 * @near: by id, below @nr_near: a kernel gives ids from 1 on
 * @nr:   how many were set
 * @far:  the others, which only a file has that is cut off, or that lies
 */
struct stack_ids {
	uint32_t *near;
	uint32_t nr_near;
	uint32_t nr;
	struct slots far;
};

/* Frees what it holds, not the struct. */
void stackid_stack_ids_free(struct stack_ids *ids);

/* The index of @id is @index (not 0) from now on. */
void stackid_stack_ids_set(struct stack_ids *ids, uint32_t id, uint32_t index);
/* 0 if none was set. */
uint32_t stackid_stack_ids_get(const struct stack_ids *ids, uint32_t id);

#endif /* STACKID_STACK_IDS_H */
