/* SPDX-License-Identifier: GPL-2.0 */
/* Processes of others, whose end is waited for. */
#ifndef STACKID_PROCESSES_H
#define STACKID_PROCESSES_H

#include <stdbool.h>
#include <stddef.h>

struct pollfd;

/**
 * struct processes - those of -p
 * @fds: one for each that had not ended when it was looked for
 */
struct processes {
	int *fds;
	size_t nr;
};

/*
 * @pids: "12,34".  Those that are gone already have ended.  One that cannot be
 * watched never ends.
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
