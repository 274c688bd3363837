// SPDX-License-Identifier: GPL-2.0
/* The command behind "--". */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../complain.h"
#include "../exit_code.h"
#include "../memory.h"
#include "workload.h"

__noreturn
static void run_child(int go, int failed, char **argv)
{
	sigset_t none;
	char word;
	int error;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	if (read(go, &word, 1) != 1)
		_exit(0);
	execvp(argv[0], argv);
	error = errno;
	/* The status says the same if nobody listens any more. */
	(void)!write(failed, &error, sizeof(error));
	_exit(error == ENOENT ? 127 : 126);
}

static int refuse(const char *name, int error)
{
	stackid_complain("cannot run '%s': %s", name, strerror(error));
	return error == ENOENT ? 127 : 126;
}

/* 0, or the negative errno that says why it cannot be run. */
static int try_file(const char *path)
{
	struct stat file;

	if (stat(path, &file))
		return errno == ENOTDIR ? -ENOENT : -errno;
	if (!S_ISREG(file.st_mode))
		return -EACCES;
	return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) ? -errno : 0;
}

int stackid_workload_find(const char *name)
{
	const char *path = getenv("PATH");
	int result = -ENOENT;

	if (!*name)
		return refuse(name, ENOENT);
	if (strchr(name, '/')) {
		result = try_file(name);
		return result ? refuse(name, -result) : EXIT_OK;
	}
	if (!path)
		path = "/bin:/usr/bin";
	for (;;) {
		int length = strcspn(path, ":");
		char *file;
		int error;

		/* An empty one is the current directory. */
		file = stackid_memory_print("%.*s%s%s", length, path,
					    length ? "/" : "", name);
		error = try_file(file);
		free(file);
		if (!error)
			return EXIT_OK;
		/* As execvp(): a file that may not be run is reported last. */
		if (error == -EACCES)
			result = error;
		path += length;
		if (!*path++)
			return refuse(name, -result);
	}
}

int stackid_workload_fork(struct workload *workload, char **argv)
{
	int go[2], failed[2];

	memset(workload, 0, sizeof(*workload));
	if (pipe2(go, O_CLOEXEC) || pipe2(failed, O_CLOEXEC)) {
		stackid_complain("no pipe to the workload: %s",
				 strerror(errno));
		return -1;
	}
	workload->pid = fork();
	if (workload->pid < 0) {
		stackid_complain("cannot fork the workload: %s",
				 strerror(errno));
		return -1;
	}
	if (!workload->pid) {
		close(go[1]);
		close(failed[0]);
		run_child(go[0], failed[1], argv);
	}
	close(go[0]);
	close(failed[1]);
	workload->go = go[1];
	workload->failed = failed[0];
	return 0;
}

int stackid_workload_start(struct workload *workload, const char *name)
{
	ssize_t got;
	int error;

	if (write(workload->go, "g", 1) != 1) {
		stackid_complain("the workload has gone before it was run: %s",
				 strerror(errno));
		return EXIT_FAILED;
	}
	close(workload->go);
	workload->go = -1;
	/* A successful exec closes the other end. */
	do {
		got = read(workload->failed, &error, sizeof(error));
	} while (got < 0 && errno == EINTR);
	if (got != sizeof(error))
		return EXIT_OK;
	return refuse(name, error);
}

bool stackid_workload_poll(struct workload *workload)
{
	if (!workload->ended &&
	    waitpid(workload->pid, &workload->status, WNOHANG) ==
	    workload->pid)
		workload->ended = true;
	return workload->ended;
}

void stackid_workload_stop(struct workload *workload)
{
	if (workload->go >= 0)
		close(workload->go);
	workload->go = -1;
	if (stackid_workload_poll(workload))
		return;
	kill(workload->pid, SIGTERM);
	/* Whether it obeys is its own affair: nobody waits for it. */
	stackid_workload_poll(workload);
}

int stackid_workload_exit_code(const struct workload *workload)
{
	if (!workload->ended)
		return EXIT_OK;
	if (WIFSIGNALED(workload->status))
		return 128 + WTERMSIG(workload->status);
	return WEXITSTATUS(workload->status);
}
