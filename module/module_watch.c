// SPDX-License-Identifier: GPL-2.0
/* Kernel modules that come and go, and what that does to PCs. */
#include <linux/kernel.h>
#include <linux/module.h>

#include "compat.h"
#include "module_watch.h"
#include "recording.h"
#include "table.h"

/*
 * Nothing runs in the text any more, so no capture can bring its PCs back after
 * the look at the table; what was captured before and still waits in an insert
 * queue is flushed into the table by the look itself.
 */
static void text_goes(struct recording *rec, const struct module *mod,
		      struct text_range text)
{
	if (!text.size ||
	    !stackid_table_has_pc(rec->table, text.start, text.size))
		return;
	if (stackid_reset(rec->table))
		pr_err("stackid: no memory for a new generation as module %s goes; stacks with its addresses may be named wrongly\n",
		       mod->name);
}

static int notify(struct notifier_block *notifier, unsigned long state,
		  void *data)
{
	struct module_watch *watch =
		container_of(notifier, struct module_watch, notifier);
	struct module *mod = data;

	switch (state) {
	case MODULE_STATE_COMING:
		/* Before its init code can be in any stack. */
		stackid_recording_write_module(watch->rec, mod, true);
		break;
	case MODULE_STATE_LIVE:
		/* Its init text is freed soon after this. */
		text_goes(watch->rec, mod, stackid_module_init_text(mod));
		break;
	case MODULE_STATE_GOING:
		text_goes(watch->rec, mod, stackid_module_init_text(mod));
		text_goes(watch->rec, mod, stackid_module_text(mod));
		stackid_recording_write_module(watch->rec, mod, false);
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
