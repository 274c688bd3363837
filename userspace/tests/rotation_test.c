// SPDX-License-Identifier: GPL-2.0
/* Files that rotate: their names, which of them stay, and whose a .part is. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "../lib/live/rotation.h"
#include "../lib/memory.h"
#include "test.h"

static char *folder;

static char *path_of(const char *name)
{
	return stackid_memory_print("%s/%s", folder, name);
}

static void put(const char *name)
{
	char *path = path_of(name);

	close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	free(path);
}

static bool is_there(const char *name)
{
	char *path = path_of(name);
	bool there = !access(path, F_OK);

	free(path);
	return there;
}

/* Removes all files; how many there were. */
static size_t empty(void)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	size_t nr = 0;

	while ((entry = readdir(dir))) {
		if (*entry->d_name == '.')
			continue;
		unlinkat(dirfd(dir), entry->d_name, 0);
		nr++;
	}
	closedir(dir);
	return nr;
}

static struct rotation *create(uint64_t keep)
{
	char *path = path_of("data");
	struct rotation *rotation = stackid_rotation_create(path, keep);

	CHECK(rotation);
	free(path);
	return rotation;
}

/* The name of the file, to be freed. */
static char *write_one(struct rotation *rotation)
{
	struct output output = { };
	char *name, *part;

	CHECK(!stackid_rotation_open(rotation, &output));
	name = stackid_memory_strdup(strrchr(output.name, '/') + 1);
	part = stackid_memory_print("%s.part", name);
	CHECK(is_there(part));
	CHECK(!is_there(name));
	CHECK(!stackid_rotation_finish(rotation, &output));
	free(part);
	return name;
}

static void test_names_are_in_order(void)
{
	struct rotation *rotation = create(0);
	char *last = write_one(rotation);

	CHECK_EQUAL(strlen(last), strlen("data.20261127T030405.123Z"));
	for (int i = 0; i < 20; i++) {
		char *name = write_one(rotation);

		CHECK(strcmp(name, last) > 0);
		free(last);
		last = name;
	}
	CHECK(!stackid_rotation_destroy(rotation));
	free(last);
	CHECK_EQUAL(empty(), 21);
}

/* As if the clock had been set back since. */
static void test_a_name_is_never_before_the_last_one(void)
{
	struct rotation *rotation;
	char *name;

	put("data.20991231T235959.999Z");
	rotation = create(0);
	name = write_one(rotation);
	CHECK(!strcmp(name, "data.21000101T000000.000Z"));
	free(name);
	name = write_one(rotation);
	CHECK(!strcmp(name, "data.21000101T000000.001Z"));
	free(name);
	stackid_rotation_destroy(rotation);
	empty();
}

static void test_only_the_oldest_of_its_own_go(void)
{
	static const char *const strangers[] = {
		"data", "data.old", "data.20200101T000000.000Z.part",
		"data.20200101T000000.000Z.gz", "data.20200101T000000Z",
		"data.2020010112000000", "other.20200101T000000.000Z",
		"data.2020x101T000000.000Z", "data.20200101T000000.000",
	};
	struct rotation *rotation;
	char *last = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(strangers); i++)
		put(strangers[i]);
	put("data.20200101T000000.000Z");
	put("data.20200101T000000.001Z");
	put("data.20210101T000000.000Z");
	rotation = create(3);
	for (int i = 0; i < 2; i++) {
		free(last);
		last = write_one(rotation);
	}
	CHECK(!stackid_rotation_destroy(rotation));
	CHECK(is_there(last));
	CHECK(is_there("data.20210101T000000.000Z"));
	CHECK(!is_there("data.20200101T000000.001Z"));
	for (size_t i = 0; i < ARRAY_SIZE(strangers); i++)
		CHECK(is_there(strangers[i]));
	CHECK_EQUAL(empty(), ARRAY_SIZE(strangers) + 3);
	free(last);
}

static void test_what_was_left_is_taken_once(void)
{
	struct output output = { }, none = { };
	struct rotation *rotation;
	char *path;
	int fd;

	put("data.20200101T000000.000Z.part");
	put("data.20200101T000000.001Z.part");
	path = path_of("data.20200101T000000.000Z.part");
	fd = open(path, O_RDWR | O_CLOEXEC);
	CHECK(!flock(fd, LOCK_EX));
	rotation = create(0);
	/* The first one is being written by somebody. */
	CHECK(stackid_rotation_left(rotation, &output));
	CHECK(!strcmp(strrchr(output.name, '/'), "/data.20200101T000000.001Z"));
	CHECK(!stackid_rotation_left(rotation, &none));
	CHECK(!stackid_rotation_finish(rotation, &output));
	CHECK(!stackid_rotation_destroy(rotation));
	CHECK(is_there("data.20200101T000000.001Z"));
	CHECK(is_there("data.20200101T000000.000Z.part"));
	close(fd);
	free(path);
	empty();
}

static void test_a_folder_that_is_not_there(void)
{
	test_silence();
	CHECK(!stackid_rotation_create("/nosuch/folder/data", 0));
	CHECK(!stackid_rotation_create("/tmp/", 0));
	test_speak();
}

static const struct test tests[] = {
	TEST(test_names_are_in_order),
	TEST(test_a_name_is_never_before_the_last_one),
	TEST(test_only_the_oldest_of_its_own_go),
	TEST(test_what_was_left_is_taken_once),
	TEST(test_a_folder_that_is_not_there),
};

int main(void)
{
	int ret;

	folder = mkdtemp(stackid_memory_strdup("/tmp/stackid-rotation-XXXXXX"));
	if (!folder) {
		perror("/tmp");
		return 1;
	}
	ret = test_main(tests, ARRAY_SIZE(tests));
	empty();
	rmdir(folder);
	free(folder);
	return ret;
}
