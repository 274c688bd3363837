// SPDX-License-Identifier: GPL-2.0
/* A hit as event.c has it, and a save in hard interrupt as api.c has it. */
#include "insert_hit.h"

#include "../../../module/table/insert.h"
#include "../../../module/table/table.h"

void insert_hit(unsigned int stack)
{
	struct stackid_table *table = insert_book->table;
	u64 generation;
	bool full;
	u32 id;

	preempt_disable();
	model_note("hit of stack %u", stack);
	id = stackid_table_lookup(table, &model_stacks[stack], &generation, &full);
	if (id) {
		insert_count(stack, HIT_FOUND);
	} else if (full) {
		insert_count(stack, HIT_TABLE_FULL);
	} else if (stackid_insert_queue(table->queues, &model_stacks[stack],
					generation)) {
		insert_count(stack, HIT_QUEUED);
	} else {
		insert_count(stack, HIT_REFUSED);
	}
	preempt_enable();
}

void insert_save_here(unsigned int stack)
{
	struct stackid_table *table = insert_book->table;
	u64 generation;

	if (stackid_table_lookup(table, &model_stacks[stack], &generation, NULL))
		return;
	if (stackid_insert_here(table->queues, &model_stacks[stack], generation) == -EBUSY)
		insert_hit(stack);
	else
		insert_count(stack, HIT_HERE);
}
