// SPDX-License-Identifier: GPL-2.0
/*
 * stopwatch FILE LABEL COMMAND...: runs COMMAND, and then appends two lines to
 * FILE, "LABEL start BUSY" and "LABEL end BUSY", in nanoseconds that the one
 * CPU was not idle.  Where an instruction takes a nanosecond, their difference
 * is what COMMAND cost in instructions, waiting for devices left out.
 *
 * Nested, they tell a tool's work from that of what it watches: the inner start
 * comes after the tool is ready, the outer end when it is done.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what)
{
	fprintf(stderr, "stopwatch: %s: %s\n", what, strerror(errno));
	exit(123);
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

/* The only place that tells it to the nanosecond. */
static uint64_t idle_time(void)
{
	static const char path[] = "/proc/timer_list";
	FILE *file = fopen(path, "r");
	char line[256];
	uint64_t idle;

	if (!file)
		fail(path);
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, " .idle_sleeptime : %" SCNu64, &idle) == 1) {
			fclose(file);
			return idle;
		}
	}
	fprintf(stderr, "stopwatch: %s has no idle_sleeptime\n", path);
	exit(123);
}

int main(int argc, char **argv)
{
	uint64_t start, end, idle_start, idle_end;
	int status;
	FILE *file;
	pid_t pid;

	if (argc < 4) {
		fputs("Usage: stopwatch FILE LABEL COMMAND [ARG]...\n", stderr);
		return 123;
	}
	/* Nobody idles between the readings of the two clocks. */
	idle_start = idle_time();
	start = now() - idle_start;
	pid = fork();
	if (pid < 0)
		fail("fork");
	if (!pid) {
		execvp(argv[3], argv + 3);
		fail(argv[3]);
	}
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			fail("waitpid");
	}
	end = now();
	idle_end = idle_time();
	end -= idle_end;

	file = fopen(argv[1], "a");
	if (!file)
		fail(argv[1]);
	fprintf(file, "%s start %" PRIu64 "\n%s end %" PRIu64 "\n",
		argv[2], start, argv[2], end);
	if (fclose(file))
		fail(argv[1]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 123;
}
