// SPDX-License-Identifier: GPL-2.0
/*
 * Writes one of many recordings of a fleet: make_fleet FILE HOST START SEED.  START is
 * when it began, in seconds since 1970.  The same arguments give the same file; another
 * SEED gives other numbers of hits, other threads' names, and a kernel that lies
 * elsewhere.  What is in it, in 100 rounds of 100 ms:
 *
 * sched_switch and sched_waking: reader (100) waits for a pipe, and writer (200), or
 * every seventh time an interrupt, wakes it.  kmem:kmalloc of reader, with bytes_alloc, ptr
 * (whose highest bit is set) and left (negative at times); in some rounds without a stack, in
 * one with a stack that is cut.  cpu-clock of "a, \"b\" \\" (300), in the kernel and in
 * user mode.  Some events of CPU 1 are lost where SEED is odd.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/compiler.h"
#include "../lib/data/data_write.h"
#include "../lib/memory.h"
#include "canned.h"
#include "canned_file.h"

#define ROUNDS		100
#define BEGIN		UINT64_C(1000000000000)
#define MS		UINT64_C(1000000)
#define SECOND		UINT64_C(1000000000)

enum { SWITCH = 1, WAKING, KMALLOC, CLOCK };
enum { READER = 100, WRITER = 200, SAMPLED = 300 };
enum { PIPE = 1, IDLE, BY_WRITE, BY_TIMER, ALLOC, ALLOC_ELSEWHERE, SAMPLE, NR_IDS = SAMPLE, CUT };

enum { SCHEDULE, PIPE_READ, VFS_READ, DO_SYSCALL, ENTRY, DO_IDLE, TRY_TO_WAKE, PIPE_WRITE, HRTIMER,
	TIMER, KMALLOC_TRACE, CACHE_ADD, EXT4_MAP, NR_FUNCTIONS };

static const struct {
	const char *name;
	const char *module;
} functions[NR_FUNCTIONS] = {
	[SCHEDULE] = { "schedule", "" },
	[PIPE_READ] = { "pipe_read", "" },
	[VFS_READ] = { "vfs_read", "" },
	[DO_SYSCALL] = { "do_syscall_64", "" },
	[ENTRY] = { "entry_SYSCALL_64_after_hwframe", "" },
	[DO_IDLE] = { "do_idle", "" },
	[TRY_TO_WAKE] = { "try_to_wake_up", "" },
	[PIPE_WRITE] = { "pipe_write", "" },
	[HRTIMER] = { "hrtimer_wakeup", "" },
	[TIMER] = { "asm_sysvec_apic_timer_interrupt", "" },
	[KMALLOC_TRACE] = { "kmalloc_trace", "" },
	[CACHE_ADD] = { "cache_add", "server" },
	[EXT4_MAP] = { "ext4_map_blocks", "ext4" },
};

/* Functions of ids 1 and so on, and of CUT, the innermost first; -1 ends. */
static const int ways[CUT][8] = {
	{ SCHEDULE, PIPE_READ, VFS_READ, DO_SYSCALL, ENTRY, -1 },
	{ SCHEDULE, DO_IDLE, -1 },
	{ TRY_TO_WAKE, PIPE_WRITE, DO_SYSCALL, ENTRY, -1 },
	{ TRY_TO_WAKE, HRTIMER, TIMER, -1 },
	{ KMALLOC_TRACE, CACHE_ADD, DO_SYSCALL, ENTRY, -1 },
	/* Recursion is one function. */
	{ KMALLOC_TRACE, CACHE_ADD, CACHE_ADD, DO_SYSCALL, ENTRY, -1 },
	{ EXT4_MAP, VFS_READ, DO_SYSCALL, ENTRY, -1 },
	{ KMALLOC_TRACE, CACHE_ADD, -1 },
};

static const char events[] =
	"1 sched:sched_switch value=next->pid=arg3+2416:s32,prev_state=arg4:u32,preempt=arg1:u8\n"
	"2 sched:sched_waking value=p->pid=arg1+2416:s32\n"
	"3 kmem:kmalloc value=bytes_alloc=arg4,ptr=arg2,left=arg3:s32\n"
	"4 cpu-clock freq=999\n";

struct fleet {
	struct canned rings[2];
	struct canned_stack stacks[CUT];
	uint64_t slide;
	uint32_t state;
	uint64_t nr[2];
	uint64_t lost;
};

static uint32_t next_random(struct fleet *fleet, uint32_t below)
{
	fleet->state = fleet->state * 1664525 + 1013904223;
	return (fleet->state >> 8) % below;
}

static uint64_t start_of(const struct fleet *fleet, int function)
{
	uint64_t base = *functions[function].module ? 0xffffffffc0200000 :
						      0xffffffff81000000;

	return base + fleet->slide + 0x1000 * function;
}

static void make_stacks(struct fleet *fleet)
{
	for (int i = 0; i < CUT; i++) {
		struct canned_stack *stack = &fleet->stacks[i];

		for (const int *way = ways[i]; *way >= 0; way++)
			stack->pcs[stack->nr++] = start_of(fleet, *way) + 0x40 + i;
	}
	fleet->stacks[CUT - 1].flags = STACKID_STACK_CUT;
	fleet->stacks[CUT - 1].depth = 140;
	fleet->stacks[CUT - 1].digest = 0x123456789abcdef0;
}

static void hit(struct fleet *fleet, int cpu, struct canned_hit *hit)
{
	hit->generation = 1;
	hit->time += BEGIN;
	fleet->nr[cpu]++;
	canned_event(&fleet->rings[cpu], hit,
		     hit->type == STACKID_REC_EVENT_STACK ?
		     &fleet->stacks[CUT - 1] : NULL);
}

static void switch_tasks(struct fleet *fleet, uint64_t time, uint32_t from,
			 uint32_t id, uint32_t to)
{
	hit(fleet, 0, &(struct canned_hit) {
		.type = STACKID_REC_EVENT, .event = SWITCH, .pid = from,
		.id = id, .time = time, .nr_values = 3,
		.values = { to, from ? 1 : 0, 0 },
	});
}

static void wait_once(struct fleet *fleet, uint64_t time, int round)
{
	bool by_timer = round % 7 == 0;
	uint64_t woken = time + MS + next_random(fleet, 50 * MS);

	switch_tasks(fleet, time, READER, PIPE, 0);
	hit(fleet, 1, &(struct canned_hit) {
		.type = STACKID_REC_EVENT, .event = WAKING, .pid = WRITER,
		.id = by_timer ? BY_TIMER : BY_WRITE, .time = woken,
		.nr_values = 1, .values = { READER },
	});
	switch_tasks(fleet, woken + 1 + next_random(fleet, MS), 0, IDLE, READER);
}

static void allocate(struct fleet *fleet, uint64_t time, int round)
{
	int nr = 1 + next_random(fleet, 5);

	for (int i = 0; i < nr; i++) {
		struct canned_hit what = {
			.type = STACKID_REC_EVENT, .event = KMALLOC, .pid = READER,
			.id = i % 2 ? ALLOC : ALLOC_ELSEWHERE, .time = time + i,
			.nr_values = 3,
			.values = { 8 << next_random(fleet, 10),
				    0xffff888000000000 + 4096ULL * round + i,
				    next_random(fleet, 100) - 50ULL },
		};

		if (round % 25 == 3)
			what.id = 0;
		if (round == 50 && !i) {
			what.id = 0;
			what.type = STACKID_REC_EVENT_STACK;
		}
		hit(fleet, 0, &what);
	}
}

static void sample(struct fleet *fleet, uint64_t time)
{
	int nr = next_random(fleet, 6);

	for (int i = 0; i < nr; i++) {
		bool user = next_random(fleet, 2);

		hit(fleet, 1, &(struct canned_hit) {
			.type = user ? STACKID_REC_EVENT_USER : STACKID_REC_EVENT,
			.event = CLOCK, .pid = SAMPLED, .id = user ? 0 : SAMPLE,
			.time = time + MS * i,
		});
	}
}

static void write_rounds(struct fleet *fleet, struct data_writer *writer,
			 uint32_t seed)
{
	for (int cpu = 0; cpu < 2; cpu++)
		canned_number(&fleet->rings[cpu], STACKID_REC_GENERATION, 1,
			      BEGIN, 1);
	for (int round = 0; round < ROUNDS; round++) {
		uint64_t time = (1 + 100ULL * round) * MS;

		wait_once(fleet, time, round);
		allocate(fleet, time + 60 * MS, round);
		sample(fleet, time + 70 * MS);
		if (round == 40 && seed % 2) {
			fleet->lost = 1 + seed % 9;
			canned_number(&fleet->rings[1], STACKID_REC_LOST, 1,
				      BEGIN + time + 90 * MS, fleet->lost);
		}
	}
	for (int cpu = 0; cpu < 2; cpu++) {
		canned_write(&fleet->rings[cpu], writer, cpu, 1,
			     fleet->rings[cpu].last_time + 1000);
		canned_free(&fleet->rings[cpu]);
	}
}

static void write_stacks(struct fleet *fleet, struct data_writer *writer)
{
	struct data_resolved pcs[CUT * 8];
	struct canned definitions = {};
	size_t nr = 0;

	for (int i = 0; i < CUT; i++) {
		if (i < NR_IDS)
			canned_definition(&definitions, i + 1, &fleet->stacks[i]);
		for (int k = 0; ways[i][k] >= 0; k++)
			pcs[nr++] = (struct data_resolved) {
				.pc = fleet->stacks[i].pcs[k],
				.start = start_of(fleet, ways[i][k]),
				.name = functions[ways[i][k]].name,
				.module = functions[ways[i][k]].module,
			};
	}
	stackid_data_write(writer, DATA_STACKS, DATA_NO_CPU, 1,
			   definitions.data, definitions.size);
	stackid_data_write_symbols(writer, 1, pcs, nr);
	canned_free(&definitions);
}

static void write_head(struct data_writer *writer, const char *host,
		       uint64_t start, uint32_t seed)
{
	struct data_task tasks[] = {
		{ READER, READER, "reader" },
		{ WRITER, WRITER, "writer" },
		{ SAMPLED, SAMPLED, "a, \"b\" \\" },
	};

	/* Whatever name a thread chooses. */
	if (seed % 3 == 0)
		memcpy(tasks[1].comm, " \xc3\xa4\x1b[1m'\xff", 10);
	canned_print(writer, DATA_META, DATA_NO_CPU,
		     "stackid=make_fleet\nhostname=%s\nrelease=6.1.0-fleet\narch=x86_64\ncpus=2\ncommand=stackid record -a\npid=%" PRIu32 "\nstart=%" PRIu64 "\nclock_offset=%" PRIu64 "\nstart_time=%" PRIu64 "\n",
		     host, seed, start * SECOND, start * SECOND - BEGIN, BEGIN);
	canned_text(writer, DATA_EVENTS, DATA_NO_CPU, events);
	stackid_data_write(writer, DATA_TASKS, DATA_NO_CPU, 0, tasks,
			   sizeof(tasks));
}

static void write_ledger(const struct fleet *fleet, struct data_writer *writer)
{
	uint64_t all = fleet->nr[0] + fleet->nr[1];
	static const char form[] =
		"offered 5 %" PRIu64 "\nrecorded 5 %" PRIu64 "\nlost_full 0 %" PRIu64 "\n";

	canned_print(writer, DATA_LEDGER, DATA_NO_CPU,
		     form,
		     all + fleet->lost + 5, all + 5, fleet->lost);
	for (int cpu = 0; cpu < 2; cpu++)
		canned_print(writer, DATA_LEDGER, cpu,
			     form,
			     fleet->nr[cpu] + 5 + (cpu ? fleet->lost : 0),
			     fleet->nr[cpu] + 5, cpu ? fleet->lost : 0);
	canned_print(writer, DATA_END, DATA_NO_CPU,
		     "events=%" PRIu64 "\nlost=%" PRIu64 "\nduration=%" PRIu64 "\nresult=stopped\n",
		     all, fleet->lost, 100 * MS * ROUNDS);
}

int main(int argc, char **argv)
{
	struct canned_file file;
	struct data_writer *writer;
	struct fleet fleet = {};
	uint32_t seed;

	if (argc != 5) {
		fprintf(stderr, "Usage: make_fleet FILE HOST START SEED\n");
		return 1;
	}
	seed = strtoul(argv[4], NULL, 10);
	fleet.state = seed * 2654435761U;
	fleet.slide = seed % 16 * 0x200000ULL;
	if (!canned_file_open(&file, argv[1]))
		return 1;
	writer = file.writer;
	make_stacks(&fleet);
	write_head(writer, argv[2], strtoull(argv[3], NULL, 10), seed);
	write_rounds(&fleet, writer, seed);
	write_stacks(&fleet, writer);
	write_ledger(&fleet, writer);
	return canned_file_close(&file);
}
