// SPDX-License-Identifier: GPL-2.0
/*
 * Runs a command that must not take much: run_limited MB SECONDS COMMAND...
 * Exits with the command's status, or with 99 after a line that says what was
 * wrong: more memory or time of the CPU, a death by a signal, or a byte among what
 * it printed that a terminal would obey.  It knows nothing of the command's own
 * ways to see to that.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "terminal_scan.h"

#define WRONG	99

static bool scan_output(int fd)
{
	static unsigned char buffer[1 << 16];
	struct terminal_scan scan = { };
	unsigned long long nr = 0;
	bool right = true;
	ssize_t got;

	while ((got = read(fd, buffer, sizeof(buffer))) > 0 ||
	       (got < 0 && errno == EINTR)) {
		for (ssize_t i = 0; right && i < got; i++, nr++)
			right = terminal_scan_byte(&scan, buffer[i]);
	}
	if (!right)
		printf("byte %llu of its output is one that a terminal would obey, or no UTF-8\n",
		       nr);
	return right;
}

static void run(char **argv, int out, unsigned long seconds)
{
	struct rlimit limit = { seconds, seconds + 1 };

	setrlimit(RLIMIT_CPU, &limit);
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	execv(argv[0], argv);
	perror(argv[0]);
	_exit(WRONG);
}

int main(int argc, char **argv)
{
	struct rusage usage;
	bool right;
	int ends[2], status;
	pid_t child;
	long limit;

	if (argc < 4 || pipe(ends)) {
		fprintf(stderr, "Usage: run_limited MB SECONDS COMMAND...\n");
		return WRONG;
	}
	limit = atol(argv[1]);
	child = fork();
	if (!child) {
		close(ends[0]);
		run(argv + 3, ends[1], atol(argv[2]));
	}
	close(ends[1]);
	right = scan_output(ends[0]);
	while (wait4(child, &status, 0, &usage) < 0 && errno == EINTR)
		;
	if (WIFSIGNALED(status)) {
		printf("it died by signal %d (%s)\n", WTERMSIG(status),
		       strsignal(WTERMSIG(status)));
		right = false;
	}
	/* Of a sanitizer's own there is no end. */
	if (limit && usage.ru_maxrss > limit * 1024) {
		printf("it took %ld MB, more than %ld\n",
		       usage.ru_maxrss / 1024, limit);
		right = false;
	}
	return right ? WEXITSTATUS(status) : WRONG;
}
