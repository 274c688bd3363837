// SPDX-License-Identifier: GPL-2.0
/* Processes of others, whose end is waited for. */
#include <errno.h>
#include <poll.h>
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
	processes->fds = stackid_memory_zalloc(room, sizeof(int));
	for (at = pids; *at;) {
		char *end;
		int fd = syscall(SYS_pidfd_open, strtol(at, &end, 10), 0);

		/* poll() passes over a negative one. */
		if (fd >= 0 || errno != ESRCH)
			processes->fds[processes->nr++] = fd;
		at = *end ? end + 1 : end;
	}
}

void stackid_processes_close(struct processes *processes)
{
	for (size_t i = 0; i < processes->nr; i++) {
		if (processes->fds[i] >= 0)
			close(processes->fds[i]);
	}
	free(processes->fds);
}

void stackid_processes_poll(const struct processes *processes,
			    struct pollfd *fds)
{
	for (size_t i = 0; i < processes->nr; i++) {
		fds[i].fd = processes->fds[i];
		fds[i].events = POLLIN;
	}
}

bool stackid_processes_ended(struct processes *processes,
			     const struct pollfd *fds)
{
	size_t left = 0;

	for (size_t i = 0; i < processes->nr; i++) {
		if (fds[i].revents)
			close(processes->fds[i]);
		else
			processes->fds[left++] = processes->fds[i];
	}
	processes->nr = left;
	return !left;
}
