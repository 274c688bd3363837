// SPDX-License-Identifier: GPL-2.0
/*
 * Writes a data file with many stacks: make_many FILE STACKS.  The same arguments
 * give the same file.  There is one event, cpu-clock, and each stack was hit once to
 * eight times, by one of 200 threads.  A stack has 8 to 23 frames: three of the way
 * into a system call, one of 300 calls, and a walk through 5,000 functions.
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

#define FUNCTIONS	5000
#define CALLS		300
#define THREADS		200
#define START		1000000000000ULL
#define AT_ONCE		2000

static uint32_t next_random(uint64_t *state)
{
	uint64_t x = *state += 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x >> 32;
}

static uint64_t pc_of(uint32_t function)
{
	return 0xffffffff81000000ULL + 256ULL * function + 16;
}

static void make_stack(struct canned_stack *stack, uint32_t id)
{
	uint64_t state = (uint64_t)id << 32;
	unsigned int walk = 4 + next_random(&state) % 16;
	/* Some are called more than others. */
	uint32_t at = next_random(&state) % (1 + next_random(&state) % CALLS);
	uint64_t way[24];
	unsigned int nr = 0;

	*stack = (struct canned_stack) { .nr = 0 };
	way[nr++] = pc_of(0);
	way[nr++] = pc_of(1);
	way[nr++] = pc_of(2);
	way[nr++] = pc_of(3 + at);
	/* A function calls one of eight. */
	for (unsigned int i = 0; i < walk; i++) {
		at = (at * 8 + next_random(&state) % 8) %
		     (FUNCTIONS - CALLS - 3);
		way[nr++] = pc_of(3 + CALLS + at);
	}
	/* No two are the same. */
	way[nr - 1] += id % 16;
	way[nr - 2] += id / 16 % 64;
	while (nr)
		stack->pcs[stack->nr++] = way[--nr];
}

static void write_symbols(struct data_writer *writer)
{
	size_t nr = FUNCTIONS * 80UL, k = 0;
	struct data_resolved *pcs = stackid_memory_zalloc(nr, sizeof(*pcs));
	char (*names)[40] = stackid_memory_zalloc(FUNCTIONS, sizeof(*names));

	for (uint32_t i = 0; i < FUNCTIONS; i++) {
		snprintf(names[i], sizeof(names[i]), "%s_%04" PRIu32,
			 i < 3 ? "entry" : i < 3 + CALLS ? "call" : "function",
			 i);
		for (uint32_t off = 0; off < 80; off++)
			pcs[k++] = (struct data_resolved) {
				.pc = pc_of(i) + off,
				.start = pc_of(i) - 16,
				.name = names[i],
				.module = "",
			};
	}
	stackid_data_write_symbols(writer, 1, pcs, k);
	free(names);
	free(pcs);
}

static void write_stacks(struct data_writer *writer, uint32_t nr)
{
	struct canned definitions = {};
	struct canned_stack stack;

	for (uint32_t id = 1; id <= nr; id++) {
		make_stack(&stack, id);
		canned_definition(&definitions, id, &stack);
		if (id % AT_ONCE && id < nr)
			continue;
		stackid_data_write(writer, DATA_STACKS, DATA_NO_CPU, 1,
				   definitions.data, definitions.size);
		canned_clear(&definitions);
	}
	canned_free(&definitions);
}

static uint64_t write_events(struct data_writer *writer, uint32_t nr)
{
	struct canned ring = {};
	uint64_t events = 0;

	canned_number(&ring, STACKID_REC_GENERATION, 1, START, 1);
	for (uint32_t id = 1; id <= nr; id++) {
		for (uint32_t k = 0; k <= id % 8; k++) {
			struct canned_hit hit = {
				.type = STACKID_REC_EVENT,
				.generation = 1,
				.event = 1,
				.id = id,
				.pid = 1000 + id % THREADS,
				.time = START + 1000 * ++events,
			};

			canned_event(&ring, &hit, NULL);
		}
		if (id % AT_ONCE == 0 || id == nr)
			canned_write(&ring, writer, 0, 1,
				     ring.last_time + 1000);
	}
	canned_free(&ring);
	return events;
}

static void write_tasks(struct data_writer *writer)
{
	struct data_task tasks[THREADS] = {};

	for (uint32_t i = 0; i < THREADS; i++) {
		tasks[i].pid = 1000 + i;
		tasks[i].tgid = 1000 + i / 10 * 10;
		snprintf(tasks[i].comm, sizeof(tasks[i].comm), "task-%02u",
			 i % 20);
	}
	stackid_data_write(writer, DATA_TASKS, DATA_NO_CPU, 0, tasks,
			   sizeof(tasks));
}

int main(int argc, char **argv)
{
	uint32_t nr = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	struct canned_file file;
	struct data_writer *writer;
	uint64_t events;

	if (!nr) {
		fprintf(stderr, "Usage: make_many FILE STACKS\n");
		return 1;
	}
	if (!canned_file_open(&file, argv[1]))
		return 1;
	writer = file.writer;
	canned_text(writer, DATA_META, DATA_NO_CPU,
		    "stackid=make_many\ncpus=1\n");
	canned_text(writer, DATA_EVENTS, DATA_NO_CPU, "1 cpu-clock freq=999\n");
	write_tasks(writer);
	events = write_events(writer, nr);
	write_stacks(writer, nr);
	write_symbols(writer);
	canned_print(writer, DATA_LEDGER, DATA_NO_CPU,
		     "offered 0 %" PRIu64 "\nrecorded 0 %" PRIu64 "\nhit 0 %" PRIu64 "\nlost_full 0 0\n",
		     events, events, events);
	canned_print(writer, DATA_END, DATA_NO_CPU,
		     "events=%" PRIu64 "\nlost=0\nstacks=%" PRIu32 "\n",
		     events, nr);
	return canned_file_close(&file);
}
