/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Side records: what a recording says of tasks and modules.
 *
 * They are not events and not in the sums: what is lost of them leaves a task or
 * an address without a name, and is counted apart (task_lost).
 */
#ifndef _STACKID_SIDE_RECORD_H
#define _STACKID_SIDE_RECORD_H

#include <linux/types.h>

struct module;
struct recording;
struct task_struct;

/*
 * Into the ring of this CPU.  Any context; nothing happens while recording is
 * off.  @ppid: 0 if the task was only renamed.
 */
void stackid_side_record_task(struct recording *rec, struct task_struct *task,
			      pid_t ppid, const char *comm);
void stackid_side_record_module(struct recording *rec, struct module *mod,
				bool loaded);

#endif /* _STACKID_SIDE_RECORD_H */
