// SPDX-License-Identifier: GPL-2.0
/*
 * Writes a small data file of switches and wakings that is the same in every run:
 * make_waits FILE.  What is in it (tests of offcpu count on it), in milliseconds from
 * 1000 s on:
 *
 * reader (100) on CPU 0 reads from a pipe; writer (200) on CPU 1 writes to it every
 * 2 ms from 2 on, 10 times; each time the reader is woken 5 us later and runs 3 us
 * after that.  In between the writer sleeps until a timer's interrupt wakes it.
 * child (201), which the writer makes at 25, is preempted by reader from 30 to 34,
 * sleeps on a disk (D) from 40 to 47, and exits at 48.  A wait of reader from 60 to 66
 * lies around a loss on CPU 1.  Of kworker (50) there is only a beginning, of
 * flusher (51) only an end.
 */
#include <stdio.h>
#include <string.h>

#include "../lib/compiler.h"
#include "../lib/data/data_write.h"
#include "canned.h"
#include "canned_file.h"

#define START		1000000000000ULL
#define MS		1000000ULL
#define US		1000ULL

#define SWITCH		1
#define WAKING		2

enum { S = 1, D = 2, DEAD = 0x80 };
enum { READER = 100, WRITER = 200, CHILD = 201, KWORKER = 50, FLUSHER = 51 };
enum { PIPE = 1, SLEEP, DISK, PREEMPTED, BY_WRITE, BY_TIMER, BY_DISK, WORKER };

#define SCHEDULE	0xffffffff81900050
#define PIPE_READ	0xffffffff81300100
#define VFS_READ	0xffffffff812f0200
#define DO_SYSCALL	0xffffffff818f0040
#define ENTRY		0xffffffff81a00077
#define NANOSLEEP	0xffffffff81100100
#define IO_SCHEDULE	0xffffffff81900200
#define EXT4_READ	0xffffffffc0204444
#define TIMER		0xffffffff81a01000
#define TO_USER		0xffffffff818f0300
#define TRY_TO_WAKE	0xffffffff810e0040
#define PIPE_WRITE	0xffffffff81300500
#define HRTIMER		0xffffffff81160040
#define COMMON		0xffffffff81a02000
#define END_IO		0xffffffff81480040
#define KTHREAD		0xffffffff810d0030

static const struct canned_stack stacks[] = {
	{ 5, .pcs = { SCHEDULE, PIPE_READ, VFS_READ, DO_SYSCALL, ENTRY } },
	{ 4, .pcs = { SCHEDULE, NANOSLEEP, DO_SYSCALL, ENTRY } },
	{ 6, .pcs = { SCHEDULE, IO_SCHEDULE, EXT4_READ, VFS_READ, DO_SYSCALL,
		      ENTRY } },
	{ 3, .pcs = { SCHEDULE, TO_USER, TIMER } },
	{ 4, .pcs = { TRY_TO_WAKE, PIPE_WRITE, DO_SYSCALL, ENTRY } },
	{ 3, .pcs = { TRY_TO_WAKE, HRTIMER, TIMER } },
	{ 3, .pcs = { TRY_TO_WAKE, END_IO, COMMON } },
	{ 2, .pcs = { SCHEDULE, KTHREAD } },
};

static const struct data_resolved symbols[] = {
	{ SCHEDULE, false, 0xffffffff81900000, "schedule", "" },
	{ PIPE_READ, false, 0xffffffff81300000, "pipe_read", "" },
	{ VFS_READ, false, 0xffffffff812f0100, "vfs_read", "" },
	{ DO_SYSCALL, false, 0xffffffff818f0000, "do_syscall_64", "" },
	{ ENTRY, false, 0xffffffff81a00000, "entry_SYSCALL_64_after_hwframe", "" },
	{ NANOSLEEP, false, 0xffffffff81100000, "do_nanosleep", "" },
	{ IO_SCHEDULE, false, 0xffffffff81900100, "io_schedule", "" },
	{ EXT4_READ, false, 0xffffffffc0204400, "ext4_mpage_readpages", "ext4" },
	{ TIMER, false, 0xffffffff81a00f00, "asm_sysvec_apic_timer_interrupt", "" },
	{ TO_USER, false, 0xffffffff818f0200, "irqentry_exit_to_user_mode", "" },
	{ TRY_TO_WAKE, false, 0xffffffff810e0000, "try_to_wake_up", "" },
	{ PIPE_WRITE, false, 0xffffffff81300400, "pipe_write", "" },
	{ HRTIMER, false, 0xffffffff81160000, "hrtimer_wakeup", "" },
	{ COMMON, false, 0xffffffff81a01f00, "asm_common_interrupt", "" },
	{ END_IO, false, 0xffffffff81480000, "blk_update_request", "" },
	{ KTHREAD, false, 0xffffffff810d0000, "kthread", "" },
};

static const struct data_task tasks[] = {
	{ READER, READER, "reader" },
	{ WRITER, WRITER, "writer" },
	{ KWORKER, KWORKER, "kworker/1:0" },
	{ FLUSHER, FLUSHER, "flusher" },
};

static const char meta[] =
	"stackid=make_waits\n"
	"hostname=canned\n"
	"release=6.1.0-canned\n"
	"cpus=2\n"
	"command=stackid offcpu -- canned\n"
	"workload=canned\n"
	"pid=200\n"
	"start=1700000000000000000\n"
	"clock_offset=1699999000000000000\n"
	"start_time=1000000000000\n";

static const char events[] =
	"1 sched:sched_switch value=next->pid=arg3+2416:s32,prev_state=arg4:u32,preempt=arg1:u8\n"
	"2 sched:sched_waking value=p->pid=arg1+2416:s32\n";

static const char ledger[] = "offered 0 72\nrecorded 0 69\nhit 0 69\nlost_full 0 3\n";
static const char ledger_cpu0[] = "offered 0 35\nrecorded 0 35\nlost_full 0 0\n";
static const char ledger_cpu1[] = "offered 0 37\nrecorded 0 34\nlost_full 0 3\n";
static const char end[] = "events=69\nlost=3\nstacks=8\nduration=80000000\nresult=exited 0\n";

static struct canned rings[2];

static void leaves(int cpu, uint64_t time, uint32_t prev, uint32_t stack,
		   uint64_t state, uint32_t next)
{
	struct canned_hit hit = {
		.type = STACKID_REC_EVENT, .generation = 1, .event = SWITCH,
		.id = stack, .pid = prev, .time = START + time,
		.nr_values = 3, .values = { next, state, stack == PREEMPTED },
	};

	canned_event(&rings[cpu], &hit, NULL);
}

static void wakes(int cpu, uint64_t time, uint32_t waker, uint32_t stack,
		  uint32_t woken)
{
	struct canned_hit hit = {
		.type = STACKID_REC_EVENT, .generation = 1, .event = WAKING,
		.id = stack, .pid = waker, .time = START + time,
		.nr_values = 1, .values = { woken },
	};

	canned_event(&rings[cpu], &hit, NULL);
}

static void use_pipe(void)
{
	leaves(0, MS, READER, PIPE, S, 0);
	for (uint64_t i = 1; i <= 10; i++) {
		uint64_t time = 2 * i * MS;

		wakes(1, time + 5 * US, WRITER, BY_WRITE, READER);
		leaves(0, time + 8 * US, 0, WORKER, 0, READER);
		leaves(1, time + 100 * US, WRITER, SLEEP, S, 0);
		leaves(0, time + 200 * US, READER, PIPE, S, 0);
		wakes(1, time + 1900 * US, 0, BY_TIMER, WRITER);
		leaves(1, time + 1910 * US, 0, WORKER, 0, WRITER);
	}
}

static void make_child(void)
{
	canned_task(&rings[1], 1, START + 25 * MS, CHILD, WRITER, WRITER, "writer");
	leaves(1, 26 * MS, WRITER, SLEEP, S, CHILD);
	canned_task(&rings[1], 1, START + 26 * MS, CHILD, CHILD, 0, "child");
	wakes(0, 30 * MS, FLUSHER, BY_TIMER, READER);
	leaves(1, 30 * MS, CHILD, PREEMPTED, 0, READER);
	leaves(1, 34 * MS, READER, PIPE, S, CHILD);
	leaves(1, 40 * MS, CHILD, DISK, D, 0);
	wakes(0, 47 * MS - 2 * US, FLUSHER, BY_DISK, CHILD);
	leaves(1, 47 * MS, 0, WORKER, 0, CHILD);
	leaves(1, 48 * MS, CHILD, WORKER, DEAD, 0);
	leaves(0, 50 * MS, FLUSHER, WORKER, S, 0);
}

static void lose_some(void)
{
	wakes(1, 59 * MS, 0, BY_TIMER, READER);
	leaves(0, 60 * MS, 0, WORKER, 0, READER);
	leaves(0, 60 * MS + US, READER, PIPE, S, 0);
	canned_number(&rings[1], STACKID_REC_LOST, 1, START + 65 * MS, 3);
	wakes(1, 66 * MS - US, 0, BY_TIMER, READER);
	leaves(0, 66 * MS, 0, WORKER, 0, READER);
	leaves(1, 70 * MS, 0, WORKER, 0, KWORKER);
}

/* The stacks of interrupts and of softirqs end with these on arm64. */
static void name_as_arm64(struct data_resolved *symbol)
{
	if (symbol->pc == TIMER)
		symbol->name = "generic_handle_domain_irq";
	else if (symbol->pc == COMMON)
		symbol->name = "__do_softirq";
}

static void write_file(struct data_writer *writer, bool arm64)
{
	struct data_resolved copy[ARRAY_SIZE(symbols)];
	struct canned definitions = { };

	canned_text(writer, DATA_META, DATA_NO_CPU, meta);
	canned_text(writer, DATA_EVENTS, DATA_NO_CPU, events);
	stackid_data_write(writer, DATA_TASKS, DATA_NO_CPU, 0, tasks,
			   sizeof(tasks));
	use_pipe();
	make_child();
	lose_some();
	for (int cpu = 0; cpu < 2; cpu++)
		canned_write(&rings[cpu], writer, cpu, 1,
			     rings[cpu].last_time + 1000);
	for (size_t i = 0; i < ARRAY_SIZE(stacks); i++)
		canned_definition(&definitions, i + 1, &stacks[i]);
	stackid_data_write(writer, DATA_STACKS, DATA_NO_CPU, 1, definitions.data,
			   definitions.size);
	canned_free(&definitions);
	memcpy(copy, symbols, sizeof(copy));
	for (size_t i = 0; arm64 && i < ARRAY_SIZE(copy); i++)
		name_as_arm64(&copy[i]);
	stackid_data_write_symbols(writer, 1, copy, ARRAY_SIZE(symbols));
	canned_text(writer, DATA_LEDGER, DATA_NO_CPU, ledger);
	canned_text(writer, DATA_LEDGER, 0, ledger_cpu0);
	canned_text(writer, DATA_LEDGER, 1, ledger_cpu1);
	canned_text(writer, DATA_END, DATA_NO_CPU, end);
}

int main(int argc, char **argv)
{
	struct canned_file file;
	struct data_writer *writer;

	bool arm64 = argc == 3 && !strcmp(argv[2], "arm64");

	if (argc != 2 && !arm64) {
		fprintf(stderr, "Usage: make_waits FILE [arm64]\n");
		return 1;
	}
	if (!canned_file_open(&file, argv[1]))
		return 1;
	writer = file.writer;
	write_file(writer, arm64);
	return canned_file_close(&file);
}
