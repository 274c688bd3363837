/* SPDX-License-Identifier: GPL-2.0 */
/* Which process a thread belongs to and what it is called, as time goes on. */
#ifndef STACKID_TASKS_H
#define STACKID_TASKS_H

#include <stddef.h>
#include <stdint.h>

#include "strings.h"

struct task_slot {
	const char *comm;	/* NULL: an empty slot */
	uint32_t pid;
	uint32_t tgid;
};

struct tasks {
	struct strings strings;
	struct task_slot *slots;
	size_t nr_slots;
	size_t nr;
};

void stackid_tasks_init(struct tasks *tasks);
void stackid_tasks_exit(struct tasks *tasks);
/* Forget them all; names stay valid. */
void stackid_tasks_clear(struct tasks *tasks);

void stackid_tasks_set(struct tasks *tasks, uint32_t pid, uint32_t tgid,
		       const char *comm);
/* Makes one called ":PID" if nobody told. */
const struct task_slot *stackid_tasks_get(struct tasks *tasks, uint32_t pid);

#endif /* STACKID_TASKS_H */
