// SPDX-License-Identifier: GPL-2.0
/*
 * Writes data files that nobody would write: make_hostile FILE [CASE], and
 * make_hostile --list for the cases.  Each is small, and was made to cost a reader
 * its life, its memory, its time or the peace of its terminal.
 *
 * Without CASE it is "names": threads and symbols have names with markup, control
 * characters and broken UTF-8, which must reach no terminal and end no script
 * element; and there are so many different stacks that a flame graph has more than
 * 10,000 frames.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/compiler.h"
#include "../lib/data/columns.h"
#include "../lib/data/data_write.h"
#include "../lib/memory.h"
#include "canned.h"
#include "canned_file.h"
#include "forge.h"

#define NR_STACKS	3000
#define NR_FUNCTIONS	200
#define DEPTH		8
#define BASE		0xffffffff81000000
#define START		1000000000000ULL

static const struct data_task tasks[] = {
	{ 1, 1, "<b>bold&\"'" },
	{ 2, 2, "\033[31m\n;red" },
	{ 3, 3, "</script>" },
	{ 4, 4, "\xff\xc0\xaf\xed\xa0\x80 \\u0022" },
	/* CSI as a raw byte, and an order that is turned round. */
	{ 5, 5, "\23331mred" },
	{ 6, 6, "\u202egnp.exe\u2066" },
	{ 7, 7, "" },
};

#define NR_TASKS (sizeof(tasks) / sizeof(tasks[0]))

static const char meta[] =
	"stackid=make_hostile\n"
	"hostname=<i>host</i>\2350;title\x07\n"
	"release=\u202e1.6\n"
	"start=18446744073709551615\n"
	"workload=\302\2332J\n"
	"command=stackid record -- '</script><script>document.title=\"owned\"</script>'\n";
static const char events[] = "1 evil:<event>&amp; value=\x1b[2J\n";
static const char ledger[] =
	"offered 0 21000\n"
	"recorded 0 21000\n"
	"hit 0 21000\n";
static const char end[] = "events=21000\nlost=0\nduration=\x1b[31m1\nresult=\2330m\n";

static const char *name_of(unsigned int function, char *buffer, size_t size)
{
	switch (function) {
	case 0:
		return "</script><script>document.title=\"owned\"</script>";
	case 1:
		return "operator<&\"'>";
	case 2:
		return "\033]0;title\007bell";
	case 3:
		return "<!--";
	case 4:
		return "c1\23331m\302\2330m";
	case 5:
		return "trojan\u202e\u2066source\u2069";
	case 6:
		return "";
	default:
		snprintf(buffer, size, "function_%u", function);
		return buffer;
	}
}

/* Any spread will do that is the same every time. */
static unsigned int scatter(unsigned int x)
{
	return x * 2654435761U >> 8;
}

static void write_stacks(struct data_writer *writer)
{
	static char names[NR_FUNCTIONS][64];
	struct data_resolved symbols[NR_FUNCTIONS];
	struct canned definitions = { };

	for (unsigned int id = 1; id <= NR_STACKS; id++) {
		struct canned_stack stack = { .nr = DEPTH };

		for (unsigned int k = 0; k < DEPTH; k++) {
			unsigned int f = scatter(id * DEPTH + k) % NR_FUNCTIONS;

			stack.pcs[k] = BASE + f * 0x100 + 0x10;
		}
		canned_definition(&definitions, id, &stack);
	}
	stackid_data_write(writer, DATA_STACKS, DATA_NO_CPU, 1,
			   definitions.data, definitions.size);
	canned_free(&definitions);

	for (unsigned int f = 0; f < NR_FUNCTIONS; f++) {
		symbols[f] = (struct data_resolved) {
			BASE + f * 0x100 + 0x10, false, BASE + f * 0x100,
			name_of(f, names[f], sizeof(names[f])),
			f % 5 == 1 ? "<m>" : f % 7 == 2 ? "\233m\u202e" : "",
		};
	}
	stackid_data_write_symbols(writer, 1, symbols, NR_FUNCTIONS);
}

static void write_events(struct data_writer *writer)
{
	struct canned ring = { };
	uint64_t time = START;

	canned_number(&ring, STACKID_REC_GENERATION, 1, time, 1);
	for (unsigned int i = 0; i < NR_STACKS * NR_TASKS; i++) {
		struct canned_hit hit = {
			.type = STACKID_REC_EVENT,
			.generation = 1,
			.event = 1,
			.id = 1 + i / NR_TASKS,
			.pid = tasks[i % NR_TASKS].pid,
			.time = time += 1000,
		};

		canned_event(&ring, &hit, NULL);
	}

	canned_write(&ring, writer, 0, 1, time);
	canned_free(&ring);
}

static void write_names(int fd)
{
	struct data_writer *writer = stackid_data_create(fd);

	if (!writer)
		exit(1);
	canned_text(writer, DATA_META, DATA_NO_CPU, meta);
	canned_text(writer, DATA_EVENTS, DATA_NO_CPU, events);
	stackid_data_write(writer, DATA_TASKS, DATA_NO_CPU, 0, tasks,
			   sizeof(tasks));
	write_events(writer);
	write_stacks(writer);
	canned_text(writer, DATA_LEDGER, DATA_NO_CPU, ledger);
	canned_text(writer, DATA_END, DATA_NO_CPU, end);
	if (stackid_data_destroy(writer))
		exit(1);
}

/* A definition of @nr frames; frame i is pcs[i], of 4 bytes. */
static void add_definition(struct canned *canned, uint32_t id, unsigned int nr,
			   const uint32_t *pcs)
{
	struct stackid_stack block = { .id = id, .depth = nr, .nr = nr };
	struct stackid_def def = {
		.size = sizeof(def) + stackid_stack_size(&block),
		.type = STACKID_DEF_STACK,
		.id = id,
	};

	canned_append(canned, &def, sizeof(def));
	canned_append(canned, &block, sizeof(block));
	canned_append(canned, pcs, nr * sizeof(*pcs));
	if (nr % 2)
		canned_append(canned, "\0\0\0", 4);
}

static void put_stacks(struct forge *forge, uint64_t generation,
		       struct canned *canned)
{
	forge_plain(forge, DATA_STACKS, generation, canned->data,
		    canned->size);
	canned_free(canned);
}

/* Stacks of 255 frames that branch off at each of them. */
static void write_deep(struct forge *forge)
{
	struct canned canned = { };
	uint32_t pcs[256];

	for (unsigned int id = 1; id <= 150; id++) {
		for (unsigned int i = 0; i < 255; i++)
			pcs[254 - i] = i < id ? 0x1000 + i :
						0x100000 + 1000 * id + i;
		add_definition(&canned, id, 255, pcs);
	}
	put_stacks(forge, 1, &canned);
	for (unsigned int id = 1; id <= 150; id++)
		forge_hits(forge, 0, 1, id, 0, 1);
}

/* 2 GiB of META in 66 KB. */
static void write_great_text(struct forge *forge)
{
	size_t size = 1 << 20;
	char *text = stackid_memory_zalloc(size, 1);
	struct data_section head = { .type = DATA_META, .cpu = DATA_NO_CPU };

	memset(text, 'a', size);
	forge_section(forge, head, text, size, 2048);
	free(text);
	forge_hits(forge, 0, 1, 1, 0, 10);
}

/* @nr records that differ in nothing, in few bytes. */
static void forge_equal_hits(struct forge *forge, uint32_t cpu, uint32_t nr)
{
	uint32_t runs = (nr - 2) / 255 + 1;
	struct data_columns columns = { .sizes = {
		[DATA_COLUMN_RUN] = 2 + runs,
		[DATA_COLUMN_TOKEN] = 2,
		[DATA_COLUMN_KIND_0] = 1,
		[DATA_COLUMN_KIND_1] = 1,
		[DATA_COLUMN_HEAD] = 5,
		[DATA_COLUMN_TIME_1] = nr,
		[DATA_COLUMN_TIME_0] = nr,
	} };
	struct data_section head = {
		.type = DATA_CHUNK, .encoding = DATA_COLUMNS, .cpu = cpu,
		.generation = 1, .time = nr, .count = nr,
	};
	/* A new kind, then it again, so that it is expected; EVENT of 16 bytes. */
	const uint8_t kinds[] = { DATA_TOKEN_NEW | DATA_NEW_HEAD,
				  DATA_TOKEN_KNOWN, 1, 0, 0x11, 2, 1, 0, 0 };
	size_t size = sizeof(columns) + 2 + runs + sizeof(kinds) +
		      2 * (size_t)nr;
	uint8_t *payload = stackid_memory_zalloc(size, 1);
	uint8_t *to = payload + sizeof(columns) + 2;

	memcpy(payload, &columns, sizeof(columns));
	memset(to, 255, runs - 1);
	to[runs - 1] = (nr - 2) % 255;
	memcpy(to + runs, kinds, sizeof(kinds));
	forge_section(forge, head, payload, size, 1);
	free(payload);
}

/* 16 million records in 3 KB. */
static void write_great_chunk(struct forge *forge)
{
	forge_equal_hits(forge, 0, 16 << 20);
}

/* Chunks that are no greater than others, but 2,000 of them in 300 KB. */
static void write_many_chunks(struct forge *forge)
{
	for (unsigned int i = 0; i < 2000; i++)
		forge_equal_hits(forge, 0, 100000);
}

/* One on each of many CPUs, all of which have to be in memory. */
static void write_many_cpus(struct forge *forge)
{
	struct canned canned = { };
	struct data_section head = {
		.type = DATA_CHUNK, .encoding = DATA_COLUMNS, .generation = 1,
	};
	struct data_columns columns = { };
	size_t nr = 100;

	/* Records of 255 words, which are almost all zeros. */
	columns.sizes[DATA_COLUMN_RUN] = 3;
	columns.sizes[DATA_COLUMN_TOKEN] = 2;
	columns.sizes[DATA_COLUMN_KIND_0] = 1;
	columns.sizes[DATA_COLUMN_KIND_1] = 1;
	columns.sizes[DATA_COLUMN_HEAD] = 5;
	columns.sizes[DATA_COLUMN_REST] = nr * (255 * 8 - 16);
	columns.sizes[DATA_COLUMN_TIME_1] = nr;
	columns.sizes[DATA_COLUMN_TIME_0] = nr;
	canned_append(&canned, &columns, sizeof(columns));
	canned_append(&canned, (uint8_t []) { 0, 0, nr - 2,
		      DATA_TOKEN_NEW | DATA_NEW_HEAD, DATA_TOKEN_KNOWN, 1, 0,
		      0x12, 255, 1, 0, 0 }, 12);
	for (size_t i = 0; i < (columns.sizes[DATA_COLUMN_REST] + 2 * nr) / 8; i++)
		canned_append(&canned, "\0\0\0\0\0\0\0", 8);
	head.count = nr;
	for (unsigned int cpu = 0; cpu < 2000; cpu++) {
		head.cpu = cpu;
		forge_section(forge, head, canned.data, canned.size, 1);
	}
	canned_free(&canned);
}

/* The greatest id of each of many generations. */
static void write_wide_generations(struct forge *forge)
{
	const uint32_t pcs[2] = { 0x1000, 0x2000 };
	struct canned canned = { };

	for (unsigned int generation = 1; generation <= 300; generation++) {
		add_definition(&canned, 0xffffff, 2, pcs);
		put_stacks(forge, generation, &canned);
	}
	forge_hits(forge, 0, 7, 0xffffff, 0, 10);
}

/* Many generations, and the oldest of them is asked for most. */
static void write_many_generations(struct forge *forge)
{
	const uint32_t pcs[2] = { 0x1000, 0x2000 };
	struct canned canned = { };

	for (unsigned int i = 1; i <= 2000; i++) {
		add_definition(&canned, 1, 2, pcs);
		put_stacks(forge, (uint64_t)i << 16, &canned);
	}
	for (unsigned int i = 0; i < 500; i++) {
		while (canned.size < 1000000)
			add_definition(&canned, 1, 2, pcs);
		put_stacks(forge, 1 << 16, &canned);
	}
	forge_hits(forge, 0, 1 << 16, 1, 0, 10);
}

/* @format: of lines that differ in a number. */
static void put_lines(struct forge *forge, enum data_section_type type,
		      unsigned int nr, const char *format)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	while (nr) {
		fprintf(out, format, nr--);
		if (ftell(out) < 900000 && nr)
			continue;
		fclose(out);
		forge_plain(forge, type, 0, text, size);
		free(text);
		out = open_memstream(&text, &size);
	}
	fclose(out);
	free(text);
}

static void write_many_keys(struct forge *forge)
{
	put_lines(forge, DATA_META, 200000, "k%x=\n");
	forge_hits(forge, 0, 1, 1, 0, 10);
}

static void write_many_events(struct forge *forge)
{
	put_lines(forge, DATA_EVENTS, 400000, "%u e\n");
	forge_hits(forge, 0, 1, 1, 0, 20000);
}

static void write_many_modules(struct forge *forge)
{
	put_lines(forge, DATA_MODULES, 200000, "m%x 0x1 0x1 -\n");
	forge_hits(forge, 0, 1, 1, 0, 10);
}

/* Ledgers of the last CPUs that there can be, with many lines. */
static void write_many_ledgers(struct forge *forge)
{
	static const char text[] = "offered 0 1\nrecorded 0 1\nhit 0 1\n";
	struct data_section head = { .type = DATA_LEDGER };

	for (unsigned int i = 0; i < 200; i++) {
		head.cpu = 65535 - i;
		forge_section(forge, head, text, strlen(text), 1000);
	}
	head.cpu = DATA_NO_CPU;
	forge_section(forge, head, text, strlen(text), 1);
	forge_hits(forge, 0, 1, 1, 0, 1);
}

/* A SYMBOLS payload; @pc, @name and @module by index, 0 ends none of them. */
struct symbols_draft {
	uint32_t nr;
	uint64_t (*pc)(uint32_t i);
	void (*add_name)(struct canned *strings, uint32_t i,
			 struct data_symbol_entry *entry);
};

static void put_symbols(struct forge *forge, const struct symbols_draft *draft)
{
	struct data_symbols head = { draft->nr, draft->nr, 0, 0 };
	struct canned entries = { }, strings = { }, payload = { };

	canned_append(&strings, "", 1);
	canned_append(&payload, &head, sizeof(head));
	for (uint32_t i = 0; i < draft->nr; i++) {
		struct data_symbol_pc pc = { .pc = draft->pc(i), .symbol = i };
		struct data_symbol_entry entry = { };

		draft->add_name(&strings, i, &entry);
		canned_append(&payload, &pc, sizeof(pc));
		canned_append(&entries, &entry, sizeof(entry));
	}
	canned_append(&strings, "", 1);
	((struct data_symbols *)payload.data)->strings_size = strings.size;
	canned_append(&payload, entries.data, entries.size);
	canned_append(&payload, strings.data, strings.size);
	forge_plain(forge, DATA_SYMBOLS, 1, payload.data, payload.size);
	canned_free(&entries);
	canned_free(&strings);
	canned_free(&payload);
}

static uint64_t pc_in_order(uint32_t i)
{
	return 0xffffffff00001000 + 16 * i;
}

static void add_own_module(struct canned *strings, uint32_t i,
			   struct data_symbol_entry *entry)
{
	char name[16];

	snprintf(name, sizeof(name), "m%x", i);
	entry->name = entry->module = strings->size;
	canned_append(strings, name, strlen(name) + 1);
}

/* Each function in a module of its own. */
static void write_own_modules(struct forge *forge)
{
	const struct symbols_draft draft = { 100000, pc_in_order,
					     add_own_module };
	const uint32_t pcs[2] = { 0x1000, 0x2000 };
	struct canned canned = { };

	put_symbols(forge, &draft);
	add_definition(&canned, 1, 2, pcs);
	put_stacks(forge, 1, &canned);
	forge_hits(forge, 0, 1, 1, 0, 10);
}

static void add_long_name(struct canned *strings, uint32_t i,
			  struct data_symbol_entry *entry)
{
	entry->name = 1 + i;
	if (i)
		return;
	for (unsigned int k = 0; k < 1 << 20; k++)
		canned_append(strings, "long", 4);
}

/* A name of 4 MB, and the same less its first letter, and so on. */
static void write_long_names(struct forge *forge)
{
	const struct symbols_draft draft = { 60000, pc_in_order,
					     add_long_name };

	put_symbols(forge, &draft);
	forge_hits(forge, 0, 1, 1, 0, 10);
}

/* What one step of a hash does, undone. */
static uint64_t undo_step(uint64_t x)
{
	const uint64_t factor = 0xd6e8feb86659fd93ULL;
	uint64_t inverse = factor;

	for (int i = 0; i < 6; i++)
		inverse *= 2 - factor * inverse;
	x *= inverse;
	return x ^ x >> 32;
}

/* All in one slot of a table whose hash has no seed. */
static uint64_t pc_in_one_slot(uint32_t i)
{
	uint64_t hash = (uint64_t)(i + 1) << 32;

	return undo_step(undo_step(hash ^ hash >> 32)) ^ 1ULL << 48;
}

static void add_no_name(struct canned *strings, uint32_t i,
			struct data_symbol_entry *entry)
{
	(void)i;
	entry->name = strings->size;
	canned_append(strings, "f", 2);
}

static void write_one_slot(struct forge *forge)
{
	const struct symbols_draft draft = { 100000, pc_in_one_slot,
					     add_no_name };

	put_symbols(forge, &draft);
	forge_hits(forge, 0, 1, 1, 0, 10);
}

/* Hits of 60,000 threads that nobody named, on one stack of 128 frames. */
static void write_many_rows(struct forge *forge)
{
	struct canned canned = { };
	uint32_t pcs[128];

	for (unsigned int i = 0; i < 128; i++)
		pcs[i] = 0x1000 + 16 * i;
	add_definition(&canned, 1, 128, pcs);
	put_stacks(forge, 1, &canned);
	for (unsigned int i = 0; i < 4; i++)
		forge_hits(forge, 0, 1, 1, 1000 + 15000 * i, 15000);
}

/* Stacks that differ in their last frame only, and are all alike otherwise. */
static void write_many_stacks(struct forge *forge)
{
	struct canned canned = { };
	uint32_t pcs[128];
	uint32_t id = 1;

	for (unsigned int i = 0; i < 128; i++)
		pcs[i] = 0x1000 + 16 * i;
	for (unsigned int section = 0; section < 40; section++) {
		for (unsigned int i = 0; i < 1000; i++, id++) {
			pcs[0] = 0x100000 + id;
			add_definition(&canned, id, 128, pcs);
		}
		put_stacks(forge, 1, &canned);
	}
	for (uint32_t i = 1; i < id; i += 20)
		forge_hits(forge, 0, 1, i, 0, 1);
}

/* Of which no id is defined; and LOST records beyond all sums. */
static void write_undefined(struct forge *forge)
{
	struct canned ring = { };
	struct data_writer *writer;

	for (unsigned int i = 1; i <= 12000; i++) {
		struct canned_hit hit = {
			.type = STACKID_REC_EVENT, .generation = 1, .event = 1,
			.id = i, .pid = 1, .time = 1000000000000ULL + i,
		};

		canned_event(&ring, &hit, NULL);
	}
	canned_number(&ring, STACKID_REC_LOST, 1, 1000000020000ULL, UINT64_MAX);
	canned_number(&ring, STACKID_REC_LOST, 1, 1000000020001ULL, UINT64_MAX);
	/* The forge's own header is there already; the writer's replaces it. */
	lseek(forge->fd, 0, SEEK_SET);
	writer = stackid_data_create(forge->fd);
	canned_write(&ring, writer, 0, 1, 1000000020001ULL);
	canned_free(&ring);
	forge->sequence = 1;
	if (stackid_data_destroy(writer))
		exit(1);
}

/* A terabyte of nothing, behind a head that is wrong. */
static void write_hole(struct forge *forge)
{
	forge_hits(forge, 0, 1, 1, 0, 10);
	/* A file system that has no such file leaves the head. */
	if (write(forge->fd, "wrong", 5) != 5 ||
	    ftruncate(forge->fd, 1LL << 40))
		perror("make_hostile: hole");
	lseek(forge->fd, 0, SEEK_END);
}

/* @status: what report has to end with */
static const struct {
	const char *name;
	void (*write)(struct forge *forge);
	int status;
} cases[] = {
	{ "names", NULL, 0 },
	{ "deep", write_deep, 2 },
	{ "great_text", write_great_text, 2 },
	{ "great_chunk", write_great_chunk, 1 },
	{ "many_chunks", write_many_chunks, 1 },
	{ "many_cpus", write_many_cpus, 1 },
	{ "wide_generations", write_wide_generations, 0 },
	{ "many_generations", write_many_generations, 2 },
	{ "many_keys", write_many_keys, 2 },
	{ "many_events", write_many_events, 2 },
	{ "many_modules", write_many_modules, 2 },
	{ "many_ledgers", write_many_ledgers, 2 },
	{ "own_modules", write_own_modules, 0 },
	{ "long_names", write_long_names, 2 },
	{ "one_slot", write_one_slot, 2 },
	{ "many_rows", write_many_rows, 1 },
	{ "many_stacks", write_many_stacks, 0 },
	{ "undefined", write_undefined, 2 },
	{ "hole", write_hole, 2 },
};

static int list(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		printf("%s %d\n", cases[i].name, cases[i].status);
	return 0;
}

int main(int argc, char **argv)
{
	const char *name = argc > 2 ? argv[2] : "names";
	struct forge forge;
	size_t i = 0;
	int fd;

	if (argc == 2 && !strcmp(argv[1], "--list"))
		return list();
	while (i < ARRAY_SIZE(cases) && strcmp(cases[i].name, name))
		i++;
	if (argc < 2 || argc > 3 || i == ARRAY_SIZE(cases)) {
		fprintf(stderr, "Usage: make_hostile FILE [CASE]\n       make_hostile --list\n");
		return 1;
	}
	fd = open(argv[1], O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	if (cases[i].write) {
		forge_begin(&forge, fd);
		cases[i].write(&forge);
		forge_text(&forge, DATA_END, "events=1\n");
	} else {
		write_names(fd);
	}
	if (close(fd)) {
		perror(argv[1]);
		return 1;
	}
	return 0;
}
