// SPDX-License-Identifier: GPL-2.0
/* The file that is written, and keeping the one that was there. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../complain.h"
#include "../data/data.h"
#include "../memory.h"
#include "output.h"

int stackid_output_keep(const char *path)
{
	struct stat st;
	char *old;
	int ret;

	if (stat(path, &st) || !S_ISREG(st.st_mode) || !st.st_size)
		return 0;
	old = stackid_memory_print("%s.old", path);
	ret = rename(path, old);
	if (ret)
		stackid_complain("cannot keep %s as %s: %s", path, old,
				 strerror(errno));
	free(old);
	return ret;
}

/* Who called sudo may see what it recorded, and wants to report without. */
void stackid_output_give(int fd)
{
	const char *uid = getenv("SUDO_UID");
	const char *gid = getenv("SUDO_GID");
	struct stat st;

	if (fd < 0 || geteuid() || !uid || !gid || fstat(fd, &st) ||
	    !S_ISREG(st.st_mode))
		return;
	/* If it fails the file is root's, and readable as that. */
	(void)!fchown(fd, strtoul(uid, NULL, 10), strtoul(gid, NULL, 10));
}

bool stackid_output_is_stream(const struct output *output)
{
	struct stat st;

	return !fstat(output->fd, &st) && !S_ISREG(st.st_mode);
}

bool stackid_output_is_ours(const struct output *output)
{
	return output->name && strcmp(output->name, "-") &&
	       !stackid_output_is_stream(output);
}

void stackid_output_discard(struct output *output, const char *end)
{
	char *path = stackid_memory_print("%s%s", output->made, end);

	close(output->fd);
	unlink(path);
	free(path);
	free(output->made);
	*output = (struct output) { };
}

/*
 * Raw addresses are in it: they are root's secret.  The lock tells who follows it that
 * more is to come.
 */
static int create(const char *path, int flags)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);

	if (fd >= 0)
		flock(fd, LOCK_EX | LOCK_NB);
	return fd;
}

int stackid_output_open_dated(struct output *output, const char *path)
{
	struct timespec now;
	struct tm local;
	char date[16];

	do {
		clock_gettime(CLOCK_REALTIME, &now);
		localtime_r(&now.tv_sec, &local);
		strftime(date, sizeof(date), "%Y%m%d%H%M%S", &local);
		free(output->made);
		output->made = stackid_memory_print("%s.%s%02ld",
						    path ? path : DATA_DEFAULT_FILE,
						    date, now.tv_nsec / 10000000);
		output->fd = create(output->made, O_EXCL);
		/* Two within a hundredth of a second. */
	} while (output->fd < 0 && errno == EEXIST && !usleep(10000));
	output->name = output->made;
	if (output->fd < 0) {
		stackid_complain("cannot write %s: %s", output->name,
				 strerror(errno));
		return -1;
	}
	stackid_output_give(output->fd);
	return 0;
}

int stackid_output_open(struct output *output, const char *path)
{
	if (!path)
		path = DATA_DEFAULT_FILE;
	if (!strcmp(path, "-")) {
		if (isatty(STDOUT_FILENO)) {
			stackid_complain("a data file is not for a terminal: send -o - into a pipe or a file");
			return -1;
		}
		output->name = "-";
		output->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	} else {
		if (stackid_output_keep(path))
			return -1;
		output->name = path;
		output->fd = create(path, O_TRUNC);
	}
	if (output->fd < 0) {
		stackid_complain("cannot write %s: %s", path, strerror(errno));
		return -1;
	}
	stackid_output_give(output->fd);
	return 0;
}

int stackid_output_close(struct output *output)
{
	if (!close(output->fd))
		return 0;
	stackid_complain("cannot write %s: %s", output->name, strerror(errno));
	return -1;
}
