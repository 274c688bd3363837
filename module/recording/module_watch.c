// SPDX-License-Identifier: GPL-2.0
/* Kernel modules that come and go, and what that does to PCs. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/rcupdate.h>

#include "../compat.h"
#include "../table/table.h"
#include "module_watch.h"
#include "recording_layout.h"
#include "side_record.h"

/* Starts a new generation if the table has PCs in the text. */
static void forget_text(struct recording *rec, const struct module *mod,
			struct text_range text)
{
	if (!text.size ||
	    !stackid_table_has_pc(rec->table, text.start, text.size))
		return;
	if (stackid_reset(rec->table))
		pr_err("stackid: no memory for a new generation for the addresses of module %s; stacks with them may be named wrongly\n",
		       mod->name);
}

/*
 * Ids end when other code may stand for their addresses.
 *
 * A module's text: when it goes.  Nothing runs in it any more, but a walk that
 * passed through it may still be under way to an insert queue: it is waited for,
 * and the look at the table flushes the queues.
 *
 * Its init text is freed soon after the module is live, at a time that no notifier
 * reports, and not before its async functions have run.  So it is the next module
 * at these addresses that ends their ids, before its first instruction: most never
 * see one, and loading a module costs no ids.  What else may come there, BPF
 * programs and trampolines, gives no stack that init text gave: the caller of an
 * init function, do_one_initcall() or a thread's start, calls none of these.
 */
static int notify(struct notifier_block *notifier, unsigned long state,
		  void *data)
{
	struct module_watch *watch =
		container_of(notifier, struct module_watch, notifier);
	struct module *mod = data;

	switch (state) {
	case MODULE_STATE_COMING:
		synchronize_rcu();
		forget_text(watch->rec, mod, stackid_module_text(mod));
		forget_text(watch->rec, mod, stackid_module_init_text(mod));
		stackid_side_record_module(watch->rec, mod, true);
		break;
	case MODULE_STATE_GOING:
		synchronize_rcu();
		forget_text(watch->rec, mod, stackid_module_text(mod));
		stackid_side_record_module(watch->rec, mod, false);
		break;
	}
	return NOTIFY_DONE;
}

int stackid_module_watch_init(struct module_watch *watch,
			      struct recording *rec)
{
	watch->rec = rec;
	watch->notifier = (struct notifier_block) { .notifier_call = notify };
	return register_module_notifier(&watch->notifier);
}

void stackid_module_watch_exit(struct module_watch *watch)
{
	unregister_module_notifier(&watch->notifier);
}
