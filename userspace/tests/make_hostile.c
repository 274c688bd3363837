// SPDX-License-Identifier: GPL-2.0
/*
 * Writes a data file that nobody would write: make_hostile FILE.  Threads and
 * symbols have names with markup, control characters and broken UTF-8, which
 * must reach no terminal and end no script element; and there are so many
 * different stacks that a flame graph has more than 10,000 frames.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "canned.h"
#include "data_write.h"

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
};

#define NR_TASKS (sizeof(tasks) / sizeof(tasks[0]))

static const char meta[] =
	"stackid=make_hostile\n"
	"hostname=<i>host</i>\n"
	"command=stackid record -- '</script><script>document.title=\"owned\"</script>'\n";
static const char events[] = "1 evil:<event>&amp;\n";
static const char ledger[] =
	"offered 0 12000\n"
	"recorded 0 12000\n"
	"hit 0 12000\n";
static const char end[] = "events=12000\nlost=0\nduration=1\n";

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
			f % 5 == 1 ? "<m>" : "",
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

static void write_text(struct data_writer *writer, enum data_section_type type,
		       const char *text)
{
	stackid_data_write(writer, type, DATA_NO_CPU, 0, text, strlen(text));
}

int main(int argc, char **argv)
{
	struct data_writer *writer;
	int fd;

	if (argc != 2) {
		fprintf(stderr, "Usage: make_hostile FILE\n");
		return 1;
	}
	fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	writer = stackid_data_create(fd);
	if (!writer)
		return 1;
	write_text(writer, DATA_META, meta);
	write_text(writer, DATA_EVENTS, events);
	stackid_data_write(writer, DATA_TASKS, DATA_NO_CPU, 0, tasks,
			   sizeof(tasks));
	write_events(writer);
	write_stacks(writer);
	write_text(writer, DATA_LEDGER, ledger);
	write_text(writer, DATA_END, end);
	if (stackid_data_destroy(writer) || close(fd)) {
		perror(argv[1]);
		return 1;
	}
	return 0;
}
