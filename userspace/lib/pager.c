// SPDX-License-Identifier: GPL-2.0
/* What stdout is: a terminal, a pager before one, or something without eyes. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "memory.h"
#include "pager.h"

static pid_t pager;

static void wait_for_pager(void)
{
	int status;

	if (!pager)
		return;
	fflush(stdout);
	/* Its end of file: both the stream and the descriptor have to go. */
	close(STDOUT_FILENO);
	while (waitpid(pager, &status, 0) < 0 && errno == EINTR)
		;
	pager = 0;
}

static const char *choose(void)
{
	const char *name = getenv("STACKID_PAGER");

	if (!name)
		name = getenv("PAGER");
	if (!name)
		name = "less";
	return !*name || !strcmp(name, "cat") ? NULL : name;
}

bool stackid_pager_may_start(void)
{
	return choose() && isatty(STDOUT_FILENO);
}

void stackid_pager_start(void)
{
	const char *name = choose();
	int ends[2];
	pid_t child;

	if (!name || pager || !isatty(STDOUT_FILENO))
		return;
	fflush(NULL);
	if (pipe(ends))
		return;
	child = fork();
	if (child < 0) {
		close(ends[0]);
		close(ends[1]);
		return;
	}
	if (!child) {
		dup2(ends[0], STDIN_FILENO);
		close(ends[0]);
		close(ends[1]);
		stackid_memory_unlimit();
		/* Go away for a short text, show colours, chop long lines. */
		setenv("LESS", "FRSX", 0);
		execl("/bin/sh", "sh", "-c", name, (char *)NULL);
		_exit(127);
	}
	dup2(ends[1], STDOUT_FILENO);
	close(ends[0]);
	close(ends[1]);
	pager = child;
	atexit(wait_for_pager);
}

bool stackid_pager_running(void)
{
	return pager;
}

bool stackid_terminal_colours(void)
{
	const char *refused = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (refused && *refused)
		return false;
	return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb");
}

unsigned int stackid_terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;

	if (!isatty(STDOUT_FILENO))
		return 0;
	if (columns && atoi(columns) > 0)
		return atoi(columns);
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
		return 0;
	return size.ws_col;
}
