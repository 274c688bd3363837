/* SPDX-License-Identifier: GPL-2.0 */
/* Processes and threads of others, whose end is waited for. */
#ifndef STACKID_PROCESSES_H
#define STACKID_PROCESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct pollfd;

/**
 * struct watched_task - one that had not ended when it was looked for
 * @fd: readable at its end; -1 for a thread, whose end is looked for
 */
struct watched_task {
	pid_t number;
	int fd;
};

/* Those of -p or -t. */
struct processes {
	struct watched_task *at;
	size_t nr;
};

/*
 * @pids: "12,34".  Those that are gone already have ended.
 */
void stackid_processes_open(struct processes *processes, const char *pids);
void stackid_processes_close(struct processes *processes);

/* Fills in @processes->nr of them, for poll(). */
void stackid_processes_poll(const struct processes *processes,
			    struct pollfd *fds);
/* After poll(): true if all have ended. */
bool stackid_processes_ended(struct processes *processes,
			     const struct pollfd *fds);

#endif /* STACKID_PROCESSES_H */
