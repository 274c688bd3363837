// SPDX-License-Identifier: GPL-2.0
/* Threads by pid: open addressing, nothing is ever removed singly. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "memory.h"
#include "tasks.h"

#define IDLE_NAME "swapper"

static void init(struct task_table *table)
{
	table->nr = 0;
	table->nr_slots = 1024;
	table->slots = stackid_memory_zalloc(table->nr_slots,
					     sizeof(*table->slots));
}

static struct task_slot *find_slot(const struct task_table *table,
				   uint32_t pid)
{
	size_t i = stackid_hash_u64(pid);

	for (;; i++) {
		struct task_slot *slot = &table->slots[i & (table->nr_slots - 1)];

		if (!slot->comm || slot->pid == pid)
			return slot;
	}
}

static void double_slots(struct task_table *table)
{
	struct task_slot *old = table->slots;
	size_t nr_old = table->nr_slots;

	table->nr_slots *= 2;
	table->slots = stackid_memory_zalloc(table->nr_slots, sizeof(*old));
	for (size_t i = 0; i < nr_old; i++) {
		if (old[i].comm)
			*find_slot(table, old[i].pid) = old[i];
	}
	free(old);
}

/* @comm: interned */
static void set(struct task_table *table, uint32_t pid, uint32_t tgid,
		const char *comm)
{
	struct task_slot *slot;

	if (table->nr >= table->nr_slots / 2)
		double_slots(table);
	slot = find_slot(table, pid);
	if (!slot->comm)
		table->nr++;
	*slot = (struct task_slot) { comm, pid, tgid };
}

void stackid_tasks_init(struct tasks *tasks)
{
	stackid_strings_init(&tasks->strings);
	init(&tasks->first);
	init(&tasks->now);
	set(&tasks->first, 0, 0,
	    stackid_strings_intern(&tasks->strings, IDLE_NAME));
	stackid_tasks_rewind(tasks);
}

void stackid_tasks_exit(struct tasks *tasks)
{
	stackid_strings_exit(&tasks->strings);
	free(tasks->first.slots);
	free(tasks->now.slots);
}

/* A row or a line without a name would say nothing. */
static const char *name(struct tasks *tasks, uint32_t pid, const char *comm)
{
	char number[16];

	if (*comm)
		return stackid_strings_intern(&tasks->strings, comm);
	snprintf(number, sizeof(number), ":%u", pid);
	return stackid_strings_intern(&tasks->strings, number);
}

void stackid_tasks_set_first(struct tasks *tasks, uint32_t pid, uint32_t tgid,
			     const char *comm)
{
	if (!find_slot(&tasks->first, pid)->comm)
		set(&tasks->first, pid, tgid, name(tasks, pid, comm));
}

void stackid_tasks_rewind(struct tasks *tasks)
{
	struct task_table *now = &tasks->now;

	now->slots = stackid_memory_resize(now->slots, tasks->first.nr_slots,
					   sizeof(*now->slots));
	now->nr_slots = tasks->first.nr_slots;
	now->nr = tasks->first.nr;
	memcpy(now->slots, tasks->first.slots,
	       now->nr_slots * sizeof(*now->slots));
}

void stackid_tasks_set(struct tasks *tasks, uint32_t pid, uint32_t tgid,
		       const char *comm)
{
	if (pid)
		set(&tasks->now, pid, tgid, name(tasks, pid, comm));
}

const struct task_slot *stackid_tasks_get(struct tasks *tasks, uint32_t pid)
{
	struct task_slot *slot = find_slot(&tasks->now, pid);

	if (slot->comm)
		return slot;
	set(&tasks->now, pid, pid, name(tasks, pid, ""));
	return find_slot(&tasks->now, pid);
}
