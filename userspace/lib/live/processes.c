// SPDX-License-Identifier: GPL-2.0
/* Processes and threads of others, whose end is waited for. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../memory.h"
#include "processes.h"

void stackid_processes_open(struct processes *processes, const char *pids)
{
	const char *at = pids;
	size_t room = 1;

	memset(processes, 0, sizeof(*processes));
	for (; *at; at++)
		room += *at == ',';
	processes->at = stackid_memory_zalloc(room, sizeof(*processes->at));
	for (at = pids; *at;) {
		char *end;
		pid_t number = strtol(at, &end, 10);
		int fd = syscall(SYS_pidfd_open, number, 0);

		if (fd >= 0 || errno != ESRCH)
			processes->at[processes->nr++] = (struct watched_task) {
				.number = number,
				.fd = fd,
			};
		at = *end ? end + 1 : end;
	}
}

void stackid_processes_close(struct processes *processes)
{
	for (size_t i = 0; i < processes->nr; i++) {
		if (processes->at[i].fd >= 0)
			close(processes->at[i].fd);
	}
	free(processes->at);
}

void stackid_processes_poll(const struct processes *processes,
			    struct pollfd *fds)
{
	for (size_t i = 0; i < processes->nr; i++) {
		/* poll() passes over a negative one. */
		fds[i].fd = processes->at[i].fd;
		fds[i].events = POLLIN;
	}
}

static bool has_ended(const struct watched_task *task,
		      const struct pollfd *fd)
{
	if (task->fd >= 0)
		return fd->revents;
	return kill(task->number, 0) && errno == ESRCH;
}

bool stackid_processes_ended(struct processes *processes,
			     const struct pollfd *fds)
{
	size_t left = 0;

	for (size_t i = 0; i < processes->nr; i++) {
		struct watched_task task = processes->at[i];

		if (!has_ended(&task, &fds[i]))
			processes->at[left++] = task;
		else if (task.fd >= 0)
			close(task.fd);
	}
	processes->nr = left;
	return !left;
}
