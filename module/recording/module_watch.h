/* SPDX-License-Identifier: GPL-2.0 */
/* Kernel modules that come and go, and what that does to PCs. */
#ifndef _STACKID_MODULE_WATCH_H
#define _STACKID_MODULE_WATCH_H

#include <linux/notifier.h>

struct recording;

/**
 * struct module_watch - follows modules for a recording
 * @rec: constant
 */
struct module_watch {
	struct notifier_block notifier;
	struct recording *rec;
};

/*
 * From now on, a new generation starts when a module goes while the table has PCs
 * in its text, and when one comes to where the table has PCs; and each module that
 * comes or goes leaves a MODULE record.  Task context, may sleep.
 */
int stackid_module_watch_init(struct module_watch *watch,
			      struct recording *rec);
void stackid_module_watch_exit(struct module_watch *watch);

#endif /* _STACKID_MODULE_WATCH_H */
