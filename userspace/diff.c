// SPDX-License-Identifier: GPL-2.0
/*
 * stackid diff: what is more and what is less in one recording than in another, in
 * the look of "perf diff".
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stackid.h>

#include "diff/diff_table.h"
#include "lib/clock.h"
#include "lib/memory.h"
#include "lib/pager.h"
#include "lib/plain.h"
#include "lib/words.h"

struct diff_options {
	struct reading_options reading;
	const char *by;
	const char *per;
	const char *percent_limit;
	bool children;
	bool plain;
};

static const char * const key_words[DIFF_NR_KEYS] = {
	[DIFF_FUNCTION]	= "function",
	[DIFF_STACK]	= "stack",
	[DIFF_COMM]	= "comm",
	[DIFF_MODULE]	= "module",
};

static const char * const per_words[DIFF_NR_PERS] = {
	[DIFF_PER_NOTHING]	= "nothing",
	[DIFF_PER_EVENT]	= "event",
	[DIFF_PER_SECOND]	= "second",
	[DIFF_PER_CPU]		= "cpu",
};

static const char * const units[DIFF_NR_PERS] = {
	[DIFF_PER_NOTHING]	= "",
	[DIFF_PER_EVENT]	= ", as shares of those",
	[DIFF_PER_SECOND]	= ", per second",
	[DIFF_PER_CPU]		= ", per second and CPU",
};

/* 0, or -1 after a complaint. */
static int find_word(const char *what, const char *word,
		     const char *const *words, unsigned int nr,
		     unsigned int *number)
{
	for (*number = 0; *number < nr; ++*number) {
		if (!strcmp(words[*number], word))
			return 0;
	}
	stackid_refuse_word(what, word, words, nr);
	return -1;
}

/* What perf diff and stackid report call it. */
static const char *translate(const char *word)
{
	if (!strcmp(word, "sym") || !strcmp(word, "symbol"))
		return key_words[DIFF_FUNCTION];
	return !strcmp(word, "dso") ? key_words[DIFF_MODULE] : word;
}

static int settle_options(struct diff *diff, const struct diff_options *options)
{
	unsigned int key, per;
	char *end;

	if (find_word("--by knows no key", translate(options->by), key_words,
		      DIFF_NR_KEYS, &key) ||
	    find_word("--per knows no", options->per, per_words, DIFF_NR_PERS,
		      &per))
		return -1;
	diff->key = key;
	diff->per = per;
	diff->children = options->children;
	if (!options->percent_limit)
		return 0;
	diff->limit = strtod(options->percent_limit, &end);
	if (end == options->percent_limit || *end ||
	    !(diff->limit >= 0 && diff->limit <= 100)) {
		stackid_complain("--percent-limit takes a number from 0 to 100, not '%s'",
				 options->percent_limit);
		return -1;
	}
	return 0;
}

static uint64_t number_of(const struct comparison_side *side, const char *key)
{
	uint64_t number;

	if (!stackid_reading_number(side->reading, key, &number))
		return 0;
	return number;
}

static int compare_spans(const void *a, const void *b)
{
	const struct timespan *x = a;
	const struct timespan *y = b;

	return (x->first > y->first) - (x->first < y->first);
}

/* How long the file's events are from --time, in ns. */
static uint64_t measure_spans(const struct comparison_side *side,
			      const struct timespans *spans)
{
	struct timespan *sorted;
	uint64_t from, last, sum = 0;

	if (!spans->nr || !stackid_data_span(side->data, &from, &last))
		return 0;
	sorted = stackid_memory_resize(NULL, spans->nr, sizeof(*sorted));
	memcpy(sorted, spans->at, spans->nr * sizeof(*sorted));
	qsort(sorted, spans->nr, sizeof(*sorted), compare_spans);
	for (size_t i = 0; i < spans->nr; i++) {
		uint64_t end = sorted[i].last < last ? sorted[i].last : last;

		if (sorted[i].first > from)
			from = sorted[i].first;
		if (end < from)
			continue;
		sum += end - from + 1;
		from = end + 1;
	}
	free(sorted);
	return sum;
}

/* 0 if nobody knows. */
static uint64_t measure_time(const struct comparison_side *side,
			     const struct filter *filter)
{
	return filter->times.text ? measure_spans(side, &filter->times) :
				    number_of(side, "duration");
}

/* CPUs that the options left in. */
static uint64_t count_cpus(const struct comparison_side *side,
			   const struct ranges *chosen)
{
	uint64_t nr = 0;

	if (!chosen->nr)
		return number_of(side, "cpus");
	for (uint32_t i = 0; i < stackid_data_nr_cpus(side->data); i++)
		nr += stackid_ranges_has(chosen, i);
	return nr;
}

/* The divisors that are the same for all events; -1 after a complaint. */
static int settle_divisors(struct diff *diff,
			   const struct diff_options options[2])
{
	for (int i = 0; i < 2; i++) {
		struct comparison_side *side = &diff->comparison.sides[i];
		uint64_t by = 1;

		diff->took[i] = measure_time(side, &options[i].reading.filter);
		if (diff->per >= DIFF_PER_SECOND)
			by = diff->took[i];
		if (!by) {
			stackid_complain("%s does not say how long that took: compare without --per %s",
					 stackid_reading_name(side->reading),
					 per_words[diff->per]);
			return -1;
		}
		if (diff->per == DIFF_PER_CPU) {
			const struct ranges *cpus =
				&options[i].reading.filter.cpus;
			uint64_t nr = count_cpus(side, cpus);

			if (!nr || nr > DATA_MAX_CPUS ||
			    by > UINT64_MAX / nr) {
				stackid_complain("%s does not say how many CPUs there were: compare without --per cpu",
						 stackid_reading_name(side->reading));
				return -1;
			}
			by *= nr;
		}
		diff->by[i] = by;
	}
	return 0;
}

static void print_file(const struct diff *diff, int i)
{
	const struct comparison_side *side = &diff->comparison.sides[i];
	uint64_t took = diff->took[i];
	char *loss = stackid_reading_loss(side->reading);
	char *name = stackid_memory_strdup(stackid_reading_name(side->reading));
	char start[64];

	stackid_plain_make(name);
	printf("# %s: %s", i ? "Now     " : "Baseline", name);
	if (stackid_reading_start(side->reading, "%Y-%m-%d %H:%M:%S UTC", start,
				  sizeof(start)))
		printf(", %s", start);
	if (took)
		printf(", %.3f s", took / 1e9);
	printf(", %s\n", loss);
	free(name);
	free(loss);
}

/* 1 in 20 is what two runs of one thing differ by. */
static void hint_at_duration(const struct diff *diff)
{
	double a = diff->took[0];
	double b = diff->took[1];

	if (diff->per != DIFF_PER_NOTHING || !a || !b ||
	    (a < 1.05 * b && b < 1.05 * a))
		return;
	printf("# The second one took %.2f times as long: --per second compares rates.\n",
	       b / a);
}

static void print_event(struct diff *diff, const struct comparison_event *event,
			bool weigh)
{
	const char *what = weigh ? "in all values" : "hits";
	struct profile_sum sums[2];

	for (int i = 0; i < 2; i++) {
		sums[i] = stackid_comparison_sum(&diff->comparison, event, i);
		/* Without any all shares are 0 of 1. */
		if (diff->per == DIFF_PER_EVENT)
			diff->by[i] = sums[i].weight ? sums[i].weight : 1;
	}
	printf("# Event '%s': %" PRIu64 " -> %" PRIu64 " %s%s\n#\n",
	       event->name, sums[0].weight, sums[1].weight, what,
	       units[diff->per]);
	for (int i = 0; i < 2; i++) {
		if (event->number[i] < 0)
			printf("# Only %s has this event.\n#\n",
			       i ? "the baseline" : "the second one");
		if (sums[i].overflow)
			puts("# The sum of the values has no room in 64 bits; the change is wrong.\n#");
	}
	stackid_diff_table_print(diff, event);
}

static void print_diff(struct diff *diff, bool weigh)
{
	print_file(diff, 0);
	print_file(diff, 1);
	hint_at_duration(diff);
	puts("#");
	for (size_t i = 0; i < diff->comparison.nr_events; i++)
		print_event(diff, &diff->comparison.events[i], weigh);
}

static int run(const struct command *self, int argc, char **argv)
{
	/* Each side has lists of its own, so the options are read twice. */
	struct diff_options options[2];
	struct diff diff = { };
	bool weigh;
	int first = 0;
	int result;

	for (int i = 0; i < 2; i++) {
		options[i] = (struct diff_options) {
			.reading.pager = true,
			.children = true,
			.by = key_words[DIFF_FUNCTION],
			.per = per_words[DIFF_PER_NOTHING],
		};
		first = stackid_command_parse(self, &options[i], argc, argv);
	}
	if (argc - first > 2)
		stackid_command_misused(self, "'%s' is one word too many: it compares two files",
					argv[first + 2]);
	if (settle_options(&diff, &options[0]))
		return EXIT_USAGE;
	weigh = stackid_reading_is_weighed(&options[0].reading);
	stackid_comparison_name(&options[0].reading, &options[1].reading,
				argv + first, argc - first);
	result = stackid_comparison_open(&diff.comparison, &options[0].reading,
					 &options[1].reading,
					 diff.key == DIFF_COMM ? PROFILE_COMM : 0,
					 weigh);
	if (result != EXIT_OK)
		return result;
	if (settle_divisors(&diff, options)) {
		result = EXIT_FAILED;
	} else {
		if (!options[0].plain) {
			diff.colours = stackid_terminal_colours();
			if (options[0].reading.pager)
				stackid_pager_start();
		}
		print_diff(&diff, weigh);
	}
	return stackid_comparison_close(&diff.comparison, result);
}

static const struct option_row rows[] = {
	OPTION_GROUP("Rows"),
	OPTION_STRING('s', "sort", struct diff_options, by, "KEY",
		      "function stack comm module",
		      "a row for each function (default), stack, comm or module"),
	OPTION_STRING(0, "by", struct diff_options, by, "KEY",
		      "function stack comm module", "the same as --sort"),
	OPTION_FLAG(0, "children", struct diff_options, children,
		    "count what a function called to it too (default; --no-children does not)"),
	OPTION_STRING(0, "per", struct diff_options, per, "WHAT",
		      "nothing event second cpu",
		      "compare counts (nothing, the default), shares of each event, or rates per second or per second and CPU"),
	READING_WEIGHT_ROW(struct diff_options,
			   "count hits (default), or sum up the value of this name; 'value' is each event's first"),
	OPTION_STRING(0, "percent-limit", struct diff_options, percent_limit,
		      "PERCENT", NULL,
		      "leave out changes below PERCENT of all that the event has (default 0)"),
	OPTION_GROUP("Both files"),
	READING_WAY_OPTION_ROWS(struct diff_options),
	OPTION_GROUP("Output"),
	OPTION_FLAG(0, "stdio", struct diff_options, plain,
		    "plain text on terminals too: no pager, no colours"),
	OPTION_FLAG(0, "pager", struct diff_options, reading.pager,
		    "page a long text on a terminal (default; see STACKID_PAGER)"),
	OPTION_END,
};

const struct command stackid_command_diff = {
	.name = "diff",
	.summary = "show what differs between two recordings",
	.usage = "[OPTIONS] [BASELINE [FILE]]",
	.description =
		"Compares two recordings, and prints what has been added, is gone, has grown or\n"
		"shrunk, the greatest change first.  Without names they are stackid.data.old and\n"
		"stackid.data; with one, that and stackid.data.\n",
	.examples =
		"  stackid diff\n"
		"  stackid diff --by stack --per second before.data after.data\n"
		"  stackid diff --no-children -e cpu-clock --per event before.data after.data\n",
	.options = rows,
	.run = run,
};
