// SPDX-License-Identifier: GPL-2.0
/* What a pipe is read as while it comes is what a file of the same bytes is read as. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/data/data_follow.h"
#include "../lib/data/data_write.h"
#include "../lib/exit_code.h"
#include "canned.h"
#include "test.h"

#define START		1000000000000ULL
#define FUNCTION	0xffffffff81000010ULL
#define MOST_EVENTS	64

/* What is seen of an event, in one number. */
struct seen {
	size_t nr;
	uint64_t at[MOST_EVENTS];
	int result;
};

/* Stack @nr has one frame, and no other has that. */
static struct canned_stack stack_of(unsigned int nr)
{
	return (struct canned_stack) {
		.nr = 1, .pcs = { FUNCTION + 0x100 * nr },
	};
}

/* @id: 0 if the stack @nr travels inline */
static void add_hit(struct canned *ring, uint64_t time, uint32_t id,
		    unsigned int nr)
{
	struct canned_stack stack = stack_of(nr);
	struct canned_hit hit = {
		.type = id ? STACKID_REC_EVENT : STACKID_REC_EVENT_STACK,
		.generation = 1,
		.event = 1,
		.id = id,
		.pid = 10,
		.time = START + time,
	};

	canned_event(ring, &hit, id ? NULL : &stack);
}

static void write_ring(struct canned *ring, struct data_writer *writer,
		       uint32_t cpu)
{
	canned_write(ring, writer, cpu, 1, ring->last_time);
	canned_free(ring);
}

static void define(struct data_writer *writer, uint32_t id, unsigned int nr)
{
	struct canned_stack stack = stack_of(nr);
	struct canned definitions = { };

	canned_definition(&definitions, id, &stack);
	stackid_data_write(writer, DATA_STACKS, DATA_NO_CPU, 1,
			   definitions.data, definitions.size);
	canned_free(&definitions);
}

static void name_functions(struct data_writer *writer)
{
	static const char *const names[] = { "a", "b", "c", "d", "e", "f" };
	struct data_resolved symbols[ARRAY_SIZE(names)];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		symbols[i] = (struct data_resolved) {
			FUNCTION + 0x100 * i, false,
			FUNCTION + 0x100 * i - 0x10, names[i], "",
		};
	stackid_data_write_symbols(writer, 1, symbols, ARRAY_SIZE(names));
}

static void write_text(struct data_writer *writer, enum data_section_type type,
		       const char *text)
{
	stackid_data_write(writer, type, DATA_NO_CPU, 0, text, strlen(text));
}

/*
 * Stack 0 has id 1 from the beginning; 1 comes inline and gets an id long after; 2 and 3
 * never get one; 4 is defined in front of its mark, as recorders do; 5 is not defined at all.
 */
static void write_recording(struct data_writer *writer)
{
	struct data_task task = { 10, 9, "first name" };
	struct canned ring = { };

	write_text(writer, DATA_META, "hostname=here\n");
	write_text(writer, DATA_EVENTS, "1 sched:sched_switch\n");
	stackid_data_write(writer, DATA_TASKS, DATA_NO_CPU, 0, &task,
			   sizeof(task));
	name_functions(writer);
	add_hit(&ring, 10, 1, 0);
	add_hit(&ring, 30, 0, 1);
	add_hit(&ring, 38, 0, 2);
	write_ring(&ring, writer, 0);
	define(writer, 1, 0);
	stackid_data_write_mark(writer, START + 35);
	add_hit(&ring, 45, 4, 4);
	add_hit(&ring, 50, 0, 3);
	write_ring(&ring, writer, 1);
	define(writer, 4, 4);
	stackid_data_write_mark(writer, START + 60);
	define(writer, 2, 1);
	add_hit(&ring, 70, 2, 1);
	add_hit(&ring, 80, 5, 5);
	add_hit(&ring, 90, 0, 2);
	write_ring(&ring, writer, 0);
	stackid_data_write_mark(writer, START + 100);
	write_text(writer, DATA_LEDGER, "offered 0 8\nrecorded 0 8\nlost_full 0 0\n");
	write_text(writer, DATA_END, "events=8\n");
}

/* In memory; to be freed. */
static char *write_bytes(void (*write)(struct data_writer *writer),
			 size_t *size)
{
	const char *path;
	int fd = test_file(&path);
	struct data_writer *writer = stackid_data_create(fd);
	char *bytes;

	write(writer);
	stackid_data_destroy(writer);
	*size = lseek(fd, 0, SEEK_END);
	bytes = malloc(*size);
	CHECK(pread(fd, bytes, *size, 0) == (ssize_t)*size);
	close(fd);
	return bytes;
}

static uint64_t look_at(struct data_reader *reader,
			const struct data_event *event)
{
	const struct data_stack *stack =
		stackid_data_stack(reader, event->stack);
	uint64_t number = stack->id ? stack->id : 1000 +
			  stackid_data_stack_number(reader, event->stack);
	uint64_t symbol = 0;

	if (stack->nr)
		symbol = *stackid_data_symbol(reader, stackid_data_frame(stack, 0)->symbol)->name;
	return (event->time - START) << 32 | symbol << 24 |
	       (uint64_t)(*event->comm == 'f') << 20 | number;
}

static void read_all(struct data_reader *reader, struct seen *seen)
{
	struct data_event event;

	*seen = (struct seen) { .result = -1 };
	if (!reader)
		return;
	while (stackid_data_next(reader, &event)) {
		if (seen->nr < MOST_EVENTS)
			seen->at[seen->nr++] = look_at(reader, &event);
	}
	seen->result = stackid_data_close(reader);
}

/* One that is not written any more ends as a pipe does. */
static void read_both(const char *bytes, size_t size, struct seen *file,
		      struct seen *stream)
{
	const char *path;
	int fd = test_file(&path);

	CHECK(write(fd, bytes, size) == (ssize_t)size);
	close(fd);
	read_all(stackid_data_open(path, true), file);
	read_all(stackid_data_stream_open(path, true, true), stream);
}

static void check_same(const struct seen *file, const struct seen *stream)
{
	CHECK_EQUAL(stream->result, file->result);
	CHECK_EQUAL(stream->nr, file->nr);
	for (size_t i = 0; i < file->nr && i < stream->nr; i++)
		CHECK_EQUAL(stream->at[i], file->at[i]);
}

static void test_a_stream_has_the_names_of_the_file(void)
{
	struct seen file, stream;
	size_t size;
	char *bytes = write_bytes(write_recording, &size);

	test_silence();
	read_both(bytes, size, &file, &stream);
	test_speak();
	/* Stack 5 is none. */
	CHECK_EQUAL(file.result, EXIT_DAMAGED);
	CHECK_EQUAL(file.nr, 8);
	check_same(&file, &stream);
	free(bytes);
}

static void test_damage_is_what_it_is_in_the_file(void)
{
	struct seen file, stream;
	size_t size;
	char *bytes = write_bytes(write_recording, &size);

	test_silence();
	for (size_t i = 0; i < size; i++) {
		read_both(bytes, i, &file, &stream);
		check_same(&file, &stream);
		if (i % 4)
			continue;
		bytes[i] ^= 0x41;
		read_both(bytes, size, &file, &stream);
		CHECK_EQUAL(stream.result, file.result);
		CHECK_EQUAL(stream.nr, file.nr);
		bytes[i] ^= 0x41;
	}
	test_speak();
	free(bytes);
}

/* Where nobody asks for names nothing waits for them, and the first mark is enough. */
static void test_events_come_with_their_mark(void)
{
	struct data_reader *reader;
	struct data_event event;
	size_t size, first = 0;
	char *bytes = write_bytes(write_recording, &size);
	int ends[2];

	/* Up to behind the first mark. */
	for (size_t i = 24; i < size && !first;) {
		const struct data_section *head = (const void *)(bytes + i);

		i += sizeof(*head) + ((head->stored_size + 7) & ~7ULL);
		if (head->type == DATA_MARK)
			first = i;
	}
	CHECK(!pipe(ends));
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	CHECK(write(ends[1], bytes, first) == (ssize_t)first);
	reader = stackid_data_stream_open("-", true, false);
	CHECK(stackid_data_next(reader, &event));
	CHECK_EQUAL(event.time, START + 10);
	CHECK(stackid_data_next(reader, &event));
	CHECK_EQUAL(event.time, START + 30);
	CHECK(write(ends[1], bytes + first, size - first) ==
	      (ssize_t)(size - first));
	close(ends[1]);
	test_silence();
	stackid_data_follow_rest(reader);
	CHECK(!stackid_data_lost(reader));
	CHECK_EQUAL(stackid_data_ledger(reader, DATA_NO_CPU, LEDGER_OFFERED), 8);
	CHECK_EQUAL(stackid_data_close(reader), EXIT_OK);
	test_speak();
	free(bytes);
}

static const struct test tests[] = {
	TEST(test_a_stream_has_the_names_of_the_file),
	TEST(test_damage_is_what_it_is_in_the_file),
	TEST(test_events_come_with_their_mark),
};

int main(void)
{
	return test_main(tests, ARRAY_SIZE(tests));
}
