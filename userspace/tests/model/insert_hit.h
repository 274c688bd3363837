/* SPDX-License-Identifier: GPL-2.0 */
/* What looks up in the modelled table and queues, and the book about that. */
#ifndef _STACKID_INSERT_HIT_H
#define _STACKID_INSERT_HIT_H

#include "model_kernel.h"

#include "../../../module/table/table_layout.h"

#define NR_STACKS	16

/* Of a hit, but for HIT_HERE: a save in hard interrupt that did without the queue. */
enum hit_fate { HIT_FOUND, HIT_QUEUED, HIT_REFUSED, HIT_TABLE_FULL, HIT_HERE, NR_HIT_FATES };

/**
 * struct insert_book - what became of the hits
 * @table:      that is modelled
 * @hits:       by their fate
 * @is_queued:  by stack
 * @next_stack: for hits whose stack is new each time
 * @served:     requests served before this interrupt for irq_works
 * @is_nested:  a hit inside of drain() is under way
 */
struct insert_book {
	struct stackid_table *table;
	u64 hits[NR_HIT_FATES];
	bool is_queued[NR_STACKS];
	u64 next_stack;
	u64 served;
	bool is_nested;
};

extern struct insert_book *insert_book;
extern struct stack model_stacks[NR_STACKS];

/* insert_hit.c, whose steps are points. */
void insert_hit(unsigned int stack);
void insert_save_here(unsigned int stack);

/* insert_model.c, whose steps are none. */
void insert_count(unsigned int stack, enum hit_fate fate);

#endif /* _STACKID_INSERT_HIT_H */
