// SPDX-License-Identifier: GPL-2.0
/* What a unit test needs. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "test.h"

unsigned int test_failures;

static int own_stderr = -1;

void test_silence(void)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	fflush(stderr);
	own_stderr = dup(STDERR_FILENO);
	dup2(null, STDERR_FILENO);
	close(null);
}

void test_speak(void)
{
	fflush(stderr);
	dup2(own_stderr, STDERR_FILENO);
	close(own_stderr);
}

static char file_path[64];

static void remove_file(void)
{
	unlink(file_path);
}

int test_file(const char **path)
{
	int fd;

	if (!*file_path) {
		snprintf(file_path, sizeof(file_path),
			 "/tmp/stackid-test-%d", getpid());
		atexit(remove_file);
	}
	*path = file_path;
	fd = open(file_path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0) {
		perror(file_path);
		exit(1);
	}
	return fd;
}

int test_main(const struct test *tests, size_t nr)
{
	int ret = 0;

	for (size_t i = 0; i < nr; i++) {
		test_failures = 0;
		tests[i].run();
		printf("%s %s\n", test_failures ? "not ok" : "ok",
		       tests[i].name);
		fflush(stdout);
		if (test_failures)
			ret = 1;
	}
	return ret;
}
