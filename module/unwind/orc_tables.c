// SPDX-License-Identifier: GPL-2.0
/* Finding the ORC tables of the kernel and of its modules, and looking in them. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "../compat.h"
#include "../kernel_symbol.h"
#include "../wait_for_hits.h"
#include "orc_tables.h"

/**
 * struct orc_table - the table for one stretch of text
 * @start:   of the text
 * @end:     of the text
 * @ip:      sorted; each is the distance from itself to the first instruction
 *           that the entry is for
 * @entries: beside @ip
 * @nr:      of both
 */
struct orc_table {
	unsigned long start;
	unsigned long end;
	const int *ip;
	const struct orc_entry *entries;
	unsigned int nr;
};

struct module_tables {
	struct rcu_head rcu;
	unsigned int nr;
	struct orc_table table[];
};

static unsigned long entry_start(const struct orc_table *table, unsigned int i)
{
	return (unsigned long)&table->ip[i] + table->ip[i];
}

/* The last entry that begins at or before the instruction. */
static const struct orc_entry *search(const struct orc_table *table,
				      unsigned long ip)
{
	unsigned int low = 0, high = table->nr;

	while (low < high) {
		unsigned int middle = low + (high - low) / 2;

		if (entry_start(table, middle) <= ip)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &table->entries[low - 1] : NULL;
}

static bool contains(const struct orc_table *table, unsigned long ip)
{
	/* remove_module() may be shrinking it. */
	return ip >= table->start && ip < READ_ONCE(table->end);
}

static bool is_in(const struct orc_range *range, unsigned long pc)
{
	return pc >= range->start && pc < range->end;
}

const struct orc_entry *stackid_orc_find(const struct orc_tables *tables,
					 unsigned long ip)
{
	const struct module_tables *modules;
	unsigned int i;

	if (contains(tables->kernel, ip) || is_in(&tables->init, ip))
		return search(tables->kernel, ip);
	modules = rcu_dereference_sched(tables->modules);
	for (i = 0; i < modules->nr; i++) {
		if (contains(&modules->table[i], ip))
			return search(&modules->table[i], ip);
	}
	return NULL;
}

bool stackid_orc_is_patched(const struct orc_tables *tables, unsigned long pc)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tables->patched); i++) {
		if (is_in(&tables->patched[i], pc))
			return true;
	}
	return false;
}

/*
 * Are these really the tables?  They must be sorted, lie in the text that they
 * speak of, and say of functions that everybody knows that the return address
 * is all that is on the stack when they begin.
 */
static int check_kernel_table(const struct orc_table *table)
{
	const unsigned long known[] = {
		(unsigned long)schedule, (unsigned long)kfree,
		(unsigned long)vfree, (unsigned long)wake_up_process,
	};
	unsigned int i;

	if (!table->nr || entry_start(table, 0) < table->start - PAGE_SIZE)
		return -ENOEXEC;
	for (i = 1; i < table->nr; i++) {
		if (entry_start(table, i) < entry_start(table, i - 1))
			return -ENOEXEC;
	}
	for (i = 0; i < ARRAY_SIZE(known); i++) {
		const struct orc_entry *entry;

		if (!contains(table, known[i]))
			return -ENOEXEC;
		entry = search(table, known[i]);
		if (entry->sp_reg != ORC_REG_SP || entry->sp_offset != 8 ||
		    entry->bp_reg != ORC_REG_UNDEFINED)
			return -ENOEXEC;
	}
	return 0;
}

static struct orc_table *find_kernel_table(void)
{
	const struct orc_entry *entries, *stop;
	struct orc_table *table;
	int ret = -ENOENT;

	table = kzalloc(sizeof(*table), GFP_KERNEL);
	if (!table)
		return ERR_PTR(-ENOMEM);
	table->start = (unsigned long)stackid_kernel_symbol("_stext");
	table->end = (unsigned long)stackid_kernel_symbol("_etext");
	table->ip = stackid_kernel_symbol("__start_orc_unwind_ip");
	entries = stackid_kernel_symbol("__start_orc_unwind");
	stop = stackid_kernel_symbol("__stop_orc_unwind");
	if (!table->start || !table->end || !table->ip || !entries || !stop)
		goto err;
	ret = -ENOEXEC;
	if (stop <= entries || table->end <= table->start)
		goto err;
	table->entries = entries;
	table->nr = stop - entries;
	/* The one table is followed by the other. */
	if ((const void *)entries < (const void *)(table->ip + table->nr))
		goto err;
	ret = check_kernel_table(table);
	if (ret)
		goto err;
	return table;

err:
	kfree(table);
	return ERR_PTR(ret);
}

static struct orc_table module_table(const struct module *mod)
{
	struct text_range text = stackid_module_text(mod);

	return (struct orc_table) {
		.start = text.start,
		.end = text.start + text.size,
		.ip = mod->arch.orc_unwind_ip,
		.entries = mod->arch.orc_unwind,
		.nr = mod->arch.num_orcs,
	};
}

/* A copy without the text that starts there, and with room for some more. */
static struct module_tables *copy_modules(const struct module_tables *old,
					  unsigned long without,
					  unsigned int more)
{
	unsigned int nr = old ? old->nr : 0, i;
	struct module_tables *new;

	new = kvzalloc(struct_size(new, table, nr + more), GFP_KERNEL);
	if (!new)
		return NULL;
	for (i = 0; i < nr; i++) {
		if (old->table[i].start != without)
			new->table[new->nr++] = old->table[i];
	}
	return new;
}

static struct module_tables *locked_modules(struct orc_tables *tables)
{
	return rcu_dereference_protected(tables->modules,
					 lockdep_is_held(&tables->lock));
}

static void publish(struct orc_tables *tables, struct module_tables *new)
{
	struct module_tables *old = locked_modules(tables);

	rcu_assign_pointer(tables->modules, new);
	stackid_wait_for_hits();
	kvfree(old);
}

static void add_module(struct orc_tables *tables, const struct module *mod)
{
	struct orc_table table = module_table(mod);
	struct module_tables *new;

	mutex_lock(&tables->lock);
	new = copy_modules(locked_modules(tables), table.start, 1);
	/* Without it, its stacks take the kernel's unwinder. */
	if (new) {
		new->table[new->nr++] = table;
		publish(tables, new);
	}
	mutex_unlock(&tables->lock);
}

static bool is_known(const struct module_tables *modules, unsigned long start)
{
	unsigned int i;

	for (i = 0; i < modules->nr; i++) {
		if (modules->table[i].start == start)
			return true;
	}
	return false;
}

/*
 * When this returns no walk knows the module's text any more: those that found
 * it in the tables are over, and what they put into the cache is forgotten.
 */
static void remove_module(struct orc_tables *tables, const struct module *mod)
{
	struct text_range text = stackid_module_text(mod);
	struct module_tables *modules;
	unsigned int i;

	mutex_lock(&tables->lock);
	modules = locked_modules(tables);
	if (is_known(modules, text.start)) {
		struct module_tables *new = copy_modules(modules, text.start, 0);

		if (new) {
			publish(tables, new);
		} else {
			/* Shrink it to nothing where it stands. */
			for (i = 0; i < modules->nr; i++) {
				if (modules->table[i].start == text.start)
					WRITE_ONCE(modules->table[i].end,
						   text.start);
			}
			stackid_wait_for_hits();
		}
		tables->forget(tables, text.start, text.size);
	}
	mutex_unlock(&tables->lock);
}

static int notify(struct notifier_block *notifier, unsigned long state,
		  void *data)
{
	struct orc_tables *tables =
		container_of(notifier, struct orc_tables, notifier);

	if (state == MODULE_STATE_COMING)
		add_module(tables, data);
	else if (state == MODULE_STATE_GOING)
		remove_module(tables, data);
	return NOTIFY_DONE;
}

/*
 * The notifier is called only for modules that come later.  The others are on the
 * kernel's list, whose head is not exported; readers of it need no more than RCU.
 */
static int add_loaded_modules(struct orc_tables *tables)
{
	struct list_head *list = stackid_kernel_symbol("modules");
	struct module_tables *new;
	unsigned int nr = 0;
	struct module *mod;

	if (!list)
		return -ENOENT;
	mutex_lock(&tables->lock);
	rcu_read_lock();
	list_for_each_entry_rcu(mod, list, list)
		nr++;
	rcu_read_unlock();
	/* Some may come in between; those that find no room are walked slowly. */
	new = copy_modules(locked_modules(tables), 0, nr + 8);
	if (new) {
		nr += new->nr + 8;
		rcu_read_lock();
		list_for_each_entry_rcu(mod, list, list) {
			if (mod->state != MODULE_STATE_LIVE &&
			    mod->state != MODULE_STATE_COMING)
				continue;
			if (new->nr < nr &&
			    !is_known(new, stackid_module_text(mod).start))
				new->table[new->nr++] = module_table(mod);
		}
		rcu_read_unlock();
		publish(tables, new);
	}
	mutex_unlock(&tables->lock);
	return new ? 0 : -ENOMEM;
}

/*
 * From the end of the text to the last entry, which is the end of all code.  Its
 * symbols must not be asked for: to find one the kernel may read what is there,
 * and with page-table isolation nothing is there any more.
 */
static void find_init_text(struct orc_tables *tables)
{
	const struct orc_table *kernel = tables->kernel;

	tables->init.start = kernel->end;
	tables->init.end = entry_start(kernel, kernel->nr - 1);
}

/* What is not there on this kernel leaves its range empty. */
static void find_patched(struct orc_tables *tables)
{
	static const char *const names[] = {
		"return_to_handler", "arch_rethook_trampoline",
	};
	unsigned int i;

	BUILD_BUG_ON(ARRAY_SIZE(names) != ARRAY_SIZE(tables->patched));
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		unsigned long start =
			(unsigned long)stackid_kernel_symbol(names[i]);

		if (!start)
			continue;
		/* The symbol may have been moved past an ENDBR instruction. */
		tables->patched[i].start = start - 4;
		tables->patched[i].end = start + stackid_symbol_size(start);
	}
}

int stackid_orc_tables_init(struct orc_tables *tables,
			    void (*forget)(struct orc_tables *tables,
					   unsigned long start,
					   unsigned long size))
{
	struct module_tables *none;
	int ret;

	mutex_init(&tables->lock);
	tables->forget = forget;
	tables->kernel = find_kernel_table();
	if (IS_ERR(tables->kernel))
		return PTR_ERR(tables->kernel);
	find_init_text(tables);
	find_patched(tables);
	ret = -ENOMEM;
	none = copy_modules(NULL, 0, 0);
	if (!none)
		goto err_kernel;
	RCU_INIT_POINTER(tables->modules, none);
	tables->notifier = (struct notifier_block) { .notifier_call = notify };
	/* Before the look at the list, so that no module is in neither. */
	ret = register_module_notifier(&tables->notifier);
	if (ret)
		goto err_modules;
	ret = add_loaded_modules(tables);
	if (ret)
		goto err_notifier;
	return 0;

err_notifier:
	unregister_module_notifier(&tables->notifier);
err_modules:
	kvfree(rcu_dereference_protected(tables->modules, true));
err_kernel:
	kfree(tables->kernel);
	return ret;
}

/* No walk is under way. */
void stackid_orc_tables_exit(struct orc_tables *tables)
{
	unregister_module_notifier(&tables->notifier);
	kvfree(rcu_dereference_protected(tables->modules, true));
	kfree(tables->kernel);
}
