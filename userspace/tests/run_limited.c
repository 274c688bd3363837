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
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define WRONG	99

/* Bytes of a character that ends later, and what is known of it. */
struct scan {
	unsigned int left;
	uint32_t character;
	uint32_t least;
	uint64_t bytes;
};

/* Of those that are no control characters: they turn the text's order or hide it. */
static bool is_format_control(uint32_t c)
{
	return c == 0xad || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
	       c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
	       (c >= 0xe0000 && c <= 0xe007f);
}

/* False if it is nothing that a text may have. */
static bool scan_byte(struct scan *scan, unsigned char byte)
{
	if (scan->left) {
		if ((byte & 0xc0) != 0x80)
			return false;
		scan->character = scan->character << 6 | (byte & 0x3f);
		if (--scan->left)
			return true;
		return scan->character >= scan->least &&
		       scan->character <= 0x10ffff &&
		       (scan->character & ~0x7ffU) != 0xd800 &&
		       scan->character >= 0xa0 &&
		       !is_format_control(scan->character);
	}
	if (byte < 0x80)
		return byte == '\n' || byte == '\t' ||
		       (byte >= ' ' && byte < 0x7f);
	if (byte < 0xc0 || byte >= 0xf8)
		return false;
	scan->left = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
	scan->character = byte & (0x3f >> scan->left);
	scan->least = scan->left == 1 ? 0x80 : scan->left == 2 ? 0x800 :
								 0x10000;
	return true;
}

static bool scan_output(int fd)
{
	static unsigned char buffer[1 << 16];
	struct scan scan = { };
	bool right = true;
	ssize_t got;

	while ((got = read(fd, buffer, sizeof(buffer))) > 0 ||
	       (got < 0 && errno == EINTR)) {
		for (ssize_t i = 0; right && i < got; i++, scan.bytes++)
			right = scan_byte(&scan, buffer[i]);
	}
	if (!right)
		printf("byte %llu of its output is one that a terminal would obey, or no UTF-8\n",
		       (unsigned long long)scan.bytes);
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
