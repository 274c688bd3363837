// SPDX-License-Identifier: GPL-2.0
/*
 * Writes a small data file of stacks that are hard for other programs: make_edges FILE.
 * 10 hits each, 1 us apart, of "edge" (1), values -1, -2 and so on, by "edgy" (7):
 *
 *   1  next_one < start_kernel       the PC where last_call ends, exact
 *   2  bpf_prog < last_call < start_kernel
 *                                    a return address behind the end of last_call; code that
 *                                    no module has; and code behind the kernel's end
 *   3  walk < step < walk < walk < start_kernel
 *                                    recursion
 *   4  a PC without a symbol < start_kernel
 */
#include <stdio.h>
#include <string.h>

#include "../lib/compiler.h"
#include "../lib/data/data_write.h"
#include "canned.h"
#include "canned_file.h"

#define KERNEL		0xffffffff81000000
#define LAST_CALL	(KERNEL + 0x1000)
#define NEXT_ONE	(KERNEL + 0x1040)
#define WALK		(KERNEL + 0x3000)
#define STEP		(KERNEL + 0x4000)
#define START_KERNEL	(KERNEL + 0x200000)
#define BPF_PROG	0xffffffffc1000100
#define NOWHERE		0xffffffffc2000000
#define START		1000000000000ULL
#define HITS		10

static const struct canned_stack stacks[] = {
	{ 2, STACKID_STACK_EXACT, .pcs = { NEXT_ONE, START_KERNEL + 0x10 } },
	{ 3, .pcs = { BPF_PROG + 0x20, NEXT_ONE, START_KERNEL + 0x10 } },
	{ 5, .pcs = { WALK + 0x10, STEP + 0x10, WALK + 0x20, WALK + 0x30,
		      START_KERNEL + 0x10 } },
	{ 2, .pcs = { NOWHERE, START_KERNEL + 0x10 } },
};

static const struct data_resolved symbols[] = {
	{ NEXT_ONE, true, NEXT_ONE, "next_one", "" },
	{ NEXT_ONE, false, LAST_CALL, "last_call", "" },
	{ START_KERNEL + 0x10, false, START_KERNEL, "start_kernel", "" },
	{ BPF_PROG + 0x20, false, BPF_PROG, "bpf_prog", "bpf" },
	{ WALK + 0x10, false, WALK, "walk", "" },
	{ WALK + 0x20, false, WALK, "walk", "" },
	{ WALK + 0x30, false, WALK, "walk", "" },
	{ STEP + 0x10, false, STEP, "step", "" },
	{ NOWHERE, false, 0, NULL, NULL },
};

static const struct data_task tasks[] = { { 7, 7, "edgy" } };

static const char modules[] =
	"[kernel.kallsyms] 0xffffffff81000000 0x100000 -\n";

static void write_events(struct data_writer *writer)
{
	struct canned ring = { };
	uint64_t time = START;

	canned_number(&ring, STACKID_REC_GENERATION, 1, time, 1);
	for (int i = 0; i < HITS * (int)ARRAY_SIZE(stacks); i++) {
		struct canned_hit hit = {
			.type = STACKID_REC_EVENT,
			.generation = 1,
			.event = 1,
			.id = 1 + i % ARRAY_SIZE(stacks),
			.pid = 7,
			.time = time + 1000,
			.nr_values = 1,
			.values = { -1 - i },
		};

		canned_event(&ring, &hit, NULL);
		time = hit.time;
	}
	canned_write(&ring, writer, 0, 1, time);
	canned_free(&ring);
}

static void write_stacks(struct data_writer *writer)
{
	struct data_resolved copy[ARRAY_SIZE(symbols)];
	struct canned definitions = { };

	for (size_t i = 0; i < ARRAY_SIZE(stacks); i++)
		canned_definition(&definitions, 1 + i, &stacks[i]);
	stackid_data_write(writer, DATA_STACKS, DATA_NO_CPU, 1,
			   definitions.data, definitions.size);
	canned_free(&definitions);
	memcpy(copy, symbols, sizeof(copy));
	stackid_data_write_symbols(writer, 1, copy, ARRAY_SIZE(symbols));
}

int main(int argc, char **argv)
{
	struct canned_file file;
	struct data_writer *writer;

	if (argc != 2) {
		fprintf(stderr, "Usage: make_edges FILE\n");
		return 1;
	}
	if (!canned_file_open(&file, argv[1]))
		return 1;
	writer = file.writer;
	canned_text(writer, DATA_META, DATA_NO_CPU, "hostname=edges\n");
	canned_text(writer, DATA_EVENTS, DATA_NO_CPU,
		    "1 edge value=left=arg1:s64\n");
	canned_text(writer, DATA_MODULES, DATA_NO_CPU, modules);
	stackid_data_write(writer, DATA_TASKS, DATA_NO_CPU, 0, tasks,
			   sizeof(tasks));
	write_events(writer);
	write_stacks(writer);
	canned_text(writer, DATA_LEDGER, DATA_NO_CPU,
		    "offered 0 40\nrecorded 0 40\nhit 0 40\nlost_full 0 0\n");
	canned_text(writer, DATA_END, DATA_NO_CPU, "events=40\nlost=0\n");
	return canned_file_close(&file);
}
