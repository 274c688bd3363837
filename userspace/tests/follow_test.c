// SPDX-License-Identifier: GPL-2.0
/* What is read while it is written.  Each step is written when the reader has nothing left. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "../lib/data/data_follow.h"
#include "../lib/data/data_write.h"
#include "../lib/exit_code.h"
#include "canned.h"
#include "test.h"

#define START		1000000000000ULL
#define SCHEDULE	0xffffffff81000010ULL

struct steps;

typedef void (*step)(struct steps *steps);

/* @times: of the @nr events that were read so far */
struct steps {
	struct data_writer *writer;
	int fd;
	const step *next;
	size_t nr;
	uint64_t times[32];
};

static void write_text(struct steps *steps, enum data_section_type type,
		       const char *text)
{
	stackid_data_write(steps->writer, type, DATA_NO_CPU, 0, text,
			   strlen(text));
}

static void begin(struct steps *steps, int fd)
{
	struct data_task task = { 10, 9, "first name" };

	*steps = (struct steps) { .fd = fd };
	steps->writer = stackid_data_create(fd);
	write_text(steps, DATA_META, "hostname=here\n");
	write_text(steps, DATA_EVENTS, "1 sched:sched_switch\n");
	stackid_data_write(steps->writer, DATA_TASKS, DATA_NO_CPU, 0, &task,
			   sizeof(task));
}

static void write_hits(struct steps *steps, uint32_t cpu, uint64_t first,
		       uint64_t second)
{
	struct canned_hit hit = {
		.type = STACKID_REC_EVENT,
		.generation = 1,
		.event = 1,
		.id = 1,
		.pid = 10,
	};
	struct canned ring = { };

	hit.time = START + first;
	canned_event(&ring, &hit, NULL);
	if (second) {
		hit.time = START + second;
		canned_event(&ring, &hit, NULL);
	}
	canned_write(&ring, steps->writer, cpu, 1, hit.time);
	canned_free(&ring);
}

static void define(struct steps *steps)
{
	static const struct canned_stack stack = { .nr = 1, .pcs = { SCHEDULE } };
	struct data_resolved symbol = {
		SCHEDULE, false, SCHEDULE - 0x10, "schedule", "",
	};
	struct canned definitions = { };

	canned_definition(&definitions, 1, &stack);
	stackid_data_write(steps->writer, DATA_STACKS, DATA_NO_CPU, 1,
			   definitions.data, definitions.size);
	canned_free(&definitions);
	stackid_data_write_symbols(steps->writer, 1, &symbol, 1);
}

static void mark(struct steps *steps, uint64_t time)
{
	stackid_data_write_mark(steps->writer, START + time);
}

static void finish(struct steps *steps)
{
	close(steps->fd);
	steps->fd = -1;
}

static void take_step(void *own)
{
	struct steps *steps = own;

	if (*steps->next)
		(*steps->next++)(steps);
}

/* Reads to the end; what closing it says. */
static int read_all(struct steps *steps, const char *path,
		    const step *next)
{
	struct data_reader *reader = stackid_data_follow_open(path);
	const struct data_stack *stack;
	struct data_event event;

	CHECK(reader);
	if (!reader)
		return -1;
	steps->next = next;
	stackid_data_follow_idle(reader, take_step, steps);
	while (stackid_data_next(reader, &event)) {
		CHECK(!strcmp(event.comm, "first name"));
		CHECK_EQUAL(event.tgid, 9);
		stack = stackid_data_stack(reader, event.stack);
		CHECK(stack->nr == 1 &&
		      !strcmp(stackid_data_symbol(reader, stackid_data_frame(stack, 0)->symbol)->name,
			      "schedule"));
		if (steps->nr < ARRAY_SIZE(steps->times))
			steps->times[steps->nr++] = event.time - START;
	}
	stackid_data_destroy(steps->writer);
	return stackid_data_close(reader);
}

static void check_times(const struct steps *steps, const uint64_t *times,
			size_t nr)
{
	CHECK_EQUAL(steps->nr, nr);
	for (size_t i = 0; i < nr && i < steps->nr; i++)
		CHECK_EQUAL(steps->times[i], times[i]);
}

/* stdin is the reader's end then. */
static void begin_pipe(struct steps *steps)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC)) {
		perror("pipe");
		exit(1);
	}
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	begin(steps, ends[1]);
}

static void before_definitions(struct steps *steps)
{
	write_hits(steps, 0, 10, 30);
	write_hits(steps, 1, 20, 40);
}

static void definitions_and_mark(struct steps *steps)
{
	CHECK_EQUAL(steps->nr, 0);
	define(steps);
	mark(steps, 35);
}

static void the_next_ones(struct steps *steps)
{
	CHECK_EQUAL(steps->nr, 3);
	write_hits(steps, 0, 50, 70);
	mark(steps, 60);
}

/* That a hypervisor held up. */
static void a_late_one(struct steps *steps)
{
	CHECK_EQUAL(steps->nr, 5);
	write_hits(steps, 1, 45, 65);
	mark(steps, 61);
}

static void the_end(struct steps *steps)
{
	CHECK_EQUAL(steps->nr, 6);
	write_text(steps, DATA_END, "events=8\n");
}

static void test_each_comes_with_the_mark_after_it(void)
{
	static const step next[] = {
		before_definitions, definitions_and_mark, the_next_ones,
		a_late_one, the_end, NULL,
	};
	static const uint64_t times[] = { 10, 20, 30, 40, 50, 45, 65, 70 };
	struct steps steps;

	begin_pipe(&steps);
	CHECK_EQUAL(read_all(&steps, "-", next), EXIT_OK);
	check_times(&steps, times, ARRAY_SIZE(times));
	finish(&steps);
}

static void test_a_writer_that_dies(void)
{
	static const step next[] = {
		before_definitions, definitions_and_mark, finish, NULL,
	};
	static const uint64_t times[] = { 10, 20, 30, 40 };
	struct steps steps;

	begin_pipe(&steps);
	test_silence();
	CHECK_EQUAL(read_all(&steps, "-", next), EXIT_DAMAGED);
	test_speak();
	check_times(&steps, times, ARRAY_SIZE(times));
}

static void trash(struct steps *steps)
{
	for (int i = 0; i < 5; i++)
		CHECK(write(steps->fd, "trashing", 8) == 8);
	the_next_ones(steps);
}

static void the_end_of_it(struct steps *steps)
{
	write_text(steps, DATA_END, "events=6\n");
}

static void test_what_is_no_section_is_passed_over(void)
{
	static const step next[] = {
		before_definitions, definitions_and_mark, trash, the_end_of_it,
		NULL,
	};
	static const uint64_t times[] = { 10, 20, 30, 40, 50, 70 };
	struct steps steps;

	begin_pipe(&steps);
	test_silence();
	CHECK_EQUAL(read_all(&steps, "-", next), EXIT_DAMAGED);
	test_speak();
	check_times(&steps, times, ARRAY_SIZE(times));
	finish(&steps);
}

/* Its lock goes with it. */
static void test_a_file_that_grows_until_its_writer_is_gone(void)
{
	static const step next[] = {
		before_definitions, definitions_and_mark, the_next_ones, finish,
		NULL,
	};
	static const uint64_t times[] = { 10, 20, 30, 40, 50, 70 };
	struct steps steps;
	const char *path;
	int fd = test_file(&path);

	CHECK(!flock(fd, LOCK_EX));
	begin(&steps, fd);
	test_silence();
	CHECK_EQUAL(read_all(&steps, path, next), EXIT_DAMAGED);
	test_speak();
	check_times(&steps, times, ARRAY_SIZE(times));
}

static void test_what_is_no_data_file(void)
{
	const char *path;
	int fd = test_file(&path);

	test_silence();
	CHECK(!stackid_data_follow_open(path));
	CHECK(write(fd, "STACKIDD", 8) == 8);
	CHECK(!stackid_data_follow_open(path));
	CHECK(!stackid_data_follow_open("/tmp"));
	CHECK(!stackid_data_follow_open("/nosuch"));
	test_speak();
	close(fd);
}

/* Whole, in memory; to be freed. */
static char *write_whole(size_t *size)
{
	struct steps steps;
	const char *path;
	int fd = test_file(&path);
	char *bytes;

	begin(&steps, fd);
	before_definitions(&steps);
	define(&steps);
	mark(&steps, 35);
	write_hits(&steps, 0, 50, 70);
	mark(&steps, 60);
	write_text(&steps, DATA_END, "events=6\n");
	stackid_data_destroy(steps.writer);
	*size = lseek(fd, 0, SEEK_END);
	bytes = malloc(*size);
	CHECK(pread(fd, bytes, *size, 0) == (ssize_t)*size);
	close(fd);
	return bytes;
}

/* Nobody writes it any more.  How many events it has. */
static size_t follow_bytes(const char *bytes, size_t size, int *result)
{
	struct data_reader *reader;
	struct data_event event;
	const char *path;
	int fd = test_file(&path);
	size_t nr = 0;

	CHECK(write(fd, bytes, size) == (ssize_t)size);
	close(fd);
	reader = stackid_data_follow_open(path);
	while (reader && stackid_data_next(reader, &event))
		nr++;
	*result = reader ? stackid_data_close(reader) : -1;
	return nr;
}

static void test_damage_anywhere_is_told(void)
{
	size_t size, nr;
	char *bytes = write_whole(&size);
	int result;

	CHECK_EQUAL(follow_bytes(bytes, size, &result), 6);
	CHECK_EQUAL(result, EXIT_OK);
	test_silence();
	for (size_t i = 0; i < size; i++) {
		bytes[i] ^= 0x41;
		nr = follow_bytes(bytes, size, &result);
		CHECK(nr <= 6);
		/* Of the zeros between two sections nothing depends. */
		CHECK(result || nr == 6);
		bytes[i] ^= 0x41;
		nr = follow_bytes(bytes, i, &result);
		CHECK(nr <= 6 && result);
	}
	test_speak();
	free(bytes);
}

static const struct test tests[] = {
	TEST(test_each_comes_with_the_mark_after_it),
	TEST(test_a_writer_that_dies),
	TEST(test_what_is_no_section_is_passed_over),
	TEST(test_a_file_that_grows_until_its_writer_is_gone),
	TEST(test_what_is_no_data_file),
	TEST(test_damage_anywhere_is_told),
};

int main(void)
{
	return test_main(tests, ARRAY_SIZE(tests));
}
