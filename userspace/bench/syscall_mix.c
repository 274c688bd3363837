// SPDX-License-Identifier: GPL-2.0
/*
 * syscall_mix ROUNDS: one task in system calls that allocate next to nothing
 * and never wait.  Each run of it takes the same number of instructions to a
 * few in a hundred thousand, so that what a sampling clock adds can be seen.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static char buffer[4096];

static void check(long ret, const char *what)
{
	if (ret >= 0)
		return;
	fprintf(stderr, "syscall_mix: %s: %s\n", what, strerror(errno));
	exit(1);
}

int main(int argc, char **argv)
{
	long rounds = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
	struct iovec vec = { .iov_base = buffer, .iov_len = sizeof(buffer) };
	struct pollfd polled = { .events = POLLIN };
	int zero, file, directory, pipes[2];
	char name[] = "/tmp/syscall_mix-XXXXXX";
	struct stat status;

	if (rounds <= 0) {
		fputs("Usage: syscall_mix ROUNDS\n", stderr);
		return 2;
	}
	zero = open("/dev/zero", O_RDONLY);
	check(zero, "/dev/zero");
	directory = open("/proc/self/fd", O_RDONLY | O_DIRECTORY);
	check(directory, "/proc/self/fd");
	file = mkstemp(name);
	check(file, name);
	check(unlink(name), "unlink");
	check(pipe(pipes), "pipe");
	polled.fd = pipes[0];

	while (rounds--) {
		check(stat("/usr/share/doc/../doc/./base-files", &status),
		      "stat");
		check(access("/no/such/file", R_OK) + 1, "access");
		check(read(zero, buffer, sizeof(buffer)), "read");
		check(pwrite(file, buffer, sizeof(buffer), 0), "pwrite");
		check(preadv(file, &vec, 1, 0), "preadv");
		check(write(pipes[1], buffer, 100), "write");
		check(poll(&polled, 1, 0), "poll");
		check(read(pipes[0], buffer, sizeof(buffer)), "read");
		check(lseek(directory, 0, SEEK_SET), "lseek");
		check(syscall(SYS_getdents64, directory, buffer,
			      sizeof(buffer)), "getdents64");
	}
	return 0;
}
