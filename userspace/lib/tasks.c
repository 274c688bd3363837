// SPDX-License-Identifier: GPL-2.0
/* Threads by pid: open addressing, nothing is ever removed singly. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "memory.h"
#include "tasks.h"

#define IDLE_NAME "swapper"

void stackid_tasks_init(struct tasks *tasks)
{
	stackid_strings_init(&tasks->strings);
	tasks->nr_slots = 1024;
	tasks->slots = stackid_memory_zalloc(tasks->nr_slots,
					     sizeof(*tasks->slots));
	stackid_tasks_clear(tasks);
}

void stackid_tasks_exit(struct tasks *tasks)
{
	stackid_strings_exit(&tasks->strings);
	free(tasks->slots);
}

void stackid_tasks_clear(struct tasks *tasks)
{
	memset(tasks->slots, 0, tasks->nr_slots * sizeof(*tasks->slots));
	tasks->nr = 0;
	stackid_tasks_set(tasks, 0, 0, IDLE_NAME);
}

static struct task_slot *find_slot(const struct tasks *tasks, uint32_t pid)
{
	size_t i = stackid_hash_u64(pid);

	for (;; i++) {
		struct task_slot *slot =
			&tasks->slots[i & (tasks->nr_slots - 1)];

		if (!slot->comm || slot->pid == pid)
			return slot;
	}
}

static void double_slots(struct tasks *tasks)
{
	struct task_slot *old = tasks->slots;
	size_t nr_old = tasks->nr_slots;

	tasks->nr_slots *= 2;
	tasks->slots = stackid_memory_zalloc(tasks->nr_slots, sizeof(*old));
	for (size_t i = 0; i < nr_old; i++) {
		if (old[i].comm)
			*find_slot(tasks, old[i].pid) = old[i];
	}
	free(old);
}

void stackid_tasks_set(struct tasks *tasks, uint32_t pid, uint32_t tgid,
		       const char *comm)
{
	struct task_slot *slot;

	if (tasks->nr >= tasks->nr_slots / 2)
		double_slots(tasks);
	slot = find_slot(tasks, pid);
	if (!slot->comm)
		tasks->nr++;
	slot->pid = pid;
	slot->tgid = tgid;
	slot->comm = stackid_strings_intern(&tasks->strings, comm);
}

const struct task_slot *stackid_tasks_get(struct tasks *tasks, uint32_t pid)
{
	struct task_slot *slot = find_slot(tasks, pid);
	char name[16];

	if (slot->comm)
		return slot;
	snprintf(name, sizeof(name), ":%u", pid);
	stackid_tasks_set(tasks, pid, pid, name);
	return find_slot(tasks, pid);
}
