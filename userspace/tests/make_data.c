// SPDX-License-Identifier: GPL-2.0
/*
 * Writes a small data file that is the same in every run, without the module:
 * make_data FILE [changed].  What is in it (tests of the commands count on it):
 *
 * CPUs 0 and 1, one event every microsecond from 1000.000001 s on, odd ones on
 * CPU 1.  Per round of 20 events:
 *
 *   8  sched:sched_switch (1) of bash (100)     vfs_read side, ids 1 and 2
 *   4  sched:sched_switch (1) of idle           id 3
 *   2  cpu-clock (2) of "worker 7" (101)        id 4, exact, in ext4
 *   2  cpu-clock (2) of "worker 7"              user mode
 *   2  kprobe:do_sys_openat2 (3) of bash        id 5, values 4096 + round and round - 20
 *   1  sched:sched_switch of bash               inline, the same as id 2
 *   1  kprobe:do_sys_openat2 of child (200)     inline only, no id, unknown PC;
 *                                               value = 7
 *
 * There are 100 rounds: 2,000 events.  Generation 2 begins with round 60, its ids
 * are the same stacks in the order 5 4 3 2 1.  Task 200 is made by bash in round
 * 0 as "bash", and becomes "child" in round 10.  In round 30 a sched_switch of
 * pid 300, which nobody named, replaces the idle ones, and one of bash's has no
 * stack.  In round 40, 12 events were lost on CPU 1.  In round 50 one stack is
 * cut: 3 of 140 frames, inline, on behalf of bash.
 *
 * In a changed one all of id 1's (the stack with pipe_read) come twice, those of
 * idle do not come, cpu-clock was not recorded, its hits with stacks are of
 * sched:sched_wakeup (4) instead, and it took twice as long.
 */
#include <stdio.h>
#include <string.h>

#include "../lib/compiler.h"
#include "../lib/data/data_write.h"
#include "canned.h"
#include "canned_file.h"

#define ROUNDS		100
#define FLIP		60
#define START		1000000000000ULL

#define SCHEDULE	0xffffffff81900050
#define SCHED		0xffffffff81901020
#define PIPE_READ	0xffffffff81300100
#define VFS_READ	0xffffffff812f0200
#define KSYS_READ	0xffffffff812f0310
#define DO_SYSCALL	0xffffffff818f0040
#define ENTRY		0xffffffff81a00077
#define IDLE		0xffffffff810d0030
#define CPU_IDLE	0xffffffff810d0230
#define EXT4_MAP	0xffffffffc0201234
#define EXT4_READ	0xffffffffc0204444
#define OPENAT2		0xffffffff812e9000
#define SYS_OPENAT	0xffffffff812e9420
#define NOWHERE		0xffffffffc0f00010

static const struct canned_stack stacks[] = {
	{ 7, .pcs = { SCHEDULE, SCHED, PIPE_READ, VFS_READ, KSYS_READ,
		      DO_SYSCALL, ENTRY } },
	{ 6, .pcs = { SCHEDULE, SCHED, VFS_READ, KSYS_READ, DO_SYSCALL,
		      ENTRY } },
	{ 4, .pcs = { SCHEDULE, SCHED, IDLE, CPU_IDLE } },
	{ 6, STACKID_STACK_EXACT,
	  .pcs = { EXT4_MAP, EXT4_READ, VFS_READ, KSYS_READ, DO_SYSCALL,
		   ENTRY } },
	{ 4, STACKID_STACK_EXACT,
	  .pcs = { OPENAT2, SYS_OPENAT, DO_SYSCALL, ENTRY } },
	{ 3, STACKID_STACK_EXACT, .pcs = { OPENAT2, NOWHERE, ENTRY } },
	{ 3, STACKID_STACK_CUT, 140, 0x123456789abcdef0,
	  .pcs = { SCHEDULE, SCHED, PIPE_READ } },
};

static const struct data_resolved symbols[] = {
	{ SCHEDULE, false, 0xffffffff81900000, "__schedule", "" },
	{ SCHED, false, 0xffffffff81901000, "schedule", "" },
	{ PIPE_READ, false, 0xffffffff81300000, "pipe_read", "" },
	{ VFS_READ, false, 0xffffffff812f0100, "vfs_read", "" },
	{ KSYS_READ, false, 0xffffffff812f0300, "ksys_read", "" },
	{ DO_SYSCALL, false, 0xffffffff818f0000, "do_syscall_64", "" },
	{ ENTRY, false, 0xffffffff81a00000, "entry_SYSCALL_64_after_hwframe",
	  "" },
	{ IDLE, false, 0xffffffff810d0000, "do_idle", "" },
	{ CPU_IDLE, false, 0xffffffff810d0200, "cpu_startup_entry", "" },
	{ EXT4_MAP, true, 0xffffffffc0201200, "ext4_map_blocks", "ext4" },
	{ EXT4_READ, false, 0xffffffffc0204400, "ext4_mpage_readpages",
	  "ext4" },
	{ OPENAT2, true, OPENAT2, "do_sys_openat2", "" },
	{ SYS_OPENAT, false, 0xffffffff812e9400, "__x64_sys_openat", "" },
	{ NOWHERE, false, 0, NULL, NULL },
};

static const struct data_task tasks[] = {
	{ 1, 1, "systemd" },
	{ 100, 100, "bash" },
	{ 101, 100, "worker 7" },
};

static const char meta[] =
	"stackid=make_data\n"
	"hostname=canned\n"
	"release=6.1.0-canned\n"
	"version=#1 SMP canned\n"
	"arch=x86_64\n"
	"cpus=2\n"
	"command=stackid record -a -e sched:sched_switch -e cpu-clock -- canned\n"
	"workload=canned\n"
	"pid=100\n"
	"start=1700000000000000000\n"
	"clock_offset=1699999000000000000\n"
	"start_time=1000000000000\n";

static const char events[] =
	"1 sched:sched_switch\n"
	"2 cpu-clock freq=999\n"
	"3 kprobe:do_sys_openat2 value=arg2,left=arg3:s32\n";

static const char changed_events[] =
	"1 sched:sched_switch\n"
	"3 kprobe:do_sys_openat2 value=arg2,left=arg3:s32\n"
	"4 sched:sched_wakeup\n";

static const char modules[] =
	"[kernel.kallsyms] 0xffffffff81000000 0xe00000 0123456789abcdef0123456789abcdef01234567\n"
	"ext4 0xffffffffc0200000 0x100000 fedcba9876543210fedcba9876543210fedcba98\n"
	"nobuildid 0xffffffffc0400000 0x1000 -\n";

static const char ledger[] =
	"offered 100 2112\n"
	"recorded 100 2100\n"
	"hit 90 1688\n"
	"inline 10 211\n"
	"user 0 200\n"
	"empty 0 1\n"
	"lost_full 0 12\n"
	"lost_recursion 0 0\n"
	"lost_rcu 0 0\n";

static const char ledger_cpu0[] = "offered 50 1050\nrecorded 50 1050\nlost_full 0 0\n";
static const char ledger_cpu1[] = "offered 50 1062\nrecorded 50 1050\nlost_full 0 12\n";

static const char end[] =
	"events=2000\n"
	"lost=12\n"
	"stacks=10\n"
	"duration=2000000\n"
	"result=exited 0\n";

static const char changed_ledger[] =
	"offered 100 1912\n"
	"recorded 100 1900\n"
	"hit 90 1688\n"
	"inline 10 211\n"
	"user 0 0\n"
	"empty 0 1\n"
	"lost_full 0 12\n"
	"lost_recursion 0 0\n"
	"lost_rcu 0 0\n";

static const char changed_end[] =
	"events=1800\n"
	"lost=12\n"
	"stacks=10\n"
	"duration=4000000\n"
	"result=exited 0\n";

static uint32_t id_of(uint64_t generation, uint32_t id)
{
	return generation == 1 ? id : 6 - id;
}

/* What event @i of @round is; NULL or the stack that it carries. */
static const struct canned_stack *plan(struct canned_hit *hit, int round,
				       int i)
{
	hit->type = STACKID_REC_EVENT;
	hit->event = 1;
	hit->pid = 100;
	if (i < 8) {
		hit->id = id_of(hit->generation, 1 + i % 2);
		if (round == 30 && i == 5)
			hit->id = 0;
		if (round == 50 && i == 5) {
			hit->type = STACKID_REC_EVENT_STACK;
			hit->id = 0;
			return &stacks[6];
		}
	} else if (i < 12) {
		hit->pid = round == 30 ? 300 : 0;
		hit->id = id_of(hit->generation, 3);
	} else if (i < 14) {
		hit->event = 2;
		hit->pid = 101;
		hit->id = id_of(hit->generation, 4);
	} else if (i < 16) {
		hit->type = STACKID_REC_EVENT_USER;
		hit->event = 2;
		hit->pid = 101;
	} else if (i < 18) {
		hit->event = 3;
		hit->id = id_of(hit->generation, 5);
		hit->nr_values = 2;
		hit->values[0] = 4096 + round;
		hit->values[1] = round - 20;
	} else {
		hit->type = STACKID_REC_EVENT_STACK;
		if (i == 18)
			return &stacks[1];
		hit->event = 3;
		hit->pid = 200;
		hit->nr_values = 2;
		hit->values[0] = 7;
		hit->values[1] = 3;
		return &stacks[5];
	}
	return NULL;
}

/* How often it comes in a changed file, where it may be of another event. */
static int change(struct canned_hit *hit, int i)
{
	if (i >= 8 && i < 12)
		return 0;
	if (hit->event == 2) {
		hit->event = 4;
		return i < 14;
	}
	return i < 8 && hit->id == id_of(hit->generation, 1) ? 2 : 1;
}

/* The time of the chunk is some time after its last record. */
static void flush(struct canned *canned, struct data_writer *writer, int cpu,
		  uint64_t generation)
{
	canned_write(canned, writer, cpu, generation,
		     canned->last_time + 1000);
}

static void write_rounds(struct data_writer *writer, bool changed)
{
	struct canned rings[2] = { };

	for (int round = 0; round < ROUNDS; round++) {
		uint64_t generation = round < FLIP ? 1 : 2;
		uint64_t time = START + round * 20000;

		for (int cpu = 0; cpu < 2; cpu++) {
			if (round == 0 || round == FLIP)
				canned_number(&rings[cpu],
					      STACKID_REC_GENERATION,
					      generation, time, generation);
		}
		if (round == 0)
			canned_task(&rings[0], 1, time + 500, 200, 200, 100,
				    "bash");
		if (round == 10)
			canned_task(&rings[1], 1, time + 500, 200, 200, 0,
				    "child");
		if (round == 40)
			canned_number(&rings[1], STACKID_REC_LOST, 1,
				      time + 500, 12);
		for (int i = 0; i < 20; i++) {
			struct canned_hit hit = {
				.generation = generation,
				.time = time + i * 1000 + 1000,
			};
			const struct canned_stack *stack = plan(&hit, round, i);
			int times = changed ? change(&hit, i) : 1;

			for (; times; times--, hit.time += 500)
				canned_event(&rings[i % 2], &hit, stack);
		}
		/* Different moments on the two, so that a reader has to merge. */
		if (round % 10 == 9)
			flush(&rings[0], writer, 0, generation);
		if (round == FLIP - 1 || round == ROUNDS - 1)
			flush(&rings[1], writer, 1, generation);
	}
	canned_free(&rings[0]);
	canned_free(&rings[1]);
}

static void write_stacks(struct data_writer *writer, uint64_t generation)
{
	struct data_resolved copy[ARRAY_SIZE(symbols)];
	struct canned definitions = { };

	for (int id = 1; id <= 5; id++)
		canned_definition(&definitions, id,
				  &stacks[id_of(generation, id) - 1]);
	stackid_data_write(writer, DATA_STACKS, DATA_NO_CPU, generation,
			   definitions.data, definitions.size);
	canned_free(&definitions);

	memcpy(copy, symbols, sizeof(copy));
	stackid_data_write_symbols(writer, generation, copy, ARRAY_SIZE(symbols));
}

int main(int argc, char **argv)
{
	struct canned_file file;
	struct data_writer *writer;

	bool changed = argc == 3 && !strcmp(argv[2], "changed");

	if (argc != 2 && !changed) {
		fprintf(stderr, "Usage: make_data FILE [changed]\n");
		return 1;
	}
	if (!canned_file_open(&file, argv[1]))
		return 1;
	writer = file.writer;

	canned_text(writer, DATA_META, DATA_NO_CPU, meta);
	canned_text(writer, DATA_EVENTS, DATA_NO_CPU,
		    changed ? changed_events : events);
	canned_text(writer, DATA_MODULES, DATA_NO_CPU, modules);
	stackid_data_write(writer, DATA_TASKS, DATA_NO_CPU, 0, tasks,
			   sizeof(tasks));
	write_rounds(writer, changed);
	write_stacks(writer, 1);
	write_stacks(writer, 2);
	canned_text(writer, DATA_LEDGER, DATA_NO_CPU,
		    changed ? changed_ledger : ledger);
	canned_text(writer, DATA_LEDGER, 0, ledger_cpu0);
	canned_text(writer, DATA_LEDGER, 1, ledger_cpu1);
	canned_text(writer, DATA_END, DATA_NO_CPU, changed ? changed_end : end);

	return canned_file_close(&file);
}
