// SPDX-License-Identifier: GPL-2.0
/* stackid doctor: the state of the loaded module, and room for what it gives. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "../lib/live/kernel.h"
#include "doctor_common.h"

/* Less is worth a word: some tens of millions of events. */
#define LITTLE_DISK	(100ULL << 20)

#define PARAMETERS	"/sys/module/stackid/parameters/"

/* Fast walks are by frame records on arm64, and there are none elsewhere. */
#ifdef __x86_64__
#define WALKS_BY_ORC	true
#else
#define WALKS_BY_ORC	false
#endif

static uint64_t counter(const struct doctor *doctor, const char *name)
{
	uint64_t value = 0;

	stackid_control_counter(doctor->stats, name, &value);
	return value;
}

static bool switched_off(void)
{
	char *fast = stackid_kernel_line(PARAMETERS "fast_unwind");
	bool off = fast && *fast == 'N';

	free(fast);
	return off;
}

void stackid_doctor_unwinder(struct doctor *doctor)
{
	if (!doctor->loaded)
		return;
	if (switched_off()) {
		stackid_doctor_say(doctor, DOCTOR_WARN,
				   "with the kernel's unwinder, ten times slower: the module was loaded with fast_unwind=0");
		stackid_doctor_mend(doctor,
				    "rmmod stackid && modprobe stackid fast_unwind=1");
	} else if (WALKS_BY_ORC && doctor->config &&
		   !stackid_kernel_configured(doctor->config, "UNWINDER_ORC")) {
		stackid_doctor_say(doctor, DOCTOR_WARN,
				   "with the kernel's unwinder, ten times slower: this kernel was built without CONFIG_UNWINDER_ORC");
	} else if (!doctor->stats) {
		return;
	} else if (counter(doctor, "unwind_different")) {
		stackid_doctor_say(doctor, DOCTOR_WARN,
				   "with the kernel's unwinder, ten times slower: a fast walk differed from it; please report the lines of dmesg | grep stackid");
		stackid_doctor_mend(doctor, "rmmod stackid && modprobe stackid");
	} else if (counter(doctor, "unwind_slow_off")) {
		stackid_doctor_say(doctor, DOCTOR_WARN,
				   "with the kernel's unwinder, ten times slower: the module found no fast way on this kernel, dmesg | grep stackid says why");
	} else {
		stackid_doctor_say(doctor, DOCTOR_OK,
				   "fast; of %" PRIu64 " walks %" PRIu64 " were checked, all were right",
				   counter(doctor, "unwind_fast"),
				   counter(doctor, "unwind_checked"));
	}
}

/* Files that one process has for itself, as a recording or a reader. */
static bool is_exclusive(const char *target, mode_t mode)
{
	size_t length = strlen(CONTROL_PATH "/");
	const char *name = target + length;

	if (strncmp(target, CONTROL_PATH "/", length))
		return false;
	/* A link's mode says how the file was opened: here, to be written. */
	if (!strcmp(name, "recording_on"))
		return mode & 0200;
	return !strcmp(name, "trace_pipe") || !strncmp(name, "per_cpu/", 8);
}

static bool holds(int proc, const char *pid)
{
	char path[300], target[PATH_MAX];
	struct dirent *entry;
	bool found = false;
	struct stat st;
	ssize_t length;
	DIR *fds;
	int fd;

	snprintf(path, sizeof(path), "%s/fd", pid);
	fd = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fds = fd < 0 ? NULL : fdopendir(fd);
	while (fds && !found && (entry = readdir(fds))) {
		length = readlinkat(fd, entry->d_name, target,
				    sizeof(target) - 1);
		if (length < 0)
			continue;
		target[length] = '\0';
		found = !fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) &&
			is_exclusive(target, st.st_mode);
	}
	if (fds)
		closedir(fds);
	return found;
}

/* The other process that has the recording or reads it, or 0. */
static long find_holder(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	long holder = 0;

	while (proc && !holder && (entry = readdir(proc))) {
		long pid = strtol(entry->d_name, NULL, 10);

		/* Whoever started this one may have left it an open file. */
		if (pid && pid != getpid() &&
		    holds(dirfd(proc), entry->d_name))
			holder = pid;
	}
	if (proc)
		closedir(proc);
	return holder;
}

void stackid_doctor_recording(struct doctor *doctor)
{
	char path[40];
	char *comm;
	long pid;

	if (!doctor->stats)
		return;
	pid = find_holder();
	if (pid) {
		snprintf(path, sizeof(path), "/proc/%ld/comm", pid);
		comm = stackid_kernel_line(path);
		stackid_doctor_say(doctor, DOCTOR_BAD,
				   "process %ld (%s) is recording or reads what is recorded: wait for its end, or end it",
				   pid, comm ? comm : "?");
		stackid_doctor_mend(doctor, "kill -INT %ld", pid);
		free(comm);
	} else if (counter(doctor, "recording_on")) {
		stackid_doctor_say(doctor, DOCTOR_BAD,
				   "it was turned on by hand: end that first");
		stackid_doctor_mend(doctor, "echo 0 >%s/recording_on",
				    CONTROL_PATH);
	} else {
		stackid_doctor_say(doctor, DOCTOR_OK, "nobody is");
	}
}

void stackid_doctor_table(struct doctor *doctor)
{
	uint64_t stacks, most, missed, memory;
	char *limit;

	if (!doctor->stats)
		return;
	stacks = counter(doctor, "stacks");
	most = counter(doctor, "max_stacks");
	missed = counter(doctor, "no_memory");
	limit = stackid_kernel_line(PARAMETERS "max_memory_mb");
	memory = limit ? strtoull(limit, NULL, 10) : 0;
	free(limit);
	if (stacks >= most) {
		stackid_doctor_say(doctor, DOCTOR_WARN,
				   "full with %" PRIu64 " stacks: new ones get no id, and each of their events a whole stack in the file",
				   stacks);
		stackid_doctor_mend(doctor, "echo 1 >%s/reset", CONTROL_PATH);
	} else if (missed) {
		stackid_doctor_say(doctor, DOCTOR_WARN,
				   "%" PRIu64 " times there was no memory for a new stack below max_memory_mb=%" PRIu64,
				   missed, memory);
		stackid_doctor_mend(doctor,
				    "rmmod stackid && modprobe stackid max_memory_mb=%" PRIu64,
				    2 * memory);
	} else {
		stackid_doctor_say(doctor, DOCTOR_OK,
				   "generation %" PRIu64 " has %" PRIu64 " of %" PRIu64 " stacks, in %.1f of %" PRIu64 " MiB",
				   counter(doctor, "generation"), stacks, most,
				   counter(doctor, "table_bytes") / 1048576.0,
				   memory);
	}
}

void stackid_doctor_disk(struct doctor *doctor)
{
	struct statvfs fs;
	uint64_t free_bytes;

	if (access(".", W_OK)) {
		stackid_doctor_say(doctor, DOCTOR_WARN,
				   "this folder cannot be written to (%s): record into another one, with -o FILE",
				   strerror(errno));
		return;
	}
	if (statvfs(".", &fs))
		return;
	free_bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
	if (free_bytes < LITTLE_DISK)
		stackid_doctor_say(doctor, DOCTOR_WARN,
				   "only %" PRIu64 " MB are free in this folder: record into another one, with -o FILE",
				   free_bytes / 1000000);
	else
		stackid_doctor_say(doctor, DOCTOR_OK,
				   "%.1f GB are free in this folder",
				   free_bytes / 1e9);
}
