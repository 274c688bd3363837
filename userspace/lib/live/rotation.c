// SPDX-License-Identifier: GPL-2.0
/* Files that follow one another for ever. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../array.h"
#include "../clock.h"
#include "../complain.h"
#include "../data/data.h"
#include "../memory.h"
#include "rotation.h"

#define PART		ROTATION_PART
/* "20261127T030405.123Z" */
#define STAMP_LENGTH	20
#define NSEC_PER_MSEC	1000000ULL

/**
 * struct rotation - see rotation.h
 * @folder: of the files, "." if their name has none
 * @base:   the name without it
 * @dir:    @folder, opened
 * @newest: when the newest file began, in ms since 1970
 * @thread: brings @going to the disk, if @busy
 * @error:  what the thread could not do, to be freed; NULL if it could
 */
struct rotation {
	char *folder;
	char *base;
	int dir;
	uint64_t keep;
	uint64_t newest;
	pthread_t thread;
	bool busy;
	struct output going;
	char *error;
};

struct names {
	char **at;
	size_t nr;
	size_t room;
};

static void free_names(struct names *names)
{
	for (size_t i = 0; i < names->nr; i++)
		free(names->at[i]);
	free(names->at);
}

/* @name is the file's after its base and a dot; false if it is no time. */
static bool parse_stamp(const char *name, uint64_t *ms)
{
	static const char form[] = "ddddddddTdddddd.dddZ";
	struct tm time = { };

	for (size_t i = 0; i < STAMP_LENGTH; i++) {
		bool digit = name[i] >= '0' && name[i] <= '9';

		if (form[i] == 'd' ? !digit : name[i] != form[i])
			return false;
	}
	if (sscanf(name, "%4d%2d%2dT%2d%2d%2d", &time.tm_year, &time.tm_mon,
		   &time.tm_mday, &time.tm_hour, &time.tm_min,
		   &time.tm_sec) != 6)
		return false;
	time.tm_year -= 1900;
	time.tm_mon--;
	*ms = timegm(&time) * 1000ULL + strtoul(name + 16, NULL, 10);
	return true;
}

/* Is it one of ours?  @end: "" or PART; @ms may be NULL. */
static bool is_ours(const struct rotation *rotation, const char *name,
		    const char *end, uint64_t *ms)
{
	size_t length = strlen(rotation->base);
	struct stat st;
	uint64_t time;

	if (strncmp(name, rotation->base, length) || name[length] != '.' ||
	    !parse_stamp(name + length + 1, &time) ||
	    strcmp(name + length + 1 + STAMP_LENGTH, end) ||
	    fstatat(rotation->dir, name, &st, AT_SYMLINK_NOFOLLOW) ||
	    !S_ISREG(st.st_mode))
		return false;
	if (ms)
		*ms = time;
	return true;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Those of ours that end so, the oldest first. */
static void list_names(const struct rotation *rotation, const char *end,
		       struct names *names)
{
	int fd = openat(rotation->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	*names = (struct names) { };
	while (dir && (entry = readdir(dir))) {
		if (!is_ours(rotation, entry->d_name, end, NULL))
			continue;
		stackid_array_reserve(names->at, names->nr, names->room);
		names->at[names->nr++] = stackid_memory_strdup(entry->d_name);
	}
	if (dir)
		closedir(dir);
	if (names->nr)
		qsort(names->at, names->nr, sizeof(*names->at), compare_names);
}

static void find_newest(struct rotation *rotation)
{
	static const char *const ends[] = { "", PART };
	struct names names;
	uint64_t ms;

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		list_names(rotation, ends[i], &names);
		if (names.nr && is_ours(rotation, names.at[names.nr - 1],
					ends[i], &ms) && ms > rotation->newest)
			rotation->newest = ms;
		free_names(&names);
	}
}

static void free_rotation(struct rotation *rotation)
{
	if (rotation->dir >= 0)
		close(rotation->dir);
	free(rotation->folder);
	free(rotation->base);
	free(rotation->error);
	free(rotation);
}

struct rotation *stackid_rotation_create(const char *path, uint64_t keep)
{
	struct rotation *rotation = stackid_memory_zalloc(1, sizeof(*rotation));
	const char *slash;

	if (!path)
		path = DATA_DEFAULT_FILE;
	slash = strrchr(path, '/');
	rotation->base = stackid_memory_strdup(slash ? slash + 1 : path);
	rotation->folder = !slash ? stackid_memory_strdup(".") :
			   slash == path ? stackid_memory_strdup("/") :
			   stackid_memory_print("%.*s", (int)(slash - path),
						path);
	rotation->keep = keep;
	rotation->dir = open(rotation->folder,
			     O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (rotation->dir < 0 || !*rotation->base) {
		if (*rotation->base)
			stackid_complain("cannot write into the folder %s: %s",
					 rotation->folder, strerror(errno));
		else
			stackid_complain("%s is a folder: -o names the files in it, as %sstackid.data",
					 path, path);
		free_rotation(rotation);
		return NULL;
	}
	find_newest(rotation);
	return rotation;
}

/* As people should see it; to be freed. */
static char *whole_path(const struct rotation *rotation, const char *name)
{
	if (!strcmp(rotation->folder, "."))
		return stackid_memory_strdup(name);
	return stackid_memory_print("%s%s%s", rotation->folder,
				    strcmp(rotation->folder, "/") ? "/" : "",
				    name);
}

/* The lock says that somebody writes it, and goes with the process. */
static bool take(struct rotation *rotation, struct output *output,
		 const char *part)
{
	int fd = openat(rotation->dir, part,
			O_RDWR | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return false;
	/* Whole and renamed meanwhile, its recorder has let go of it. */
	if (flock(fd, LOCK_EX | LOCK_NB) ||
	    faccessat(rotation->dir, part, F_OK, 0)) {
		close(fd);
		return false;
	}
	output->fd = fd;
	output->made = whole_path(rotation, part);
	output->made[strlen(output->made) - strlen(PART)] = '\0';
	output->name = output->made;
	return true;
}

bool stackid_rotation_left(struct rotation *rotation, struct output *output)
{
	struct names names;
	bool found = false;

	list_names(rotation, PART, &names);
	for (size_t i = 0; i < names.nr && !found; i++)
		found = take(rotation, output, names.at[i]);
	free_names(&names);
	return found;
}

/* The clock may have been set back: then a name is the next after the last one. */
static void choose_name(struct rotation *rotation, char *stamp, size_t size)
{
	uint64_t now = stackid_clock(CLOCK_REALTIME) / NSEC_PER_MSEC;
	struct tm time;
	time_t seconds;
	size_t length;

	if (now <= rotation->newest)
		now = rotation->newest + 1;
	rotation->newest = now;
	seconds = now / 1000;
	gmtime_r(&seconds, &time);
	length = strftime(stamp, size, "%Y%m%dT%H%M%S", &time);
	snprintf(stamp + length, size - length, ".%03uZ",
		 (unsigned int)(now % 1000));
}

int stackid_rotation_open(struct rotation *rotation, struct output *output)
{
	char stamp[64];
	char *part;

	do {
		choose_name(rotation, stamp, sizeof(stamp));
		part = stackid_memory_print("%s.%s" PART, rotation->base,
					    stamp);
		output->fd = openat(rotation->dir, part,
				    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
				    0600);
		free(output->made);
		output->made = whole_path(rotation, part);
		free(part);
	} while (output->fd < 0 && errno == EEXIST);
	output->name = output->made;
	if (output->fd < 0) {
		stackid_complain("cannot write %s: %s", output->name,
				 strerror(errno));
		return -1;
	}
	flock(output->fd, LOCK_EX | LOCK_NB);
	stackid_output_give(output->fd);
	output->made[strlen(output->made) - strlen(PART)] = '\0';
	return 0;
}

static void remove_oldest(struct rotation *rotation)
{
	struct names names;

	if (!rotation->keep)
		return;
	list_names(rotation, "", &names);
	for (size_t i = 0; i + rotation->keep < names.nr; i++)
		unlinkat(rotation->dir, names.at[i], 0);
	free_names(&names);
}

static char *because(const char *what, const char *name)
{
	return stackid_memory_print("cannot %s %s: %s", what, name,
				    strerror(errno));
}

/* The name only after the content, and the name, too, before another is removed. */
static void *bring_to_disk(void *context)
{
	struct rotation *rotation = context;
	struct output *going = &rotation->going;
	const char *slash = strrchr(going->made, '/');
	const char *name = slash ? slash + 1 : going->made;
	char *part = stackid_memory_print("%s" PART, name);

	if (fsync(going->fd))
		rotation->error = because("bring to the disk", going->made);
	else if (renameat(rotation->dir, part, rotation->dir, name))
		rotation->error = because("name", going->made);
	else if (fsync(rotation->dir) && errno != EINVAL)
		rotation->error = because("bring to the disk the name",
					  going->made);
	else
		remove_oldest(rotation);
	free(part);
	return NULL;
}

/* 0, or -1 after a complaint. */
static int wait_for_disk(struct rotation *rotation)
{
	int ret = 0;

	if (rotation->busy)
		pthread_join(rotation->thread, NULL);
	rotation->busy = false;
	if (rotation->error) {
		stackid_complain("%s", rotation->error);
		free(rotation->error);
		rotation->error = NULL;
		ret = -1;
	}
	if (rotation->going.made) {
		close(rotation->going.fd);
		free(rotation->going.made);
		rotation->going = (struct output) { };
	}
	return ret;
}

int stackid_rotation_finish(struct rotation *rotation, struct output *output)
{
	int ret = wait_for_disk(rotation);

	rotation->going = *output;
	*output = (struct output) { };
	rotation->busy = !pthread_create(&rotation->thread, NULL, bring_to_disk,
					 rotation);
	if (rotation->busy)
		return ret;
	bring_to_disk(rotation);
	return wait_for_disk(rotation) | ret;
}

int stackid_rotation_destroy(struct rotation *rotation)
{
	int ret = wait_for_disk(rotation);

	free_rotation(rotation);
	return ret;
}
