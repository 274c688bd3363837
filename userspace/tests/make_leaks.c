// SPDX-License-Identifier: GPL-2.0
/*
 * Writes a small data file of allocations and frees that is the same in every run:
 * make_leaks FILE.  What is in it (tests of leak count on it), from 1000 s on, in
 * rounds 0 to 99 of 10 ms:
 *
 * server (100) allocates 64 bytes by kmalloc each round, in open_session; an
 * interrupt frees them 1 ms later, but for rounds 30, 60 and 90.
 * cacher (200) allocates 256 bytes by kmalloc each round, in cache_add, at two places
 * of it by turns, and never frees them.
 * server takes an object of 192 bytes from a cache each round, in make_request, and
 * frees it in the next one; but that of round 50 is freed by nobody, and its address
 * handed out again in round 70.
 * At 500 ms server allocates four pages, of which one is freed at 600 ms, and 128 bytes
 * per CPU, which are freed at 700 ms.
 * An address that was allocated before the recording is freed at 5 ms.
 */
#include <stdio.h>
#include <string.h>

#include "../lib/compiler.h"
#include "../lib/data/data_write.h"
#include "canned.h"
#include "canned_file.h"

#define START		1000000000000ULL
#define MS		1000000ULL
#define ROUNDS		100

enum { KMALLOC = 1, KFREE, CACHE, CACHE_FREE, PAGE, PAGE_FREE, PERCPU, PERCPU_FREE };
enum { SERVER = 100, CACHER = 200 };
enum { OPEN = 1, ADD, ADD_ELSEWHERE, REQUEST, PAGES, COUNTERS, FREE };

#define ENTRY		0xffffffff81a00077
#define DO_SYSCALL	0xffffffff818f0040
#define KMALLOC_TRACE	0xffffffff812a0010
#define CACHE_ALLOC	0xffffffff812a0110
#define PAGE_ALLOC	0xffffffff812a0210
#define PERCPU_ALLOC	0xffffffff812a0310
#define KFREE_AT	0xffffffff812a0410
#define OPEN_SESSION	0xffffffffc0201010
#define CACHE_ADD	0xffffffffc0201110
#define CACHE_ADD_2	0xffffffffc0201140
#define MAKE_REQUEST	0xffffffffc0201210
#define TIMER		0xffffffff81a01000

static const struct canned_stack stacks[] = {
	{ 4, .pcs = { KMALLOC_TRACE, OPEN_SESSION, DO_SYSCALL, ENTRY } },
	{ 4, .pcs = { KMALLOC_TRACE, CACHE_ADD, DO_SYSCALL, ENTRY } },
	{ 4, .pcs = { KMALLOC_TRACE, CACHE_ADD_2, DO_SYSCALL, ENTRY } },
	{ 4, .pcs = { CACHE_ALLOC, MAKE_REQUEST, DO_SYSCALL, ENTRY } },
	{ 4, .pcs = { PAGE_ALLOC, OPEN_SESSION, DO_SYSCALL, ENTRY } },
	{ 4, .pcs = { PERCPU_ALLOC, OPEN_SESSION, DO_SYSCALL, ENTRY } },
	{ 2, .pcs = { KFREE_AT, TIMER } },
};

static const struct data_resolved symbols[] = {
	{ ENTRY, false, 0xffffffff81a00000, "entry_SYSCALL_64_after_hwframe", "" },
	{ DO_SYSCALL, false, 0xffffffff818f0000, "do_syscall_64", "" },
	{ KMALLOC_TRACE, false, 0xffffffff812a0000, "kmalloc_trace", "" },
	{ CACHE_ALLOC, false, 0xffffffff812a0100, "kmem_cache_alloc", "" },
	{ PAGE_ALLOC, false, 0xffffffff812a0200, "__alloc_pages", "" },
	{ PERCPU_ALLOC, false, 0xffffffff812a0300, "pcpu_alloc", "" },
	{ KFREE_AT, false, 0xffffffff812a0400, "kfree", "" },
	{ OPEN_SESSION, false, 0xffffffffc0201000, "open_session", "server" },
	{ CACHE_ADD, false, 0xffffffffc0201100, "cache_add", "server" },
	{ CACHE_ADD_2, false, 0xffffffffc0201100, "cache_add", "server" },
	{ MAKE_REQUEST, false, 0xffffffffc0201200, "make_request", "server" },
	{ TIMER, false, 0xffffffff81a00f00, "asm_sysvec_apic_timer_interrupt", "" },
};

static const struct data_task tasks[] = {
	{ SERVER, SERVER, "server" },
	{ CACHER, CACHER, "cacher" },
};

static const char meta[] =
	"stackid=make_leaks\n"
	"hostname=canned\n"
	"release=6.1.0-canned\n"
	"cpus=2\n"
	"command=stackid leak -a --what kmalloc,cache,page,percpu -- canned\n"
	"start=1700000000000000000\n"
	"clock_offset=1699999000000000000\n"
	"start_time=1000000000000\n";

static const char events[] =
	"1 kmem:kmalloc value=ptr=arg2,bytes_alloc=arg4\n"
	"2 kmem:kfree value=ptr=arg2\n"
	"3 kmem:kmem_cache_alloc value=ptr=arg2,s->size=arg3+24:u32\n"
	"4 kmem:kmem_cache_free value=ptr=arg2\n"
	"5 kmem:mm_page_alloc value=page=arg1,order=arg2\n"
	"6 kmem:mm_page_free value=page=arg1,order=arg2\n"
	"7 percpu:percpu_alloc_percpu value=ptr=arg8,bytes_alloc=arg9\n"
	"8 percpu:percpu_free_percpu value=ptr=arg3\n";

static const char ledger[] = "offered 0 500\nrecorded 0 500\nlost_full 0 0\n";
static const char end[] = "events=500\nlost=0\nstacks=7\nduration=1000000000\nresult=exited 0\n";

static struct canned rings[2];

static void add(int cpu, uint64_t time, unsigned int event, uint32_t pid,
		uint32_t stack, uint64_t address, uint64_t size)
{
	struct canned_hit hit = {
		.type = STACKID_REC_EVENT, .generation = 1, .event = event,
		.id = stack, .pid = pid, .time = START + time,
		.nr_values = event % 2 || event == PAGE_FREE ? 2 : 1,
		.values = { address, size },
	};

	canned_event(&rings[cpu], &hit, NULL);
}

static void make_round(uint64_t round)
{
	uint64_t time = round * 10 * MS;
	uint64_t session = 0xffff888001000000 + round % 7 * 64;
	uint64_t request = 0xffff888002000000 + round % 20 * 192;

	if (round % 30 == 0 && round)
		session += 0x10000 * round;
	add(0, time, KMALLOC, SERVER, OPEN, session, 64);
	if (round % 30 || !round)
		add(1, time + MS, KFREE, 0, FREE, session, 0);
	add(1, time + 2 * MS, KMALLOC, CACHER, round % 2 ? ADD : ADD_ELSEWHERE,
	    0xffff888003000000 + round * 256, 256);
	add(0, time + 3 * MS, CACHE, SERVER, REQUEST, request, 192);
	if (round != 50)
		add(0, time + 9 * MS, CACHE_FREE, SERVER, FREE, request, 0);
	if (!round)
		add(1, 5 * MS, KFREE, SERVER, FREE, 0xffff888004000000, 0);
	if (round == 50) {
		add(0, time + 9 * MS, PAGE, SERVER, PAGES, 0xffffea0000001000, 2);
		add(0, time + 9 * MS, PERCPU, SERVER, COUNTERS, 0x60fe00001000,
		    128);
	}
	if (round == 60)
		add(1, time + 9 * MS, PAGE_FREE, SERVER, FREE,
		    0xffffea0000001040, 0);
	if (round == 70)
		add(1, time + 9 * MS, PERCPU_FREE, SERVER, FREE, 0x60fe00001000,
		    0);
}

static void write_file(struct data_writer *writer)
{
	struct data_resolved copy[ARRAY_SIZE(symbols)];
	struct canned definitions = { };

	canned_text(writer, DATA_META, DATA_NO_CPU, meta);
	canned_text(writer, DATA_EVENTS, DATA_NO_CPU, events);
	stackid_data_write(writer, DATA_TASKS, DATA_NO_CPU, 0, tasks,
			   sizeof(tasks));
	for (uint64_t round = 0; round < ROUNDS; round++)
		make_round(round);
	for (int cpu = 0; cpu < 2; cpu++)
		canned_write(&rings[cpu], writer, cpu, 1, rings[cpu].last_time);
	for (size_t i = 0; i < ARRAY_SIZE(stacks); i++)
		canned_definition(&definitions, i + 1, &stacks[i]);
	stackid_data_write(writer, DATA_STACKS, DATA_NO_CPU, 1, definitions.data,
			   definitions.size);
	canned_free(&definitions);
	memcpy(copy, symbols, sizeof(copy));
	stackid_data_write_symbols(writer, 1, copy, ARRAY_SIZE(symbols));
	canned_text(writer, DATA_LEDGER, DATA_NO_CPU, ledger);
	canned_text(writer, DATA_END, DATA_NO_CPU, end);
}

int main(int argc, char **argv)
{
	struct canned_file file;
	struct data_writer *writer;

	if (argc != 2) {
		fprintf(stderr, "Usage: make_leaks FILE\n");
		return 1;
	}
	if (!canned_file_open(&file, argv[1]))
		return 1;
	writer = file.writer;
	write_file(writer);
	return canned_file_close(&file);
}
