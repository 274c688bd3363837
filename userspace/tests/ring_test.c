// SPDX-License-Identifier: GPL-2.0
/*
 * Draining rings, from canned images of them: what the kernel wrote, into a data
 * file, and out of it again.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/clock.h"
#include "../lib/data/data.h"
#include "../lib/data/data_file.h"
#include "../lib/live/drain.h"
#include "../lib/live/inline_stacks.h"
#include "../lib/memory.h"
#include "canned.h"
#include "test.h"

#define RING_SIZE	4096

static const struct canned_stack stack3 = {
	.nr = 3,
	.pcs = { 0xffffffff81000010, 0xffffffff81000020, 0xffffffff81000030 },
};

/**
 * struct image - a ring, and the kernel's side of it
 * @time: of the next record
 * @pid:  of the next event, which has no stack or one that is inline
 */
struct image {
	struct stackid_ring_page page;
	union {
		char data[RING_SIZE];
		uint64_t words[RING_SIZE / 8];
	};
	uint64_t time;
	uint32_t pid;
};

/* A drain of nr images into a file. */
struct bench {
	struct image *images;
	unsigned int nr;
	struct drain drain;
	struct definitions definitions;
	struct data_writer *writer;
	const char *path;
	int fd;
};

static void set_up(struct bench *bench, unsigned int nr, uint64_t position)
{
	memset(bench, 0, sizeof(*bench));
	bench->nr = nr;
	bench->images = stackid_memory_zalloc(nr, sizeof(struct image));
	bench->fd = test_file(&bench->path);
	bench->writer = stackid_data_create(bench->fd);
	bench->drain.writer = bench->writer;
	bench->drain.definitions = &bench->definitions;
	bench->drain.inlines = stackid_inline_stacks_create();
	bench->drain.nr_rings = nr;
	bench->drain.patience = NSEC_PER_SEC;
	bench->drain.rings = stackid_memory_zalloc(nr,
						   sizeof(struct drained_ring));
	for (unsigned int cpu = 0; cpu < nr; cpu++) {
		struct drained_ring *ring = &bench->drain.rings[cpu];
		struct image *image = &bench->images[cpu];

		image->page.data_size = RING_SIZE;
		image->page.data_head = position;
		image->page.data_tail = position;
		image->time = stackid_clock(CLOCK_MONOTONIC) - 1000000000;
		image->pid = 1;
		ring->wanted = true;
		ring->generation = 1;
		ring->map.cpu = cpu;
		ring->map.page = &image->page;
		ring->map.data = image->data;
		ring->map.data_size = RING_SIZE;
		ring->map.tail = position;
	}
}

/* The file that has become of it. */
static struct data_reader *finish(struct bench *bench)
{
	struct data_reader *reader;

	CHECK(!stackid_data_write(bench->writer, DATA_END, DATA_NO_CPU, 0,
				  "events=0\n", 9));
	CHECK(!stackid_data_destroy(bench->writer));
	close(bench->fd);
	test_silence();
	reader = stackid_data_open(bench->path, true);
	test_speak();
	stackid_inline_stacks_destroy(bench->drain.inlines);
	free(bench->drain.rings);
	free(bench->images);
	return reader;
}

/* As the kernel would put it there; false if the ring is full. */
static bool put(struct image *image, const void *record, size_t size)
{
	uint64_t head = image->page.data_head;
	size_t offset = head % RING_SIZE;
	size_t pad = offset + size > RING_SIZE ? RING_SIZE - offset : 0;

	if (head + pad + size - image->page.data_tail > RING_SIZE)
		return false;
	if (pad) {
		uint64_t w0 = STACKID_REC_PAD | (uint64_t)(pad / 8) << 8;

		/* What is left of an older record stays behind it. */
		memcpy(image->data + offset, &w0, sizeof(w0));
	}
	memcpy(image->data + (head + pad) % RING_SIZE, record, size);
	image->page.data_head = head + pad + size;
	return true;
}

static bool put_event(struct image *image, bool with_stack)
{
	struct canned canned = { };
	struct canned_hit hit = {
		.type = with_stack ? STACKID_REC_EVENT_STACK :
				     STACKID_REC_EVENT,
		.generation = 1,
		.event = 1,
		.pid = image->pid,
		.time = image->time,
	};
	bool done;

	canned_event(&canned, &hit, with_stack ? &stack3 : NULL);
	done = put(image, canned.data, canned.size);
	if (done) {
		image->time += 10;
		image->pid++;
	}
	canned_free(&canned);
	return done;
}

/* Every event once and in order: they carry 1, 2, 3... as pids. */
static uint64_t count_in_order(struct data_reader *reader, uint32_t cpu)
{
	struct data_event event;
	uint64_t nr = 0;

	stackid_data_rewind(reader);
	while (stackid_data_next(reader, &event)) {
		if (event.cpu != cpu || event.kind == DATA_LOST)
			continue;
		CHECK_EQUAL(event.pid, ++nr);
	}
	return nr;
}

static void events_survive_any_wrap(void)
{
	/* Starting anywhere, so that records and pads fall everywhere. */
	for (uint64_t start = 0; start < 256; start += 8) {
		struct data_reader *reader;
		struct bench bench;
		uint64_t written = 0;

		set_up(&bench, 1, RING_SIZE - start);
		for (unsigned int round = 0; round < 20; round++) {
			for (unsigned int i = 0; i < 100; i++)
				written += put_event(bench.images, i % 7 == 3);
			CHECK(!stackid_drain_rings(&bench.drain, true));
			CHECK_EQUAL(bench.images->page.data_tail,
				    bench.images->page.data_head);
		}
		CHECK_EQUAL(bench.drain.events, written);
		CHECK_EQUAL(stackid_drain_wild(&bench.drain), 0);
		reader = finish(&bench);
		CHECK_EQUAL(count_in_order(reader, 0), written);
		stackid_data_close(reader);
	}
}

static void positions_are_free_running(void)
{
	/* Over the end of 64 bits, in the middle of the recording. */
	struct data_reader *reader;
	struct bench bench;
	uint64_t written = 0;

	set_up(&bench, 1, 0 - 3ULL * RING_SIZE / 2);
	for (unsigned int round = 0; round < 10; round++) {
		while (put_event(bench.images, false))
			written++;
		CHECK(!stackid_drain_rings(&bench.drain, true));
	}
	reader = finish(&bench);
	CHECK_EQUAL(count_in_order(reader, 0), written);
	stackid_data_close(reader);
}

static void cpus_are_merged_by_time(void)
{
	struct data_reader *reader;
	struct data_event event;
	struct bench bench;
	uint64_t last = 0, nr = 0;

	set_up(&bench, 3, 0);
	for (unsigned int cpu = 0; cpu < 3; cpu++)
		bench.images[cpu].time = bench.images[0].time + 3 * cpu;
	for (unsigned int i = 0; i < 150; i++) {
		put_event(&bench.images[i % 3], false);
		if (i % 40 == 39)
			CHECK(!stackid_drain_rings(&bench.drain, true));
	}
	CHECK(!stackid_drain_rings(&bench.drain, true));
	reader = finish(&bench);
	while (stackid_data_next(reader, &event)) {
		CHECK(event.time >= last);
		CHECK_EQUAL(event.cpu, nr % 3);
		last = event.time;
		nr++;
	}
	CHECK_EQUAL(nr, 150);
	stackid_data_close(reader);
}

static void losses_are_counted_and_told(void)
{
	struct data_reader *reader;
	struct data_event event;
	struct canned canned = { };
	struct bench bench;
	uint64_t told = 0, places = 0;

	set_up(&bench, 1, 0);
	put_event(bench.images, false);
	canned_number(&canned, STACKID_REC_LOST, 0, bench.images->time, 1234);
	put(bench.images, canned.data, canned.size);
	put_event(bench.images, false);
	CHECK(!stackid_drain_rings(&bench.drain, true));
	CHECK_EQUAL(bench.drain.lost, 1234);
	CHECK_EQUAL(bench.drain.events, 2);
	reader = finish(&bench);
	while (stackid_data_next(reader, &event)) {
		if (event.kind == DATA_LOST) {
			told += event.lost;
			places++;
		}
	}
	CHECK_EQUAL(told, 1234);
	CHECK_EQUAL(places, 1);
	CHECK_EQUAL(stackid_data_lost(reader), 1234);
	canned_free(&canned);
	stackid_data_close(reader);
}

static void little_waits_until_it_is_worth_it(void)
{
	struct bench bench;

	set_up(&bench, 2, 0);
	for (unsigned int cpu = 0; cpu < 2; cpu++)
		bench.drain.rings[cpu].written = stackid_clock(CLOCK_MONOTONIC);
	put_event(&bench.images[0], false);
	for (unsigned int i = 0; i < 100; i++)
		put_event(&bench.images[1], false);
	CHECK(!stackid_drain_rings(&bench.drain, false));
	CHECK_EQUAL(bench.images[0].page.data_tail, 0);
	CHECK_EQUAL(bench.images[1].page.data_tail, 1600);

	/* But not for ever. */
	bench.drain.rings[0].written -= 2000000000;
	CHECK(!stackid_drain_rings(&bench.drain, false));
	CHECK_EQUAL(bench.images[0].page.data_tail, 16);
	stackid_data_close(finish(&bench));
}

/* A head that cannot be is a bug elsewhere; it must not become one here. */
static void wild_heads_are_passed_over(void)
{
	const uint64_t wild[] = {
		RING_SIZE + 8, 1ULL << 40, 0 - 8ULL, 12,
	};

	for (size_t i = 0; i < ARRAY_SIZE(wild); i++) {
		struct bench bench;
		uint64_t head;

		set_up(&bench, 1, 0);
		put_event(bench.images, false);
		bench.images->page.data_head = wild[i];
		CHECK(!stackid_drain_rings(&bench.drain, true));
		CHECK(stackid_drain_wild(&bench.drain));
		CHECK_EQUAL(bench.drain.events, 0);
		CHECK_EQUAL(bench.images->page.data_tail, wild[i]);

		/* And it goes on where the kernel goes on. */
		head = (wild[i] + 7) & ~7ULL;
		bench.images->page.data_head = head;
		CHECK(!stackid_drain_rings(&bench.drain, true));
		put_event(bench.images, false);
		CHECK(!stackid_drain_rings(&bench.drain, true));
		CHECK_EQUAL(bench.images->page.data_tail,
			    bench.images->page.data_head);
		stackid_data_close(finish(&bench));
	}
}

static void what_is_no_record_is_passed_over(void)
{
	struct data_reader *reader;
	struct bench bench;
	uint64_t zero[2] = { };

	set_up(&bench, 1, 0);
	put_event(bench.images, false);
	put(bench.images, zero, sizeof(zero));
	put_event(bench.images, false);
	CHECK(!stackid_drain_rings(&bench.drain, true));
	CHECK_EQUAL(stackid_drain_wild(&bench.drain), 32);
	CHECK_EQUAL(bench.drain.events, 1);
	CHECK_EQUAL(bench.images->page.data_tail, 48);
	reader = finish(&bench);
	CHECK_EQUAL(count_in_order(reader, 0), 1);
	CHECK_EQUAL(stackid_data_close(reader), 0);
}

/*
 * Equal bits of a generation mean equal generations in a chunk, so that no id is
 * taken for one that was seen in an older generation.
 */
static void generations_begin_a_chunk(void)
{
	struct canned canned = { };
	struct data_file file;
	struct bench bench;
	unsigned int chunks = 0;

	set_up(&bench, 1, 0);
	for (uint64_t generation = 1; generation <= 20; generation++) {
		struct canned_hit hit = {
			.type = STACKID_REC_EVENT,
			.generation = generation,
			.event = 1,
			.time = bench.images->time,
		};

		canned_number(&canned, STACKID_REC_GENERATION, generation,
			      hit.time, generation);
		canned_event(&canned, &hit, NULL);
		canned_event(&canned, &hit, NULL);
	}
	CHECK(put(bench.images, canned.data, canned.size));
	CHECK(!stackid_drain_rings(&bench.drain, true));
	CHECK_EQUAL(bench.drain.events, 40);
	CHECK_EQUAL(bench.drain.rings->generation, 20);
	CHECK_EQUAL(stackid_data_close(finish(&bench)), 0);
	CHECK(!stackid_data_file_open(&file, bench.path, true));
	for (size_t i = 0; i < file.nr_sections; i++) {
		if (file.sections[i].head.type != DATA_CHUNK)
			continue;
		chunks++;
		CHECK_EQUAL(file.sections[i].head.generation, chunks);
	}
	CHECK_EQUAL(chunks, 20);
	stackid_data_file_close(&file);
	canned_free(&canned);
}

static void cpus_that_are_not_wanted_give_names_only(void)
{
	struct canned canned = { };
	struct data_reader *reader;
	struct data_event event;
	struct bench bench;
	unsigned int nr = 0;

	set_up(&bench, 2, 0);
	bench.drain.rings[1].wanted = false;
	canned_task(&canned, 1, bench.images[1].time, 1, 77, 5, "renamed");
	put_event(&bench.images[1], false);
	put(&bench.images[1], canned.data, canned.size);
	put_event(&bench.images[1], true);
	bench.images[0].time += 1000;
	put_event(&bench.images[0], false);
	CHECK(!stackid_drain_rings(&bench.drain, true));
	CHECK_EQUAL(bench.drain.events, 1);
	reader = finish(&bench);
	while (stackid_data_next(reader, &event)) {
		nr++;
		CHECK_EQUAL(event.cpu, 0);
		CHECK_EQUAL(event.tgid, 77);
		CHECK(!strcmp(event.comm, "renamed"));
	}
	CHECK_EQUAL(nr, 1);
	canned_free(&canned);
	stackid_data_close(reader);
}

static void module_changes_are_noticed(void)
{
	struct canned canned = { };
	struct bench bench;

	set_up(&bench, 1, 0);
	put_event(bench.images, false);
	CHECK(!stackid_drain_rings(&bench.drain, true));
	CHECK(!bench.drain.modules_changed);
	canned_module(&canned, 1, bench.images->time, STACKID_MODULE_LOADED,
		      "test");
	put(bench.images, canned.data, canned.size);
	CHECK(!stackid_drain_rings(&bench.drain, true));
	CHECK(bench.drain.modules_changed);
	canned_free(&canned);
	stackid_data_close(finish(&bench));
}

/* The recorder is killed after a chunk has been written, and before its room is free. */
static void what_was_written_is_not_written_again(void)
{
	for (int written = 0; written < 2; written++) {
		struct stackid_record first;
		struct data_reader *reader;
		struct bench bench;
		uint64_t time;

		set_up(&bench, 1, 0);
		time = bench.images->time;
		for (int i = 0; i < 5; i++)
			put_event(bench.images, i & 1);
		if (written) {
			CHECK(!stackid_drain_rings(&bench.drain, true));
			CHECK_EQUAL(bench.drain.rings->events, 5);
			bench.drain.rings->map.tail = 0;
			bench.images->page.data_tail = 0;
		}
		for (int i = 0; i < 3; i++)
			put_event(bench.images, true);
		memcpy(&first, bench.images->data, sizeof(first));
		CHECK_EQUAL(stackid_rec_time(&first, time), time);
		stackid_drain_skip_written(bench.drain.rings,
					   written ? time : time - 10, 5);
		CHECK(!stackid_drain_rings(&bench.drain, true));
		CHECK_EQUAL(bench.drain.rings->events, 8);
		reader = finish(&bench);
		CHECK_EQUAL(count_in_order(reader, 0), 8);
		stackid_data_close(reader);
	}
}

static void what_lies_in_the_rings_can_be_left_out(void)
{
	struct data_reader *reader;
	struct bench bench;

	set_up(&bench, 2, 0);
	for (int i = 0; i < 5; i++)
		put_event(&bench.images[i & 1], true);
	stackid_drain_skip(&bench.drain);
	CHECK_EQUAL(bench.images[0].page.data_tail,
		    bench.images[0].page.data_head);
	CHECK(!stackid_drain_rings(&bench.drain, true));
	CHECK_EQUAL(bench.drain.events, 0);
	reader = finish(&bench);
	stackid_data_close(reader);
}

/* A mark may say so only of what has been looked for in every ring. */
static void complete_is_what_every_ring_was_drained_for(void)
{
	uint64_t before = stackid_clock(CLOCK_MONOTONIC), now;
	struct bench bench;

	set_up(&bench, 2, 0);
	CHECK_EQUAL(stackid_drain_complete(&bench.drain), 0);
	CHECK(!stackid_drain_rings(&bench.drain, false));
	CHECK(stackid_drain_complete(&bench.drain) >= before);
	/* One waits until it is worth it. */
	now = stackid_clock(CLOCK_MONOTONIC);
	bench.drain.rings[0].written = now;
	put_event(&bench.images[0], false);
	CHECK(!stackid_drain_rings(&bench.drain, false));
	CHECK(stackid_drain_complete(&bench.drain) < now);
	CHECK(!stackid_drain_rings(&bench.drain, true));
	CHECK(stackid_drain_complete(&bench.drain) >= now);
	stackid_data_close(finish(&bench));
}

static void a_full_disk_is_told_once(void)
{
	struct bench bench;

	set_up(&bench, 1, 0);
	test_silence();
	close(bench.fd);	/* every write fails from here on */
	put_event(bench.images, false);
	CHECK(stackid_drain_rings(&bench.drain, true));
	CHECK(stackid_data_destroy(bench.writer));
	test_speak();
	stackid_inline_stacks_destroy(bench.drain.inlines);
	free(bench.drain.rings);
	free(bench.images);
}

static const struct test tests[] = {
	TEST(events_survive_any_wrap),
	TEST(positions_are_free_running),
	TEST(cpus_are_merged_by_time),
	TEST(losses_are_counted_and_told),
	TEST(little_waits_until_it_is_worth_it),
	TEST(wild_heads_are_passed_over),
	TEST(what_is_no_record_is_passed_over),
	TEST(generations_begin_a_chunk),
	TEST(cpus_that_are_not_wanted_give_names_only),
	TEST(module_changes_are_noticed),
	TEST(what_was_written_is_not_written_again),
	TEST(what_lies_in_the_rings_can_be_left_out),
	TEST(complete_is_what_every_ring_was_drained_for),
	TEST(a_full_disk_is_told_once),
};

int main(void)
{
	return test_main(tests, ARRAY_SIZE(tests));
}
