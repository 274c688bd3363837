/* SPDX-License-Identifier: GPL-2.0 */
/* Which process a thread belongs to and what it is called, as time goes on. */
#ifndef STACKID_TASKS_H
#define STACKID_TASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../ranges.h"
#include "../slots.h"
#include "../strings.h"

/**
 * struct task - a thread
 * @comm, @tgid: as time has gone on; NULL while nobody has named it
 * @first_comm, @first_tgid: as they were at the beginning; likewise
 * @maker: the thread that made it, as time has gone on; 0 if that was before
 */
struct task {
	const char *comm;
	const char *first_comm;
	uint32_t pid;
	uint32_t tgid;
	uint32_t first_tgid;
	uint32_t maker;
};

struct tasks {
	struct strings strings;
	struct task *at;
	size_t nr;
	size_t room;
	struct slots slots;
};

void stackid_tasks_init(struct tasks *tasks);
void stackid_tasks_exit(struct tasks *tasks);

/* Of several names for one pid the first was true at the beginning. */
void stackid_tasks_set_first(struct tasks *tasks, uint32_t pid, uint32_t tgid,
			     const char *comm);
/* Back to the beginning; names stay valid. */
void stackid_tasks_rewind(struct tasks *tasks);

/* Pid 0 is the idle task, whatever a file says of it. */
void stackid_tasks_set(struct tasks *tasks, uint32_t pid, uint32_t tgid,
		       const char *comm);
/* Who made the one of this pid: 0 is nobody known. */
void stackid_tasks_made(struct tasks *tasks, uint32_t pid, uint32_t maker);
uint32_t stackid_tasks_maker(const struct tasks *tasks, uint32_t pid);
/* Whether it is of one of these processes, or of what they have made. */
bool stackid_tasks_descends(const struct tasks *tasks, uint32_t pid,
			    const struct ranges *processes);
/* What stackid_tasks_set() would call it. */
const char *stackid_tasks_name(struct tasks *tasks, uint32_t pid,
			       const char *comm);
/* As stackid_tasks_get() has it at the beginning, whatever has been set since. */
const char *stackid_tasks_first(struct tasks *tasks, uint32_t pid,
				uint32_t *tgid);
/* Makes one called ":PID" if nobody told, or it has an empty name. */
const struct task *stackid_tasks_get(struct tasks *tasks, uint32_t pid);

#endif /* STACKID_TASKS_H */
