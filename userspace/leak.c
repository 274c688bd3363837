// SPDX-License-Identifier: GPL-2.0
/*
 * stackid leak: what the kernel allocated and did not free.  It records the events of
 * its allocators, or reads a file that has them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "leak/leak_report.h"
#include "lib/duration.h"
#include "lib/memory.h"
#include "lib/pager.h"

#define DEFAULT_TOP	20
#define DEFAULT_WHAT	(1U << ALLOCATOR_KMALLOC | 1U << ALLOCATOR_CACHE)
/* Of all allocators. */
#define MAX_LINES	16

static int take_what(const char *arg, void *field)
{
	const char *names[NR_ALLOCATORS];

	for (unsigned int i = 0; i < NR_ALLOCATORS; i++)
		names[i] = stackid_allocators[i].name;
	return stackid_words_take_bits(arg, "--what knows no", names,
				       NR_ALLOCATORS, field);
}

static int take_older(const char *arg, void *field)
{
	return stackid_parse_duration(arg, "--older", field);
}

static int take_sizes(const char *arg, void *field)
{
	return stackid_ranges_add(field, arg, "--size");
}

static int take_windows(const char *arg, void *field)
{
	uint64_t *windows = field;

	if (stackid_parse_number(arg, "--windows", windows))
		return -1;
	if (*windows >= 2 && *windows <= LEAK_MAX_WINDOWS)
		return 0;
	stackid_complain("--windows takes a number from 2 to %d, not %s",
			 LEAK_MAX_WINDOWS, arg);
	return -1;
}

static int take_order(const char *arg, void *field)
{
	static const char *const names[] = {
		[LEAK_BY_OLDEST]	= "oldest",
		[LEAK_BY_BYTES]		= "bytes",
		[LEAK_BY_OBJECTS]	= "objects",
	};

	for (unsigned int i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!strcmp(arg, names[i])) {
			*(enum leak_order *)field = i;
			return 0;
		}
	}
	stackid_refuse_word("--sort has no order", arg, names,
			    sizeof(names) / sizeof(*names));
	return -1;
}

/* What --what asks for has to be in the file. */
static int check_allocators(const struct leak_sites *sites)
{
	for (unsigned int i = 0; i < NR_ALLOCATORS; i++) {
		if (!(sites->options->what & 1U << i) ||
		    stackid_allocations_has(sites->allocations, i))
			continue;
		stackid_complain("the file has not the events of %s: record it with 'stackid leak --what %s'",
				 stackid_allocators[i].name,
				 stackid_allocators[i].name);
		return -1;
	}
	return 0;
}

static int show(struct leak_sites *sites, struct reading *reading)
{
	const struct leak_options *options = sites->options;
	char *loss;
	int result = EXIT_OK;

	stackid_leak_sites_fill(sites);
	if (options->page || options->folded) {
		if (!sites->nr) {
			stackid_complain("nothing to draw: all was freed, or is left out by the options");
			return EXIT_FAILED;
		}
		result = stackid_leak_report_draw(sites, reading);
		if (result == EXIT_OK)
			stackid_reading_complain_loss(reading);
		return result;
	}
	loss = stackid_reading_loss(reading);
	if (!options->plain && options->reading.pager)
		stackid_pager_start();
	printf("# %s\n", loss);
	free(loss);
	stackid_leak_report_print(sites);
	return result;
}

static int read_file(struct leak_options *options, bool workload)
{
	struct leak_sites sites = { .options = options };
	struct reading *reading = stackid_reading_open(&options->reading);
	int result = EXIT_FAILED;

	if (!reading)
		return EXIT_FAILED;
	sites.reading = reading;
	sites.data = stackid_reading_data(reading);
	if (!stackid_record_own_choose(&options->own, sites.data, workload,
				       &options->who))
		sites.allocations = stackid_allocations_open(sites.data);
	if (sites.allocations) {
		if (!check_allocators(&sites))
			result = show(&sites, reading);
		stackid_leak_sites_free(&sites);
		stackid_allocations_close(sites.allocations);
	}
	return stackid_reading_close(reading, result);
}

static size_t add_lines(const struct allocator_events *events,
			const char **lines, size_t nr)
{
	for (const char *const *line = events->lines; *line; line++) {
		size_t i = 0;

		while (i < nr && strcmp(lines[i], *line))
			i++;
		lines[i] = *line;
		nr += i == nr;
	}
	return nr;
}

/* The workload's exit code, or what reading gives. */
static int record(struct leak_options *options, int argc, char **argv,
		  int first)
{
	const char *lines[MAX_LINES];
	size_t nr = 0;
	int code, result;

	if (!options->what)
		options->what = DEFAULT_WHAT;
	for (unsigned int i = 0; i < NR_ALLOCATORS; i++) {
		if (options->what & 1U << i)
			nr = add_lines(&stackid_allocators[i], lines, nr);
	}
	code = stackid_record_own(&options->own, "leak", lines, nr, argc, argv,
				  first, &options->reading.input);
	if (!options->reading.input)
		return code;
	result = read_file(options, first < argc);
	return result == EXIT_OK ? code : result;
}

static int run(const struct command *self, int argc, char **argv)
{
	struct leak_options options = {
		.reading.pager = true,
		.top = DEFAULT_TOP,
	};
	int first = stackid_command_parse(self, &options, argc, argv);
	int result;

	if (options.page && options.folded)
		stackid_command_misused(self, "--flamegraph writes a page and --folded lines of text: give one of them");
	stackid_record_own_check(&options.own, self, options.reading.input,
				 argv[first]);
	if (options.reading.input)
		result = read_file(&options, false);
	else
		result = record(&options, argc, argv, first);
	free(options.who.at);
	free(options.sizes.at);
	stackid_words_free(&options.comms);
	return result;
}

static const struct option_row rows[] = {
	OPTION_GROUP("Input"),
	OPTION_STRING('i', "input", struct leak_options, reading.input, "FILE",
		      "file",
		      "record nothing, read FILE, which has the events; - is a pipe"),
	READING_FILE_OPTION_ROWS(struct leak_options),
	RECORD_OWN_OPTION_ROWS(struct leak_options),
	OPTION_GROUP("Which allocations"),
	OPTION_CALL(0, "what", struct leak_options, what, "WHAT[,WHAT]",
		    "kmalloc cache page percpu", take_what,
		    "of kmalloc, cache, page, percpu (default: kmalloc,cache; with -i all in the file)"),
	OPTION_FLAG('a', "all-cpus", struct leak_options, own.all,
		    "those of everybody, not only of the workload"),
	OPTION_STRING('p', "pid", struct leak_options, own.pids, "PID[,PID]",
		      "pid",
		      "those of these processes and of what they start; recording ends with them"),
	OPTION_CALL('c', "comms", struct leak_options, comms, "COMM[,COMM]",
		    "comm", stackid_words_add,
		    "those of threads with these names"),
	OPTION_CALL(0, "size", struct leak_options, sizes, "BYTES[-BYTES]",
		    NULL, take_sizes, "those of these sizes, such as 64,1000-2000"),
	OPTION_CALL(0, "older", struct leak_options, older, "DURATION", NULL,
		    take_older,
		    "not freed for at least so long when the recording ended, such as 500ms"),
	OPTION_CALL(0, "windows", struct leak_options, windows, "N", NULL,
		    take_windows,
		    "only stacks whose bytes grew in each of N equal parts of the recording"),
	READING_MOMENT_OPTION_ROWS(struct leak_options),
	OPTION_GROUP("Output"),
	OPTION_CALL('s', "sort", struct leak_options, order, "ORDER",
		    "oldest bytes objects", take_order,
		    "first who holds the oldest (default), the most bytes or objects"),
	OPTION_NUMBER('n', "top", struct leak_options, top, "N",
		      "so many stacks (default 20); 0 is all"),
	OPTION_STRING(0, "flamegraph", struct leak_options, page, "FILE",
		      "file",
		      "write a flame graph of the bytes to FILE, an HTML page, instead"),
	OPTION_FLAG(0, "folded", struct leak_options, folded,
		    "print folded stacks with their bytes instead"),
	OPTION_FLAG(0, "stdio", struct leak_options, plain,
		    "no pager on terminals"),
	OPTION_END,
};

const struct command stackid_command_leak = {
	.name = "leak",
	.summary = "show what the kernel allocated and did not free",
	.usage = "[OPTIONS] [--] [COMMAND [ARGS]]",
	.description =
		"Records allocations and frees while COMMAND runs, and shows what COMMAND let the\n"
		"kernel allocate in that time and nobody freed, by stack, the oldest first.  With -a\n"
		"it is what anybody allocated.  Without COMMAND it records until Ctrl-C; with -i it\n"
		"shows a recording that is there.\n",
	.examples =
		"  sudo stackid leak -a -- sleep 10\n"
		"  sudo stackid leak -a --windows 5 --older 1s -- sleep 30\n"
		"  sudo stackid leak --what page,percpu -- modprobe -r loop\n"
		"  stackid leak -i stackid.data --size 64 --sort bytes\n",
	.options = rows,
	.stop_at_word = true,
	.run = run,
};
