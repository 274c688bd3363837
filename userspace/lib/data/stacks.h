/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The stacks of a data file.  One stack of one generation is one index, whether
 * it came by its id or inline in a record.
 */
#ifndef STACKID_STACKS_H
#define STACKID_STACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stackid.h>

#include "../pool.h"
#include "../slots.h"
#include "data.h"
#include "symbols.h"

struct stack_generation;

/**
 * struct stacks - see the top of the file
 * @symbols: where frames are looked up; complete before the first stack
 * @entries: by index, from 1; they lie in @pool
 * @slots:   from (generation, block) to indices
 * @generations: in @pool, too
 * @last:    the place of the one that was looked for last: most events follow one of
 *           the same
 * @places:  from generations to places in @generations + 1
 */
struct stacks {
	struct symbols *symbols;
	struct data_stack **entries;
	size_t nr;
	size_t room;
	struct pool pool;
	struct slots slots;
	struct stack_generation **generations;
	size_t nr_generations;
	size_t generations_room;
	size_t last;
	struct slots places;
};

void stackid_stacks_init(struct stacks *stacks, struct symbols *symbols);
void stackid_stacks_exit(struct stacks *stacks);

/* A STACKS payload.  False if it contradicts itself. */
bool stackid_stacks_define(struct stacks *stacks, uint64_t generation,
			   const void *payload, size_t size);

/* The index of a stack that travelled inline. */
uint32_t stackid_stacks_intern(struct stacks *stacks, uint64_t generation,
			       const struct stackid_stack *block);

/* The same if it is known already; 0 if not. */
uint32_t stackid_stacks_find(const struct stacks *stacks, uint64_t generation,
			     const struct stackid_stack *block);

/* 0 if the file does not define it. */
uint32_t stackid_stacks_by_id(struct stacks *stacks, uint64_t generation,
			      uint32_t id);

/* A stand-in without frames, for an id without a definition. */
uint32_t stackid_stacks_stand_in(struct stacks *stacks, uint64_t generation,
				 uint32_t id);

const struct data_stack *stackid_stacks_get(const struct stacks *stacks,
					    uint32_t index);

#endif /* STACKID_STACKS_H */
