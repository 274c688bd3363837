// SPDX-License-Identifier: GPL-2.0
/* A disk that becomes full, by a limit for the file's size: what fits can be read. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/data/data.h"
#include "../lib/data/data_write.h"
#include "../lib/exit_code.h"
#include "canned.h"
#include "test.h"

#define START		1000000000000ULL
#define KEPT		(256 << 10)
#define LIMIT		(1 << 20)

static void limit(rlim_t bytes)
{
	struct rlimit bound;

	getrlimit(RLIMIT_FSIZE, &bound);
	bound.rlim_cur = bytes;
	setrlimit(RLIMIT_FSIZE, &bound);
}

/* Values that cannot be compressed.  Returns what writing it does. */
static int write_chunk(struct data_writer *writer, uint64_t nr)
{
	struct canned_hit hit = {
		.type = STACKID_REC_EVENT_USER,
		.generation = 1,
		.event = 1,
		.pid = 10,
		.nr_values = 1,
	};
	struct data_chunk chunk = { .generation = 1 };
	struct canned ring = { };
	int ret;

	for (int i = 0; i < 1000; i++) {
		hit.time = START + nr * 1000 + i;
		hit.values[0] = (uint64_t)random() << 32 | random();
		canned_event(&ring, &hit, NULL);
	}
	chunk.first_time = ring.first_time;
	chunk.time = ring.last_time;
	canned_fill(stackid_data_begin_chunk(writer, ring.size), ring.data,
		    ring.size);
	ret = stackid_data_end_chunk(writer, &chunk);
	canned_free(&ring);
	return ret;
}

static int write_text(struct data_writer *writer, enum data_section_type type,
		      const char *text)
{
	return stackid_data_write(writer, type, DATA_NO_CPU, 0, text,
				  strlen(text));
}

/* Until it is full.  How many chunks that were. */
static uint64_t fill(struct data_writer *writer)
{
	uint64_t nr = 0;

	while (nr < 10000 && !write_chunk(writer, nr))
		nr++;
	return nr;
}

static uint64_t count(const char *path, int code)
{
	struct data_reader *reader = stackid_data_open(path, true);
	struct data_event event;
	uint64_t nr = 0;

	CHECK(reader);
	if (!reader)
		return 0;
	while (stackid_data_next(reader, &event))
		nr++;
	if (code == EXIT_OK)
		CHECK_EQUAL(stackid_data_lost(reader), 1000);
	CHECK_EQUAL(stackid_data_close(reader), code);
	return nr;
}

static void test_the_end_fits_into_what_was_kept(void)
{
	struct data_writer *writer;
	const char *path;
	char *large;
	struct stat st;
	uint64_t nr;
	int fd = test_file(&path);

	limit(LIMIT);
	writer = stackid_data_create(fd);
	stackid_data_keep_room(writer, KEPT);
	CHECK(!stackid_data_full(writer));
	write_text(writer, DATA_EVENTS, "1 kmem:kmalloc value=arg3\n");
	nr = fill(writer);
	CHECK(nr > 10);
	CHECK(stackid_data_full(writer));
	CHECK(stackid_data_written(writer) <= LIMIT - KEPT);
	CHECK(write_chunk(writer, nr));
	large = malloc(KEPT / 2);
	for (size_t i = 0; i < KEPT / 2; i++)
		large[i] = random();
	CHECK(!stackid_data_write(writer, DATA_META, DATA_NO_CPU, 0, large,
				  KEPT / 2));
	CHECK(!write_text(writer, DATA_LEDGER,
			  "offered 0 9\nlost_full 0 0\nlost_unwritten 0 1000\n"));
	CHECK(!write_text(writer, DATA_END, "events=1\n"));
	CHECK(!stackid_data_destroy(writer));
	limit(RLIM_INFINITY);
	CHECK_EQUAL(count(path, EXIT_OK), nr * 1000);
	/* Nothing of what was kept stays behind the end. */
	fstat(fd, &st);
	CHECK(st.st_blocks * 512 < st.st_size + 65536);
	free(large);
	close(fd);
}

static void test_without_room_for_the_end_all_before_it_is_whole(void)
{
	struct data_writer *writer;
	const char *path;
	uint64_t nr;
	int fd = test_file(&path);

	limit(LIMIT);
	writer = stackid_data_create(fd);
	stackid_data_keep_room(writer, 1);
	write_text(writer, DATA_EVENTS, "1 kmem:kmalloc value=arg3\n");
	nr = fill(writer);
	CHECK(stackid_data_full(writer));
	test_silence();
	for (int i = 0; i < 2000; i++)
		write_text(writer, DATA_META, "where=there is no room\n");
	CHECK(stackid_data_destroy(writer));
	limit(RLIM_INFINITY);
	CHECK_EQUAL(count(path, EXIT_DAMAGED), nr * 1000);
	test_speak();
	close(fd);
}

/* Somebody else's, such as a pipe: it fails, and nothing of it is cut. */
static void test_what_is_not_its_own_fails(void)
{
	struct data_writer *writer;
	const char *path;
	int fd = test_file(&path);

	limit(LIMIT);
	writer = stackid_data_create(fd);
	test_silence();
	fill(writer);
	CHECK(!stackid_data_full(writer));
	CHECK(write_text(writer, DATA_END, "events=1\n"));
	CHECK(stackid_data_destroy(writer));
	test_speak();
	limit(RLIM_INFINITY);
	CHECK_EQUAL(lseek(fd, 0, SEEK_END), LIMIT);
	close(fd);
}

static const struct test tests[] = {
	TEST(test_the_end_fits_into_what_was_kept),
	TEST(test_without_room_for_the_end_all_before_it_is_whole),
	TEST(test_what_is_not_its_own_fails),
};

int main(void)
{
	signal(SIGXFSZ, SIG_IGN);
	return test_main(tests, ARRAY_SIZE(tests));
}
