// SPDX-License-Identifier: GPL-2.0
/*
 * Writes a data file with many events: make_events FILE EVENTS.  The same arguments
 * give the same file.  There are two CPUs and two events, sched_switch and kmalloc, of
 * 400 stacks of 8 to 23 frames.  Each of 60 threads goes round in a program of its own,
 * with a step aside now and then, until a switch; and now and then a shell makes a
 * process, which gets a new name.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/data/data_write.h"
#include "../lib/memory.h"
#include "canned.h"
#include "canned_file.h"

#define FUNCTIONS	2000
#define OFFSETS		8
#define STACKS		400
#define SWITCH_STACKS	40
#define THREADS		60
#define STEPS		24
#define CPUS		2
#define START		1000000000000ULL
/* As the drain of a recorder has it. */
#define CHUNK_SIZE	(256 * 1024)
#define FIRST_PID	1000
#define FIRST_NEW_PID	100000
#define EVENTS_PER_FORK	4000

struct thread {
	uint32_t program[STEPS];
	unsigned int step;
};

struct cpu {
	struct canned ring;
	uint64_t time;
	unsigned int thread;
	/* A process that was made here and still runs. */
	uint32_t child;
	unsigned int child_steps;
};

static uint64_t state;

static uint64_t draw(uint64_t below)
{
	uint64_t x = ++state * 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return (x ^ x >> 31) % below;
}

static uint64_t pc_of(uint32_t function, uint32_t offset)
{
	return 0xffffffff81000000ULL + 256ULL * function + 16 + offset;
}

static void make_stack(struct canned_stack *stack, uint32_t id)
{
	unsigned int nr = 8 + draw(16);

	*stack = (struct canned_stack) { .nr = nr };
	for (unsigned int i = 0; i < nr; i++)
		stack->pcs[i] = pc_of(4 + draw(FUNCTIONS - 4), draw(OFFSETS));
	/* The way into the kernel, and what makes it the only one. */
	for (unsigned int i = 1; i < 4; i++)
		stack->pcs[nr - i] = pc_of(i, 0);
	stack->pcs[0] = pc_of(id <= SWITCH_STACKS ? 0 : 4 + id, id % OFFSETS);
}

static void write_stacks(struct data_writer *writer)
{
	struct canned definitions = {};
	struct canned_stack stack;

	for (uint32_t id = 1; id <= STACKS; id++) {
		make_stack(&stack, id);
		canned_definition(&definitions, id, &stack);
	}
	stackid_data_write(writer, DATA_STACKS, DATA_NO_CPU, 1,
			   definitions.data, definitions.size);
	canned_free(&definitions);
}

static void write_symbols(struct data_writer *writer)
{
	size_t nr = FUNCTIONS * OFFSETS, k = 0;
	struct data_resolved *pcs = stackid_memory_zalloc(nr, sizeof(*pcs));
	char (*names)[40] = stackid_memory_zalloc(FUNCTIONS, sizeof(*names));

	for (uint32_t i = 0; i < FUNCTIONS; i++) {
		snprintf(names[i], sizeof(names[i]), "function_%04" PRIu32, i);
		for (uint32_t off = 0; off < OFFSETS; off++)
			pcs[k++] = (struct data_resolved) {
				.pc = pc_of(i, off),
				.start = pc_of(i, 0) - 16,
				.name = names[i],
				.module = i % 10 ? "" : "made",
			};
	}
	stackid_data_write_symbols(writer, 1, pcs, k);
	free(names);
	free(pcs);
}

static void write_tasks(struct data_writer *writer)
{
	struct data_task tasks[THREADS] = {};

	for (uint32_t i = 0; i < THREADS; i++) {
		tasks[i].pid = i ? FIRST_PID + i : 0;
		tasks[i].tgid = i ? FIRST_PID + i / 4 * 4 : 0;
		snprintf(tasks[i].comm, sizeof(tasks[i].comm), "thread-%02u",
			 i / 3);
	}
	stackid_data_write(writer, DATA_TASKS, DATA_NO_CPU, 0, tasks,
			   sizeof(tasks));
}

static void make_programs(struct thread *threads)
{
	for (unsigned int i = 0; i < THREADS; i++) {
		for (unsigned int k = 0; k < STEPS; k++)
			threads[i].program[k] = SWITCH_STACKS + 1 +
						draw(STACKS - SWITCH_STACKS);
		for (unsigned int k = 5; k < STEPS; k += 6)
			threads[i].program[k] = 1 + draw(SWITCH_STACKS);
	}
}

/* Mostly a microsecond or two, at times far more. */
static uint64_t draw_pause(void)
{
	if (!draw(5000))
		return 1000000 + draw(20000000);
	return 300 + (draw(4096) & draw(4096)) + (draw(64) ? 0 : draw(60000));
}

static void make_child(struct cpu *cpu, uint32_t pid)
{
	cpu->child = pid;
	cpu->child_steps = 20 + draw(40);
	canned_task(&cpu->ring, 1, cpu->time, pid, pid, FIRST_PID + 1, "sh");
}

static void rename_child(struct cpu *cpu)
{
	static const char * const names[] = { "grep", "sed", "ls", "cc1" };

	canned_task(&cpu->ring, 1, cpu->time, cpu->child, cpu->child, 0,
		    names[draw(4)]);
}

/* The next event of the CPU. */
static void make_event(struct cpu *cpu, struct thread *threads)
{
	struct thread *thread = &threads[cpu->thread];
	uint32_t id = thread->program[thread->step];
	struct canned_hit hit = {
		.type = STACKID_REC_EVENT,
		.generation = 1,
		.pid = cpu->thread ? FIRST_PID + cpu->thread : 0,
	};

	cpu->time += draw_pause();
	if (cpu->child) {
		hit.pid = cpu->child;
		if (cpu->child_steps == 15)
			rename_child(cpu);
		if (!--cpu->child_steps)
			cpu->child = 0;
	}
	if (!draw(40))
		id = 1 + draw(STACKS);
	thread->step = (thread->step + 1) % STEPS;
	hit.event = id <= SWITCH_STACKS ? 1 : 2;
	hit.id = id;
	hit.time = cpu->time;
	canned_event(&cpu->ring, &hit, NULL);
	if (id > SWITCH_STACKS)
		return;
	/* Mostly the same one follows. */
	cpu->thread = draw(8) ? (cpu->thread * 7 + 3) % THREADS : draw(THREADS);
}

static void write_chunk(struct cpu *cpu, struct data_writer *writer,
			uint32_t number)
{
	canned_write(&cpu->ring, writer, number, 1, cpu->time);
}

/* As a recorder does from time to time: what is before the mark stands in front of it. */
static void write_mark(struct cpu *cpus, struct data_writer *writer)
{
	uint64_t complete = cpus[0].time;

	for (uint32_t i = 0; i < CPUS; i++) {
		write_chunk(&cpus[i], writer, i);
		if (cpus[i].time < complete)
			complete = cpus[i].time;
	}
	stackid_data_write_mark(writer, complete);
}

static void write_events(struct data_writer *writer, uint64_t nr, bool marks)
{
	struct thread *threads = stackid_memory_zalloc(CPUS * THREADS,
						       sizeof(*threads));
	uint32_t pid = FIRST_NEW_PID;
	struct cpu cpus[CPUS] = {};

	for (uint32_t i = 0; i < CPUS; i++) {
		make_programs(&threads[i * THREADS]);
		cpus[i].time = START;
		canned_number(&cpus[i].ring, STACKID_REC_GENERATION, 1, START,
			      1);
	}
	for (uint64_t k = 0; k < nr; k++) {
		uint32_t i = cpus[0].time <= cpus[1].time ? 0 : 1;
		struct cpu *cpu = &cpus[i];

		if (!draw(EVENTS_PER_FORK) && !cpu->child)
			make_child(cpu, pid++);
		make_event(cpu, &threads[i * THREADS]);
		if (cpu->ring.size < CHUNK_SIZE - 256)
			continue;
		if (marks)
			write_mark(cpus, writer);
		else
			write_chunk(cpu, writer, i);
	}
	for (uint32_t i = 0; i < CPUS; i++) {
		write_chunk(&cpus[i], writer, i);
		canned_free(&cpus[i].ring);
	}
	free(threads);
}

int main(int argc, char **argv)
{
	bool marks = argc == 4 && !strcmp(argv[3], "marks");
	uint64_t nr = argc == 3 + marks ? strtoull(argv[2], NULL, 10) : 0;
	struct canned_file file;
	struct data_writer *writer;

	if (!nr) {
		fprintf(stderr, "Usage: make_events FILE EVENTS [marks]\n");
		return 1;
	}
	if (!canned_file_open(&file, argv[1]))
		return 1;
	writer = file.writer;
	canned_print(writer, DATA_META, DATA_NO_CPU,
		     "stackid=make_events\ncpus=%u\n",
		     CPUS);
	canned_text(writer, DATA_EVENTS, DATA_NO_CPU,
		    "1 sched:sched_switch\n2 kmem:kmalloc\n");
	write_tasks(writer);
	/* Where there are marks, the definitions of what is before them is, too. */
	if (!marks)
		write_events(writer, nr, false);
	write_stacks(writer);
	write_symbols(writer);
	if (marks)
		write_events(writer, nr, true);
	canned_print(writer, DATA_LEDGER, DATA_NO_CPU,
		     "offered 0 %" PRIu64 "\nrecorded 0 %" PRIu64 "\nhit 0 %" PRIu64 "\nlost_full 0 0\n",
		     nr, nr, nr);
	canned_print(writer, DATA_END, DATA_NO_CPU,
		     "events=%" PRIu64 "\nlost=0\nstacks=%u\n",
		     nr, STACKS);
	return canned_file_close(&file);
}
