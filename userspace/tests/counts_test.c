// SPDX-License-Identifier: GPL-2.0
/* Counting hits, and the file that it makes. */
#include <string.h>
#include <unistd.h>

#include "../lib/data/data.h"
#include "../lib/data/data_write.h"
#include "../lib/data/records.h"
#include "../lib/live/counts.h"
#include "canned.h"
#include "test.h"

#define INNER	0xffffffff81000010
#define OUTER	0xffffffff81000020

static const struct canned_stack one = { .nr = 2, .pcs = { INNER, OUTER } };
static const struct canned_stack other = { .nr = 1, .pcs = { OUTER } };

/* @times hits, each at another time, of another thread and with another value. */
static void count(struct counts *counts, unsigned int event, uint64_t generation,
		  uint32_t id, const struct canned_stack *stack, unsigned int times)
{
	struct canned canned = { };

	for (unsigned int i = 0; i < times; i++) {
		struct canned_hit hit = {
			.type = stack ? STACKID_REC_EVENT_STACK : STACKID_REC_EVENT,
			.generation = generation,
			.event = event,
			.id = id,
			.pid = 10 + i,
			.time = 1000 + i,
			.nr_values = i % 3,
			.values = { i, 2 * i },
		};

		canned_clear(&canned);
		canned_event(&canned, &hit, stack);
		stackid_counts_add(counts, (const void *)canned.data, generation);
	}
	canned_free(&canned);
}

static void equal_hits_are_one_count(void)
{
	struct counts counts = { };

	count(&counts, 1, 5, 7, NULL, 100);
	CHECK_EQUAL(counts.nr, 1);
	CHECK_EQUAL(counts.at[0].hits, 100);
	count(&counts, 2, 5, 7, NULL, 10);	/* another event */
	count(&counts, 1, 6, 7, NULL, 20);	/* another generation */
	count(&counts, 1, 5, 8, NULL, 30);	/* another id */
	count(&counts, 1, 5, 0, &one, 40);
	count(&counts, 1, 5, 0, &other, 50);
	count(&counts, 1, 5, 0, &one, 2);
	CHECK_EQUAL(counts.nr, 6);
	CHECK_EQUAL(counts.at[4].hits, 42);
	CHECK_EQUAL(counts.hits[1], 100 + 20 + 30 + 40 + 50 + 2);
	CHECK_EQUAL(counts.hits[2], 10);
	stackid_counts_exit(&counts);
}

/* By event, and by the stack's depth: hits, and how many records they stand in. */
struct sums {
	uint64_t hits[3][3];
	unsigned int records;
};

static struct sums read_back(const char *path)
{
	struct data_reader *reader = stackid_data_open(path, true);
	struct sums sums = { };
	struct data_event event;

	while (reader && stackid_data_next(reader, &event)) {
		const struct data_stack *stack = event.stack ?
			stackid_data_stack(reader, event.stack) : NULL;

		CHECK_EQUAL(event.nr_values, 1);
		CHECK_EQUAL(event.pid, 0);
		CHECK(event.event < 3 && (!stack || stack->nr < 3));
		sums.records++;
		sums.hits[event.event][stack ? stack->nr : 0] += event.values[0];
	}
	CHECK_EQUAL(stackid_data_close(reader), 0);
	return sums;
}

static void a_file_has_each_count_once(void)
{
	static const char events[] = "1 sched:sched_switch\n2 cpu-clock\n";
	struct canned definition = { };
	struct counts counts = { };
	struct data_writer *writer;
	const char *path;
	struct sums sums;
	int fd = test_file(&path);

	/* The stack "one" was inline until it got its id. */
	count(&counts, 1, 1, 0, &one, 3);
	count(&counts, 1, 1, 1, NULL, 997);
	count(&counts, 1, 1, 0, &other, 5);
	count(&counts, 2, 2, 0, NULL, 11);
	canned_definition(&definition, 1, &one);

	writer = stackid_data_create(fd);
	stackid_data_write(writer, DATA_EVENTS, DATA_NO_CPU, 0, events,
			   strlen(events));
	stackid_data_write(writer, DATA_STACKS, DATA_NO_CPU, 1, definition.data,
			   definition.size);
	CHECK(!stackid_counts_write(&counts, writer));
	stackid_data_write(writer, DATA_END, DATA_NO_CPU, 0, "lost=0\n", 7);
	stackid_data_destroy(writer);

	sums = read_back(path);
	CHECK_EQUAL(sums.records, 4);
	CHECK_EQUAL(sums.hits[1][2], 1000);
	CHECK_EQUAL(sums.hits[1][1], 5);
	CHECK_EQUAL(sums.hits[2][0], 11);
	stackid_counts_exit(&counts);
	canned_free(&definition);
	close(fd);
}

/* More than one chunk has room for. */
static void many_stacks_are_many_chunks(void)
{
	struct canned_stack stack = { .nr = 2 };
	struct counts counts = { };
	struct data_writer *writer;
	const char *path;
	struct sums sums;
	int fd = test_file(&path);

	for (unsigned int i = 0; i < 20000; i++) {
		stack.pcs[0] = INNER + 16ULL * i;
		stack.pcs[1] = OUTER;
		count(&counts, 1, 1, 0, &stack, 1 + (i == 19999));
	}
	CHECK_EQUAL(counts.nr, 20000);
	writer = stackid_data_create(fd);
	stackid_data_write(writer, DATA_EVENTS, DATA_NO_CPU, 0, "1 a:b\n", 6);
	CHECK(!stackid_counts_write(&counts, writer));
	stackid_data_write(writer, DATA_END, DATA_NO_CPU, 0, "lost=0\n", 7);
	stackid_data_destroy(writer);
	sums = read_back(path);
	CHECK_EQUAL(sums.records, 20000);
	CHECK_EQUAL(sums.hits[1][2], 20001);
	stackid_counts_exit(&counts);
	close(fd);
}

static const struct test tests[] = {
	TEST(equal_hits_are_one_count),
	TEST(a_file_has_each_count_once),
	TEST(many_stacks_are_many_chunks),
};

int main(void)
{
	return test_main(tests, ARRAY_SIZE(tests));
}
