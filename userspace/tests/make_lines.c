// SPDX-License-Identifier: GPL-2.0
/*
 * Writes a data file of stacks that its standard input names: make_lines FILE.  Lines of
 * that, numbers in hexadecimal:
 *
 *   module NAME BASE SIZE BUILD-ID
 *   pc PC START FUNCTION MODULE	MODULE is - for the kernel; a PC that is the first of a
 *					stack is exact
 *   stack HITS PC...			innermost first, of one event
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/buffer.h"
#include "../lib/data/data_write.h"
#include "canned.h"
#include "canned_file.h"

#define START	1000000000000ULL
#define MAX_PCS	64

struct lines {
	struct buffer modules;
	struct data_resolved pcs[2 * MAX_PCS];
	size_t nr_pcs;
	struct canned definitions;
	struct canned ring;
	uint32_t nr_stacks;
};

static void add_pc(struct lines *lines, uint64_t pc, uint64_t start,
		   const char *name, const char *module)
{
	for (int exact = 0; exact < 2; exact++)
		lines->pcs[lines->nr_pcs++] = (struct data_resolved) {
			pc, exact, start, strdup(name),
			strcmp(module, "-") ? strdup(module) : "",
		};
}

static void add_stack(struct lines *lines, char *rest)
{
	struct canned_stack stack = { .flags = STACKID_STACK_EXACT };
	unsigned long hits = strtoul(rest, &rest, 16);

	while (strspn(rest, " ") && stack.nr < 32)
		stack.pcs[stack.nr++] = strtoull(rest, &rest, 16);
	canned_definition(&lines->definitions, ++lines->nr_stacks, &stack);
	while (hits--) {
		struct canned_hit hit = {
			.type = STACKID_REC_EVENT,
			.generation = 1,
			.event = 1,
			.id = lines->nr_stacks,
			.time = lines->ring.last_time + 1000,
		};

		if (hit.time < START)
			hit.time = START;
		canned_event(&lines->ring, &hit, NULL);
	}
}

/* False if it is none. */
static bool add_line(struct lines *lines, char *line)
{
	char name[128], module[128];
	uint64_t pc, start;

	if (!strncmp(line, "module ", 7)) {
		stackid_buffer_add(&lines->modules, line + 7, strlen(line + 7));
		stackid_buffer_add(&lines->modules, "\n", 1);
	} else if (!strncmp(line, "stack ", 6)) {
		add_stack(lines, line + 6);
	} else if (lines->nr_pcs < 2 * MAX_PCS &&
		   sscanf(line, "pc %" SCNx64 " %" SCNx64 " %127s %127s", &pc,
			  &start, name, module) == 4) {
		add_pc(lines, pc, start, name, module);
	} else {
		return false;
	}
	return true;
}

static void write_all(struct lines *lines, struct data_writer *writer)
{
	canned_text(writer, DATA_META, DATA_NO_CPU,
		    "stackid=make_lines\nrelease=6.1.0-lines\n");
	canned_text(writer, DATA_EVENTS, DATA_NO_CPU, "1 lines:hit\n");
	stackid_data_write(writer, DATA_MODULES, DATA_NO_CPU, 0,
			   lines->modules.data, lines->modules.size);
	canned_write(&lines->ring, writer, 0, 1, lines->ring.last_time);
	stackid_data_write(writer, DATA_STACKS, DATA_NO_CPU, 1,
			   lines->definitions.data, lines->definitions.size);
	stackid_data_write_symbols(writer, 1, lines->pcs, lines->nr_pcs);
	canned_text(writer, DATA_END, DATA_NO_CPU, "result=exited 0\n");
}

int main(int argc, char **argv)
{
	static struct lines lines;
	struct canned_file file;
	char line[4096];

	if (argc != 2) {
		fprintf(stderr, "Usage: make_lines FILE <LINES\n");
		return 1;
	}
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (!add_line(&lines, line)) {
			fprintf(stderr, "make_lines: %s\n", line);
			return 1;
		}
	}
	if (!canned_file_open(&file, argv[1]))
		return 1;
	write_all(&lines, file.writer);
	return canned_file_close(&file);
}
