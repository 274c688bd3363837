// SPDX-License-Identifier: GPL-2.0
/* What is allocated and freed, in every order that can be. */
#include <string.h>
#include <unistd.h>

#include "../lib/data/data.h"
#include "../lib/data/data_write.h"
#include "../lib/profile/allocations.h"
#include "canned.h"
#include "test.h"

#define START	1000000000000ULL
#define RINGS	2

enum { KMALLOC = 1, KFREE, CACHE, CACHE_FREE, PAGE, PAGE_FREE, PERCPU, PERCPU_FREE };

static const char all_events[] =
	"1 kmem:kmalloc value=ptr=arg2,bytes_alloc=arg4\n"
	"2 kmem:kfree value=ptr=arg2\n"
	"3 kmem:kmem_cache_alloc value=ptr=arg2,s->size=arg3+24:u32\n"
	"4 kmem:kmem_cache_free value=ptr=arg2\n"
	"5 kmem:mm_page_alloc value=page=arg1,order=arg2\n"
	"6 kmem:mm_page_free value=page=arg1,order=arg2\n"
	"7 percpu:percpu_alloc_percpu value=ptr=arg8,bytes_alloc=arg9\n"
	"8 percpu:percpu_free_percpu value=ptr=arg3\n";

static struct canned rings[RINGS];
static const char *events = all_events;
static unsigned int changes[3];
static uint64_t live, live_bytes;
static struct allocations_counts counts;
static bool refused;

static void add(unsigned int cpu, uint64_t time, unsigned int event, unsigned int nr, uint64_t address, uint64_t size)
{
	struct canned_hit hit = {
		.type = STACKID_REC_EVENT, .generation = 1, .event = event, .pid = 10, .time = START + time,
		.nr_values = nr, .values = { address, size },
	};

	canned_event(&rings[cpu], &hit, NULL);
}

static void allocates(unsigned int cpu, uint64_t time, unsigned int event, uint64_t address, uint64_t size)
{
	add(cpu, time, event, 2, address, size);
}

static void frees(unsigned int cpu, uint64_t time, unsigned int event, uint64_t address)
{
	add(cpu, time, event, 1, address, 0);
}

static void changed(void *unused, enum allocation_change change, struct allocation *allocation)
{
	(void)unused;
	changes[change]++;
	CHECK_EQUAL(allocation->is_live, change == ALLOCATION_MADE);
}

/* Writes what was added, reads it up to @until and forgets it. */
static bool pair_until(uint64_t until)
{
	struct allocations *allocations;
	const struct allocation *at;
	struct data_reader *reader;
	struct data_writer *writer;
	const char *path;
	bool more = false;
	int fd = test_file(&path);

	writer = stackid_data_create(fd);
	stackid_data_write(writer, DATA_EVENTS, DATA_NO_CPU, 0, events, strlen(events));
	for (unsigned int cpu = 0; cpu < RINGS; cpu++)
		canned_write(&rings[cpu], writer, cpu, 1, rings[cpu].last_time);
	stackid_data_write(writer, DATA_END, DATA_NO_CPU, 0, "events=1\n", 9);
	CHECK(!stackid_data_destroy(writer));
	close(fd);
	reader = stackid_data_open(path, false);
	allocations = stackid_allocations_open(reader);
	refused = !allocations;
	memset(changes, 0, sizeof(changes));
	live = live_bytes = 0;
	if (allocations) {
		more = stackid_allocations_run(allocations, until, changed, NULL);
		for (size_t i = 0; (at = stackid_allocations_at(allocations, i)); i++) {
			live += at->is_live;
			live_bytes += at->is_live ? at->bytes : 0;
		}
		counts = *stackid_allocations_counts(allocations);
		stackid_allocations_close(allocations);
	}
	stackid_data_close(reader);
	events = all_events;
	return more;
}

static void pair(void)
{
	CHECK(!pair_until(UINT64_MAX));
}

static void expect(unsigned int made, unsigned int freed, unsigned int unseen, uint64_t bytes, uint64_t before)
{
	CHECK_EQUAL(changes[ALLOCATION_MADE], made);
	CHECK_EQUAL(changes[ALLOCATION_FREED], freed);
	CHECK_EQUAL(changes[ALLOCATION_UNSEEN], unseen);
	CHECK_EQUAL(live, made - freed - unseen);
	CHECK_EQUAL(live_bytes, bytes);
	CHECK_EQUAL(counts.freed_before, before);
}

static void is_freed(void)
{
	allocates(0, 10, KMALLOC, 0x1000, 64);
	allocates(0, 20, KMALLOC, 0x2000, 32);
	frees(1, 30, KFREE, 0x1000);
	allocates(1, 40, KMALLOC, 0x1000, 128);
	pair();
	expect(3, 1, 0, 160, 0);
}

static void kfree_takes_both(void)
{
	allocates(0, 10, CACHE, 0x1000, 64);
	allocates(0, 20, CACHE, 0x2000, 64);
	frees(1, 30, KFREE, 0x1000);
	frees(1, 40, CACHE_FREE, 0x2000);
	pair();
	expect(2, 2, 0, 0, 0);
}

static void nothing_is_no_allocation(void)
{
	allocates(0, 10, KMALLOC, 0, 64);
	allocates(0, 20, KMALLOC, 16, 0);
	frees(1, 30, KFREE, 0);
	pair();
	expect(0, 0, 0, 0, 0);
}

static void was_there_before(void)
{
	frees(1, 30, KFREE, 0x1000);
	allocates(0, 40, KMALLOC, 0x1000, 8);
	pair();
	expect(1, 0, 0, 8, 1);
}

static void is_handed_out_again(void)
{
	allocates(0, 10, KMALLOC, 0x1000, 64);
	allocates(0, 20, KMALLOC, 0x1000, 96);
	frees(0, 30, KFREE, 0x1000);
	frees(0, 40, KFREE, 0x1000);
	pair();
	expect(2, 1, 1, 0, 1);
}

/* Of two CPUs, at one time: by the order of CPUs it would be the other way round. */
static void times_are_equal(void)
{
	allocates(1, 10, KMALLOC, 0x1000, 64);
	allocates(0, 20, KMALLOC, 0x1000, 96);
	frees(1, 20, KFREE, 0x1000);
	frees(0, 30, KFREE, 0x1000);
	frees(0, 40, KFREE, 0x2000);
	allocates(1, 40, KMALLOC, 0x2000, 8);
	pair();
	expect(3, 3, 0, 0, 0);
}

static void pages_have_an_order(void)
{
	allocates(0, 10, PAGE, 0xffffea0000004000, 0);
	allocates(0, 20, PAGE, 0xffffea0000008000, 3);
	pair();
	expect(2, 0, 0, 9 * 4096, 0);
}

/* A block of four is split; its first page, another, and one of its neighbour's. */
static void pages_are_freed_one_by_one(void)
{
	uint64_t block = 0xffffea0000004000;

	allocates(0, 10, PAGE, block, 2);
	add(0, 20, PAGE_FREE, 2, block + 2 * 64, 0);
	add(0, 30, PAGE_FREE, 2, block, 0);
	add(0, 40, PAGE_FREE, 2, block + 4 * 64, 0);
	pair();
	expect(1, 0, 0, 2 * 4096, 1);

	allocates(0, 10, PAGE, block, 2);
	add(0, 20, PAGE_FREE, 2, block, 1);
	add(0, 30, PAGE_FREE, 2, block + 2 * 64, 1);
	pair();
	expect(1, 1, 0, 0, 0);
}

static void addresses_of_different_kinds(void)
{
	allocates(0, 10, KMALLOC, 0x4000, 64);
	allocates(0, 20, PERCPU, 0x4000, 32);
	allocates(0, 30, PAGE, 0x4000, 0);
	frees(0, 40, PERCPU_FREE, 0x4000);
	pair();
	expect(3, 1, 0, 64 + 4096, 0);
}

static void it_stops_at_a_time(void)
{
	allocates(0, 10, KMALLOC, 0x1000, 64);
	frees(0, 20, KFREE, 0x1000);
	CHECK(pair_until(START + 20));
	expect(1, 0, 0, 64, 0);
}

static void some_files_are_refused(void)
{
	test_silence();
	events = "1 kmem:kmalloc\n2 kmem:kfree\n";
	pair();
	CHECK(refused);
	events = "1 kmem:kmalloc value=ptr=arg2,bytes_alloc=arg4\n";
	pair();
	CHECK(refused);
	events = "1 kmem:kmalloc value=ptr=arg2,bytes_alloc=arg4\n2 kmem:kfree value=ptr=arg2 tid=5\n";
	pair();
	CHECK(refused);
	test_speak();
	events = "2 kmem:kmalloc value=bytes_req=arg3,ptr=arg2\n1 kmem:kfree value=ptr=arg2\n";
	pair();
	CHECK(!refused);
}

int main(void)
{
	static const struct test tests[] = {
		TEST(is_freed),
		TEST(kfree_takes_both),
		TEST(nothing_is_no_allocation),
		TEST(was_there_before),
		TEST(is_handed_out_again),
		TEST(times_are_equal),
		TEST(pages_have_an_order),
		TEST(pages_are_freed_one_by_one),
		TEST(addresses_of_different_kinds),
		TEST(it_stops_at_a_time),
		TEST(some_files_are_refused),
	};

	return test_main(tests, ARRAY_SIZE(tests));
}
