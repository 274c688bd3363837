// SPDX-License-Identifier: GPL-2.0
/* Threads by pid; nothing is ever removed singly. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../array.h"
#include "../hash.h"
#include "tasks.h"

#define IDLE_NAME "swapper"

/* The task of this pid, made if there is none yet: it has no name then. */
static struct task *find(struct tasks *tasks, uint32_t pid)
{
	uint64_t hash = stackid_hash_u32(pid);
	uint32_t number = stackid_slots_get(&tasks->slots, hash);

	if (number)
		return &tasks->at[number - 1];
	stackid_array_reserve(tasks->at, tasks->nr, tasks->room);
	tasks->at[tasks->nr] = (struct task) { .pid = pid };
	stackid_slots_add(&tasks->slots, hash, tasks->nr + 1);
	return &tasks->at[tasks->nr++];
}

void stackid_tasks_init(struct tasks *tasks)
{
	memset(tasks, 0, sizeof(*tasks));
	stackid_tasks_set_first(tasks, 0, 0, IDLE_NAME);
	stackid_tasks_rewind(tasks);
}

void stackid_tasks_exit(struct tasks *tasks)
{
	stackid_strings_exit(&tasks->strings);
	stackid_slots_free(&tasks->slots);
	free(tasks->at);
}

/* A row or a line without a name would say nothing. */
const char *stackid_tasks_name(struct tasks *tasks, uint32_t pid,
			       const char *comm)
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
	struct task *task = find(tasks, pid);

	if (task->first_comm)
		return;
	task->first_comm = stackid_tasks_name(tasks, pid, comm);
	task->first_tgid = tgid;
}

void stackid_tasks_rewind(struct tasks *tasks)
{
	for (size_t i = 0; i < tasks->nr; i++) {
		tasks->at[i].comm = tasks->at[i].first_comm;
		tasks->at[i].tgid = tasks->at[i].first_tgid;
		tasks->at[i].maker = 0;
	}
}

static void set(struct tasks *tasks, struct task *task, uint32_t tgid,
		const char *comm)
{
	task->comm = stackid_tasks_name(tasks, task->pid, comm);
	task->tgid = tgid;
}

void stackid_tasks_set(struct tasks *tasks, uint32_t pid, uint32_t tgid,
		       const char *comm)
{
	if (pid)
		set(tasks, find(tasks, pid), tgid, comm);
}

void stackid_tasks_made(struct tasks *tasks, uint32_t pid, uint32_t maker)
{
	if (pid)
		find(tasks, pid)->maker = maker;
}

uint32_t stackid_tasks_maker(const struct tasks *tasks, uint32_t pid)
{
	uint32_t number = stackid_slots_get(&tasks->slots,
					    stackid_hash_u32(pid));

	return number ? tasks->at[number - 1].maker : 0;
}

/* More than there are between a process and the first of all. */
#define MAX_ANCESTORS	4096

bool stackid_tasks_descends(const struct tasks *tasks, uint32_t pid,
			    const struct ranges *processes)
{
	/* Makers of reused pids may go round in circles. */
	for (int i = 0; pid && i < MAX_ANCESTORS; i++) {
		uint32_t number = stackid_slots_get(&tasks->slots,
						    stackid_hash_u32(pid));

		if (!number)
			return stackid_ranges_has(processes, pid);
		if (stackid_ranges_has(processes, tasks->at[number - 1].tgid))
			return true;
		pid = tasks->at[number - 1].maker;
	}
	return false;
}

const char *stackid_tasks_first(struct tasks *tasks, uint32_t pid,
				uint32_t *tgid)
{
	uint32_t number = stackid_slots_get(&tasks->slots,
					    stackid_hash_u32(pid));

	*tgid = pid;
	if (!number || !tasks->at[number - 1].first_comm)
		return stackid_tasks_name(tasks, pid, "");
	*tgid = tasks->at[number - 1].first_tgid;
	return tasks->at[number - 1].first_comm;
}

const struct task *stackid_tasks_get(struct tasks *tasks, uint32_t pid)
{
	struct task *task = find(tasks, pid);

	/* Its first name may have come since the beginning, see data_follow.h. */
	if (!task->comm && task->first_comm) {
		task->comm = task->first_comm;
		task->tgid = task->first_tgid;
	} else if (!task->comm) {
		set(tasks, task, pid, "");
	}
	return task;
}
