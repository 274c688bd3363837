// SPDX-License-Identifier: GPL-2.0
/* Events counted by their kinds are those that are read one by one. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/array.h"
#include "../lib/data/data.h"
#include "../lib/data/data_write.h"
#include "../lib/hash.h"
#include "canned.h"
#include "test.h"

#define FILES		100
#define MOST_CPUS	4
#define THREADS		6
#define STACKS		5

/* What a file is like. */
struct shape {
	uint64_t state;
	unsigned int nr_cpus;
	unsigned int nr_events;
	unsigned int chunk;		/* records in one, about */
	unsigned int pause;		/* between two events, at most */
	uint64_t start;
	struct data_equality equal;
	bool goes_back;			/* some times do */
	bool undefined;			/* some stacks are */
	bool lies;			/* bits of some hits say something else */
};

struct lane {
	struct canned ring;
	uint64_t time;
	uint64_t generation;
	uint64_t chunk_generation;
};

static unsigned int draw(struct shape *shape, unsigned int below)
{
	uint64_t x = ++shape->state * 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return (x ^ x >> 31) % below;
}

/* Some are equal in their low bits. */
static uint32_t draw_pid(struct shape *shape)
{
	return draw(shape, THREADS) + 256 * draw(shape, 2);
}

static struct canned_stack stack_of(uint32_t id)
{
	return (struct canned_stack) {
		.nr = 2, .pcs = { 0xffffffff81000000 + 16 * id,
				  0xffffffff81001000 },
	};
}

static void write_stacks(struct data_writer *writer, uint64_t generation)
{
	struct canned definitions = { };

	for (uint32_t id = 1; id <= STACKS; id++) {
		struct canned_stack stack = stack_of(id);

		canned_definition(&definitions, id, &stack);
	}
	stackid_data_write(writer, DATA_STACKS, DATA_NO_CPU, generation,
			   definitions.data, definitions.size);
	canned_free(&definitions);
}

static void add_task(struct shape *shape, struct lane *lane)
{
	static const char * const names[] = { "one", "two", "three", "" };
	uint32_t pid = draw_pid(shape);

	canned_task(&lane->ring, lane->generation, lane->time, pid,
		    pid - draw(shape, 2), draw(shape, 2) * 7,
		    names[draw(shape, 4)]);
}

static void add_hit(struct shape *shape, struct lane *lane)
{
	struct canned_hit hit = {
		.type = STACKID_REC_EVENT,
		.generation = lane->generation,
		.event = 1 + draw(shape, 3),
		.pid = draw_pid(shape),
		.time = lane->time,
		.id = draw(shape, STACKS + 1 + shape->undefined),
	};
	struct canned_stack stack = stack_of(1 + draw(shape, STACKS +
						      shape->undefined));

	if (shape->lies && !draw(shape, 500))
		hit.generation++;
	if (shape->lies && !draw(shape, 500))
		hit.time += 1ULL << 42;
	hit.nr_values = hit.event == 3 ? draw(shape, 5) : 0;
	for (unsigned int i = 0; i < hit.nr_values; i++)
		hit.values[i] = 1ULL << draw(shape, 64);
	if (!draw(shape, 10)) {
		hit.type = STACKID_REC_EVENT_STACK;
		hit.id = 0;
	} else if (!draw(shape, 10)) {
		hit.type = STACKID_REC_EVENT_USER;
		hit.id = 0;
	}
	canned_event(&lane->ring, &hit,
		     hit.type == STACKID_REC_EVENT_STACK ? &stack : NULL);
}

static void end_chunk(struct lane *lane, struct data_writer *writer,
		      unsigned int cpu)
{
	canned_write(&lane->ring, writer, cpu, lane->chunk_generation,
		     lane->ring.last_time + 5);
	lane->chunk_generation = lane->generation;
}

static void add_record(struct shape *shape, struct lane *lane)
{
	switch (draw(shape, 60)) {
	case 0 ... 3:
		add_task(shape, lane);
		break;
	case 4:
		canned_number(&lane->ring, STACKID_REC_LOST, lane->generation,
			      lane->time, 1 + draw(shape, 9));
		break;
	case 5:
		lane->generation += draw(shape, 3) ? 0 : 1;
		canned_number(&lane->ring, STACKID_REC_GENERATION,
			      lane->generation, lane->time, lane->generation);
		break;
	case 6:
		canned_module(&lane->ring, lane->generation, lane->time,
			      STACKID_MODULE_LOADED, "mod");
		break;
	default:
		add_hit(shape, lane);
	}
}

static void write_events(struct shape *shape, struct data_writer *writer)
{
	struct lane lanes[MOST_CPUS] = { };

	for (unsigned int i = 0; i < shape->nr_cpus; i++)
		lanes[i] = (struct lane) {
			.time = shape->start,
			.generation = 1,
			.chunk_generation = 1,
		};
	for (unsigned int k = 0; k < shape->nr_events; k++) {
		/* One of them is idle mostly. */
		unsigned int i = draw(shape, 20) ? draw(shape, shape->nr_cpus) :
						   0;
		struct lane *lane = &lanes[i];

		/* Often at the time of the last one. */
		if (draw(shape, 3))
			lane->time += draw(shape, shape->pause + 1);
		if (shape->goes_back && !draw(shape, 300))
			lane->time -= draw(shape, 4);
		add_record(shape, lane);
		if (!draw(shape, shape->chunk * (i ? 1 : 5)))
			end_chunk(lane, writer, i);
	}
	for (unsigned int i = 0; i < shape->nr_cpus; i++) {
		if (lanes[i].ring.count)
			end_chunk(&lanes[i], writer, i);
		canned_free(&lanes[i].ring);
	}
}

static void write_file(struct shape *shape, int fd)
{
	struct data_task tasks[] = {
		{ .pid = 1, .tgid = 1, .comm = "init" },
		{ .pid = 3, .tgid = 1, .comm = "other" },
	};
	struct data_writer *writer = stackid_data_create(fd);

	stackid_data_write(writer, DATA_TASKS, DATA_NO_CPU, 0, tasks,
			   sizeof(tasks));
	write_events(shape, writer);
	for (uint64_t generation = 1; generation < 40; generation++)
		write_stacks(writer, generation);
	stackid_data_write(writer, DATA_END, DATA_NO_CPU, 0, "", 0);
	CHECK(!stackid_data_destroy(writer));
}

/* Equal events, @nr of them. */
struct sum {
	uint64_t hash;
	uint64_t nr;
};

struct sums {
	struct sum *at;
	size_t nr;
	size_t room;
	struct data_equality equal;
};

static void add(void *context, const struct data_event *event, uint64_t nr)
{
	struct sums *sums = context;
	uint64_t numbers[] = {
		event->lost, event->pid, event->tgid, event->stack,
		event->generation, event->id, event->event, event->kind,
		sums->equal.of_cpu || event->kind == DATA_LOST ? event->cpu : 0,
		sums->equal.quantum ? event->time / sums->equal.quantum : 0,
	};

	stackid_array_reserve(sums->at, sums->nr, sums->room);
	sums->at[sums->nr++] = (struct sum) {
		.hash = stackid_hash_bytes(event->comm, strlen(event->comm),
					   stackid_hash_bytes(numbers,
							      sizeof(numbers), 0)),
		.nr = nr,
	};
}

static int compare_sums(const void *a, const void *b)
{
	const struct sum *x = a, *y = b;

	return (x->hash > y->hash) - (x->hash < y->hash);
}

static void merge(struct sums *sums)
{
	size_t nr = 0;

	qsort(sums->at, sums->nr, sizeof(*sums->at), compare_sums);
	for (size_t i = 0; i < sums->nr; i++) {
		if (nr && sums->at[nr - 1].hash == sums->at[i].hash)
			sums->at[nr - 1].nr += sums->at[i].nr;
		else
			sums->at[nr++] = sums->at[i];
	}
	sums->nr = nr;
}

/* Whether they could be counted; if so, as they are read. */
static bool check_file(const char *path, struct data_equality equal)
{
	struct data_reader *reader = stackid_data_open(path, true);
	struct sums counted = { .equal = equal };
	struct sums read = { .equal = equal };
	struct data_event event;
	uint64_t lost;
	bool done;

	CHECK(reader);
	if (!reader)
		return false;
	done = stackid_data_count(reader, &equal, add, &counted);
	lost = stackid_data_lost(reader);
	stackid_data_rewind(reader);
	while (stackid_data_next(reader, &event))
		add(&read, &event, 1);
	if (done && counted.nr && read.nr) {
		merge(&counted);
		merge(&read);
		CHECK_EQUAL(counted.nr, read.nr);
		CHECK(counted.nr == read.nr &&
		      !memcmp(counted.at, read.at,
			      counted.nr * sizeof(*read.at)));
		CHECK_EQUAL(lost, stackid_data_lost(reader));
	}
	free(counted.at);
	free(read.at);
	stackid_data_close(reader);
	return done;
}

/* How many of the files could be counted. */
static unsigned int check_files(const struct shape *like)
{
	static const unsigned int pauses[] = { 1, 2, 20, 700 };
	unsigned int nr = 0;

	for (unsigned int i = 0; i < FILES; i++) {
		struct shape shape = *like;
		const char *path;
		int fd = test_file(&path);

		shape.state += 1000000ULL * i;
		shape.nr_cpus = 1 + draw(&shape, MOST_CPUS);
		shape.nr_events = 1 + draw(&shape, 4000);
		shape.chunk = 2 + draw(&shape, 400);
		shape.pause = pauses[draw(&shape, ARRAY_SIZE(pauses))];
		shape.equal.quantum = draw(&shape, 3) ? 1 + draw(&shape, 5000) : 0;
		shape.equal.of_cpu = draw(&shape, 2);
		write_file(&shape, fd);
		close(fd);
		nr += check_file(path, shape.equal);
	}
	return nr;
}

static void counted_as_read(void)
{
	const struct shape shape = { .start = 1000000000000ULL };

	/* Short slices may be too many. */
	CHECK(check_files(&shape) > FILES * 3 / 4);
}

/* The records have 42 bits of the time in one place and 14 in another. */
static void counted_where_the_clock_goes_round(void)
{
	struct shape shape = { .start = (7ULL << 42) - 5000, .state = 5 };

	CHECK(check_files(&shape) > FILES * 3 / 4);
	shape.start = (3ULL << 56) - 5000;
	CHECK(check_files(&shape) > FILES * 3 / 4);
}

static void back_in_time_is_read(void)
{
	const struct shape shape = { .start = 1 << 20, .state = 9,
				     .goes_back = true };

	CHECK(check_files(&shape) < FILES);
}

static void undefined_stacks_are_read(void)
{
	const struct shape shape = { .start = 1 << 20, .state = 11,
				     .undefined = true };

	test_silence();
	CHECK(check_files(&shape) < FILES / 4);
	test_speak();
}

static void what_lies_is_read(void)
{
	const struct shape shape = { .start = 1 << 20, .state = 13,
				     .lies = true };

	test_silence();
	CHECK(check_files(&shape) < FILES);
	test_speak();
}

int main(void)
{
	static const struct test tests[] = {
		TEST(counted_as_read),
		TEST(counted_where_the_clock_goes_round),
		TEST(back_in_time_is_read),
		TEST(undefined_stacks_are_read),
		TEST(what_lies_is_read),
	};

	return test_main(tests, ARRAY_SIZE(tests));
}
