// SPDX-License-Identifier: GPL-2.0
/* stackid ledger: the ledger, live or of a data file. */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "ledger/ledger_print.h"
#include "lib/data/data.h"
#include "lib/data/data_follow.h"
#include "lib/live/control.h"
#include "lib/memory.h"

struct ledger_options {
	const char *input;
	uint64_t interval;
	bool all;
	bool force;
	bool per_cpu;
	bool strict_loss;
};

static int take_interval(const char *arg, void *field)
{
	uint64_t *interval = field;

	if (stackid_parse_number(arg, "ledger: -I", interval))
		return -1;
	if (*interval && *interval <= INT32_MAX)
		return 0;
	stackid_complain("ledger: -I takes milliseconds from 1 to %d, not '%s'",
			 INT32_MAX, arg);
	return -1;
}

static const struct option_row options[] = {
	OPTION_STRING('i', "input", struct ledger_options, input, "FILE", "file",
		      "the ledger of a data file, of its recording only; - is a pipe. Without it: the module's own, since it was loaded"),
	OPTION_FLAG('f', "force", struct ledger_options, force,
		    "of a file: read it whatever memory it asks for"),
	OPTION_CALL('I', "interval-print", struct ledger_options, interval,
		    "MS", NULL, take_interval,
		    "live: what has been added, every MS milliseconds until Ctrl-C"),
	OPTION_FLAG('A', "per-cpu", struct ledger_options, per_cpu,
		    "of a file: of each CPU, too"),
	OPTION_FLAG(0, "zeros", struct ledger_options, all,
		    "also counters that are 0"),
	OPTION_FLAG(0, "strict-loss", struct ledger_options, strict_loss,
		    "exit with 3 if events were lost"),
	OPTION_END
};

static int ledger(const struct command *self, int argc, char **argv);

const struct command stackid_command_ledger = {
	.name = "ledger",
	.summary = "what became of every event: the ledger",
	.usage = "[OPTIONS]",
	.description =
		"Prints the counters, a value and a name a line.  Every event is in one of them:\n"
		"  offered  = recorded + lost_full + lost_recursion + lost_rcu\n"
		"  recorded = hit + inline + user + empty\n"
		"Where a sum of a finished recording does not hold, that is said.\n",
	.examples =
		"  stackid ledger -i stackid.data\n"
		"  stackid ledger -i stackid.data -A --strict-loss\n"
		"  sudo stackid ledger\n"
		"  sudo stackid ledger -I 1000\n",
	.options = options,
	.run = ledger,
};

static bool check_sum(const struct data_reader *reader, uint32_t cpu,
		      enum ledger_word whole)
{
	uint64_t value = stackid_data_ledger(reader, cpu, whole), sum = 0;

	for (enum ledger_word i = 0; i < NR_LEDGER; i++) {
		if (stackid_ledger[i].sum == whole)
			sum += stackid_data_ledger(reader, cpu, i);
	}
	if (sum == value)
		return true;
	stackid_complain("the ledger does not add up: %s is %" PRIu64 ", the sum of its parts %" PRIu64,
			 stackid_ledger[whole].word, value, sum);
	return false;
}

static bool check_sums(const struct data_reader *reader)
{
	bool right = check_sum(reader, DATA_NO_CPU, LEDGER_OFFERED);

	return check_sum(reader, DATA_NO_CPU, LEDGER_RECORDED) && right;
}

/* The ledger stands at the end, so of a pipe nothing else is kept. */
static struct data_reader *open_file(const struct ledger_options *opts)
{
	struct data_reader *reader;

	if (!stackid_data_is_pipe(opts->input))
		return stackid_data_open(opts->input, opts->force);
	reader = stackid_data_stream_open(opts->input, opts->force, false);
	if (reader)
		stackid_data_follow_rest(reader);
	return reader;
}

static int ledger_of_file(const struct ledger_options *opts)
{
	struct data_reader *reader = open_file(opts);
	const char *name;
	uint64_t start, end;
	bool lost, right;
	int code;

	if (!reader)
		return EXIT_FAILED;
	if (!stackid_data_ledger_at(reader, DATA_NO_CPU, 0, &name, &start,
				    &end)) {
		stackid_complain("the ledger is written at the end of a recording, and this one was cut off before");
		stackid_data_close(reader);
		return EXIT_DAMAGED;
	}
	stackid_ledger_print(stdout, reader, DATA_NO_CPU, opts->all);
	for (uint32_t cpu = 0; opts->per_cpu &&
	     cpu < stackid_data_nr_cpus(reader); cpu++) {
		if (!stackid_data_ledger_at(reader, cpu, 0, &name, &start,
					    &end))
			continue;
		printf("\nCPU %u\n", cpu);
		stackid_ledger_print(stdout, reader, cpu, opts->all);
	}
	right = check_sums(reader);
	lost = stackid_data_lost(reader);
	code = stackid_data_close(reader);
	if (code == EXIT_OK && !right)
		code = EXIT_FAILED;
	if (code == EXIT_OK && lost && opts->strict_loss)
		code = EXIT_LOSS;
	return code;
}

/* @before: NULL at the first time. */
static void print_live(const struct ledger_options *opts, const char *stats,
		       const char *before)
{
	char *copy = stackid_memory_strdup(stats);
	char *rest = copy, *name;
	uint64_t now, then;

	while ((name = stackid_control_next_counter(&rest, &now))) {
		if (before && stackid_control_counter(before, name, &then) &&
		    then <= now)
			now -= then;
		stackid_ledger_print_counter(stdout, name, now, opts->all);
	}
	free(copy);
	fflush(stdout);
}

static int ledger_of_module(const struct ledger_options *opts)
{
	struct control control;
	char *before = NULL;
	uint64_t lost = 0;
	char *stats;

	if (stackid_control_open(&control))
		return EXIT_FAILED;
	for (;;) {
		stats = stackid_control_read(&control, "stats");
		if (!stats)
			break;
		print_live(opts, stats, before);
		if (!opts->interval || ferror(stdout))
			break;
		printf("\n");
		free(before);
		before = stats;
		poll(NULL, 0, opts->interval);
	}
	for (enum ledger_word i = 0; stats && i < NR_LEDGER; i++) {
		uint64_t value;

		if (stackid_ledger_is_loss(i) &&
		    stackid_control_counter(stats, stackid_ledger[i].word,
					    &value))
			lost += value;
	}
	if (stats != before)
		free(before);
	stackid_control_close(&control);
	if (!stats)
		return EXIT_FAILED;
	free(stats);
	return lost && opts->strict_loss ? EXIT_LOSS : EXIT_OK;
}

static int ledger(const struct command *self, int argc, char **argv)
{
	struct ledger_options opts = { .input = NULL };
	int first = stackid_command_parse(self, &opts, argc, argv);

	if (argv[first])
		stackid_command_misused(self, "'%s' is no option; a file is named by -i",
					argv[first]);
	if (opts.input && opts.interval)
		stackid_command_misused(self, "-I is for the live ledger, a file has only one");
	if (opts.per_cpu && !opts.input)
		stackid_command_misused(self, "-A is for a file; live see /sys/kernel/debug/stackid/per_cpu/cpuN/stats");
	return opts.input ? ledger_of_file(&opts) : ledger_of_module(&opts);
}
