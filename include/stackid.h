/* SPDX-License-Identifier: GPL-2.0 */
/*
 * stackid: exact 32-bit ids for kernel stacks, for other kernel modules.
 *
 * A table gives every stack one id and every id one stack, for the length of a
 * generation.  Pass NULL for the table that debugfs shows; make one of your own
 * with stackid_table_create() where its ids shall not mix with others'.
 *
 *	operation         task  softirq  hardirq  NMI   may wait
 *	save              yes   yes      yes      yes   with interrupts on
 *	find              yes   yes      yes      yes   no
 *	fetch             yes   yes      yes      yes   no
 *	print             yes   yes      yes      no    no
 *	reset             yes   no       no       no    yes
 *	create, destroy   yes   no       no       no    yes
 *
 * When a kernel module goes, other code may come to its addresses, so that the
 * table that debugfs shows then starts a new generation if any of its stacks has
 * one of them.  A table of your own does not by itself: reset it from a module
 * notifier, or know that none of its stacks is from a module that can go.
 *
 * Any of them may run beside any other on any CPU; only destroy asks the caller
 * to see to it that nobody uses the table any more.
 */
#ifndef _STACKID_H
#define _STACKID_H

#include <linux/types.h>

struct stackid_table;

struct stackid_table *stackid_table_create(unsigned int max_stacks,
					   unsigned int max_memory_mb);
void stackid_table_destroy(struct stackid_table *table);
int stackid_reset(struct stackid_table *table);

u32 stackid_save(struct stackid_table *table, const unsigned long *entries,
		 unsigned int nr_entries, u64 *generation);
u32 stackid_save_current(struct stackid_table *table, unsigned int skip,
			 u64 *generation);
u32 stackid_find(struct stackid_table *table, const unsigned long *entries,
		 unsigned int nr_entries, u64 *generation);
int stackid_fetch(struct stackid_table *table, u64 generation, u32 id,
		  unsigned long *entries, unsigned int max_entries);
int stackid_print(struct stackid_table *table, u64 generation, u32 id);

#endif /* _STACKID_H */
