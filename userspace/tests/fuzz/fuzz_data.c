// SPDX-License-Identifier: GPL-2.0
/*
 * A data file through the commands that read one, as they are called from a shell.
 * The reserved number of the file's header chooses the call, so that an input is a file
 * as any other and can be given to the command itself.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../command.h"
#include "../../lib/array.h"
#include "../../lib/data/data.h"
#include "fuzz.h"
#include "mutate_data.h"

#define MAX_WORDS 16

/* "FILE" is the input, and so is what comes through the standard input, a pipe. */
static const struct way {
	const struct command *command;
	const char *words[MAX_WORDS];
} ways[] = {
	{ &stackid_command_report, { "report", "-i", "FILE" } },
	{ &stackid_command_report, {
		"report", "--header", "--no-children", "-n",
		"--show-total-period", "-i", "FILE" } },
	{ &stackid_command_report, {
		"report", "--sort", "pid,tid,cpu,sym,module,event,stack", "-i",
		"FILE" } },
	{ &stackid_command_report, {
		"report", "--sort", "sym", "--order", "callee", "--no-children",
		"--percent-limit", "0", "-i", "FILE" } },
	{ &stackid_command_report, {
		"report", "-q", "-t", ";", "-F",
		"overhead,sample,period,comm,sym", "-g", "flat", "-i", "FILE" } },
	{ &stackid_command_report, {
		"report", "--hierarchy", "--sort", "comm,module,sym", "-g",
		"fractal,0", "-i", "FILE" } },
	{ &stackid_command_report, {
		"report", "--sort", "time,sym", "--time", "10%-90%",
		"--time-quantum", "1ms", "-g", "folded", "-i", "FILE" } },
	{ &stackid_command_report, {
		"report", "--weight", "value", "--focus", "^[a-m]",
		"--ignore-callees", "x", "-w", "10,20", "-i", "FILE" } },
	{ &stackid_command_report, {
		"report", "-p", "_", "--no-idle", "--sort", "parent,comm",
		"--max-stack", "3", "-i", "FILE" } },
	{ &stackid_command_script, {
		"script", "--header", "--show-lost-events", "-F",
		"+pid,+value,+stack", "-i", "FILE" } },
	{ &stackid_command_script, {
		"script", "-G", "--deltatime", "--ns", "--time", "10%-90%", "-i",
		"FILE" } },
	{ &stackid_command_script, { "script", "--follow", "-i", "FILE" } },
	{ &stackid_command_script, { "script", "-F", "+stack", "-i", "-" } },
	{ &stackid_command_report, { "report", "-i", "-" } },
	{ &stackid_command_export, { "export", "-F", "jsonl", "-i", "-" } },
	{ &stackid_command_ledger, { "ledger", "-i", "-" } },
	{ &stackid_command_flamegraph, { "flamegraph", "-o", "-", "-i", "FILE" } },
	{ &stackid_command_flamegraph, {
		"flamegraph", "--folded", "--weight", "value", "-i", "FILE" } },
	{ &stackid_command_flamegraph, {
		"flamegraph", "-o", "-", "--diff", "FILE", "FILE" } },
	{ &stackid_command_diff, { "diff", "FILE", "FILE" } },
	{ &stackid_command_ledger, {
		"ledger", "-A", "--zeros", "-i", "FILE" } },
	{ &stackid_command_offcpu, { "offcpu", "-i", "FILE" } },
	{ &stackid_command_offcpu, {
		"offcpu", "--folded", "--time", "10%-90%", "-i", "FILE" } },
	{ &stackid_command_offcpu, {
		"offcpu", "--show", "thread,longest", "-n", "2", "-i", "FILE" } },
	{ &stackid_command_leak, { "leak", "-i", "FILE" } },
	{ &stackid_command_leak, {
		"leak", "--windows", "4", "-s", "bytes", "-i", "FILE" } },
	{ &stackid_command_leak, { "leak", "--folded", "-i", "FILE" } },
};

static struct memory_file file;

/* An input has room in it. */
static void fill_pipe(const void *data, size_t size)
{
	int ends[2];

	if (pipe(ends) || write(ends[1], data, size) != (ssize_t)size)
		abort();
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	close(ends[1]);
}

int LLVMFuzzerInitialize(int *argc __attribute__((unused)),
			 char ***argv __attribute__((unused)))
{
	fuzz_file_create(&file);
	fuzz_close_mouth();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct data_file_header header = { };
	char *words[MAX_WORDS + 1] = { };
	const struct way *way;
	int nr, code;

	memcpy(&header, data, size < sizeof(header) ? size : sizeof(header));
	way = &ways[header.reserved % ARRAY_SIZE(ways)];
	for (nr = 0; nr < MAX_WORDS && way->words[nr]; nr++)
		words[nr] = strcmp(way->words[nr], "FILE") ?
			    (char *)way->words[nr] : file.path;
	fuzz_file_fill(&file, data, size);
	if (nr && !strcmp(words[nr - 1], "-"))
		fill_pipe(data, size);
	code = way->command->run(way->command, nr, words);
	fuzz_check_mouth();
	if (code < EXIT_OK || code > EXIT_DAMAGED)
		fuzz_fail("%s ended with %d", words[0], code);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room,
			       unsigned int seed)
{
	struct dice dice = { seed };

	/* As damage on the way does it: nothing is put right. */
	if (!roll(&dice, 16))
		return LLVMFuzzerMutate(data, size, room);
	return mutate_data(data, size, room, &dice);
}
