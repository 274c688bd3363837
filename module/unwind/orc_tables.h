/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's own ORC tables, and those of its modules: for every instruction,
 * how its function's stack frame is laid out.  None of them is exported.
 */
#ifndef _STACKID_ORC_TABLES_H
#define _STACKID_ORC_TABLES_H

#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/types.h>
#include <asm/orc_types.h>

struct module_tables;
struct orc_table;

struct orc_range {
	unsigned long start;
	unsigned long end;
};

/**
 * struct orc_tables - see the top of the file
 * @kernel:   of the kernel's text; constant
 * @init:     where the kernel's init code was, which is in @kernel's table, too:
 *            the boot CPU's idle task has return addresses there for ever.  It is
 *            freed, but no other text comes to its place; what else is in the range
 *            is data; constant
 * @patched:  text ranges of the functions that stand in the place of a return
 *            address while function-graph tracing or a kretprobe waits for it;
 *            constant
 * @modules:  RCU, replaced under @lock
 * @lock:     task context only
 * @notifier: keeps @modules true
 * @forget:   called when a range of text is not to be found any more, and after
 *            a grace period; may sleep
 */
struct orc_tables {
	struct orc_table *kernel;
	struct orc_range init;
	struct orc_range patched[2];
	struct module_tables __rcu *modules;
	struct mutex lock;
	struct notifier_block notifier;
	void (*forget)(struct orc_tables *tables, unsigned long start,
		       unsigned long size);
};

/*
 * 0, or a negative errno where the tables can not be found or are not what this
 * code knows; then there is nothing to undo.  Task context, may sleep.
 */
int stackid_orc_tables_init(struct orc_tables *tables,
			    void (*forget)(struct orc_tables *tables,
					   unsigned long start,
					   unsigned long size));
void stackid_orc_tables_exit(struct orc_tables *tables);

/*
 * The entry for an instruction, or NULL if its address is in no text that stays
 * where it is: a module's init text, BPF programs, trampolines.  Preemption must be off as
 * long as the answer is used.
 */
const struct orc_entry *stackid_orc_find(const struct orc_tables *tables,
					 unsigned long ip);
/* Does the pc stand for another return address?  See @patched. */
bool stackid_orc_is_patched(const struct orc_tables *tables, unsigned long pc);

#endif /* _STACKID_ORC_TABLES_H */
