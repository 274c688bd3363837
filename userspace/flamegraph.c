// SPDX-License-Identifier: GPL-2.0
/*
 * stackid flamegraph: the profile as one HTML file that needs nothing else, or
 * as folded stacks.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <stackid.h>

#include "flamegraph/flamegraph_folded.h"
#include "flamegraph/flamegraph_page.h"
#include "lib/live/output.h"
#include "lib/memory.h"

#define DEFAULT_PAGE	"flamegraph.html"

struct flamegraph_options {
	struct reading_options reading;
	bool folded;
	const char *output;
	const char *title;
	bool diff;
};

static int write_output(struct flamegraph *graph,
			const struct flamegraph_options *options)
{
	const char *path = options->output;

	if (!path)
		path = options->folded ? "-" : DEFAULT_PAGE;
	if (strcmp(path, "-") && stackid_output_keep(path))
		return EXIT_FAILED;
	graph->out = strcmp(path, "-") ? fopen(path, "we") : stdout;
	if (!graph->out) {
		stackid_complain("cannot write %s: %s", path, strerror(errno));
		return EXIT_FAILED;
	}
	if (options->folded)
		stackid_flamegraph_print_folded(graph);
	else
		stackid_flamegraph_print_page(graph, options->title);
	/* main() looks at what became of stdout. */
	if (graph->out == stdout)
		return EXIT_OK;
	if (ferror(graph->out) | fclose(graph->out)) {
		stackid_complain("cannot write %s: %s", path, strerror(errno));
		return EXIT_FAILED;
	}
	stackid_say("flamegraph", "wrote %s", path);
	return EXIT_OK;
}

static int check_weights(const struct flamegraph *graph)
{
	const struct comparison *comparison = &graph->comparison;
	bool any = false;

	for (size_t i = 0; i < comparison->nr_events; i++) {
		const struct comparison_event *event = &comparison->events[i];

		any |= flamegraph_shows(graph, event);
		for (int k = 0; k < 2; k++) {
			if (stackid_comparison_sum(comparison, event, k).overflow)
				stackid_complain("the sum of the values of %s has no room in 64 bits; its shares are wrong",
						 event->name);
		}
	}
	if (any)
		return 0;
	stackid_reading_complain_valueless(flamegraph_shown(graph)->reading);
	return -1;
}

static void complain_loss(const struct flamegraph *graph)
{
	const struct reading *reading = graph->comparison.sides[0].reading;
	char *loss;

	if (!flamegraph_compares(graph)) {
		stackid_reading_complain_loss(reading);
		return;
	}
	for (int i = 0; i < 2; i++) {
		const struct comparison_side *side = &graph->comparison.sides[i];

		if (!stackid_data_lost(side->data))
			continue;
		loss = stackid_reading_loss(side->reading);
		stackid_complain("%s: %s", stackid_reading_name(side->reading),
				 loss);
		free(loss);
	}
}

static int make(struct flamegraph *graph,
		const struct flamegraph_options *options)
{
	int result;

	if (check_weights(graph) || (options->folded && stackid_flamegraph_check_single(graph)))
		return EXIT_FAILED;
	result = write_output(graph, options);
	if (result == EXIT_OK)
		complain_loss(graph);
	return result;
}

static void check_words(const struct command *self,
			struct flamegraph_options options[2], char **words,
			int nr)
{
	if (!options->diff && nr)
		stackid_command_misused(self, "'%s' is one word too many; files are named with -i and -o",
					words[0]);
	if (!options->diff)
		return;
	if (nr > 2)
		stackid_command_misused(self, "'%s' is one word too many: --diff compares two files",
					words[2]);
	if (options->reading.input)
		stackid_command_misused(self, "the files that --diff compares stand without -i");
	stackid_comparison_name(&options[0].reading, &options[1].reading, words,
				nr);
}

static int run(const struct command *self, int argc, char **argv)
{
	/* Each side has lists of its own, so the options are read twice. */
	struct flamegraph_options options[2] = { };
	struct flamegraph graph = { };
	unsigned int keys = PROFILE_COMM;
	int first = 0;
	int result;

	for (int i = 0; i < 2 && (!i || options[0].diff); i++)
		first = stackid_command_parse(self, &options[i], argc, argv);
	check_words(self, options, argv + first, argc - first);
	graph.weigh = stackid_reading_is_weighed(&options->reading);
	/* Two recordings have no time in common. */
	if (!options->diff && !options->folded)
		keys |= PROFILE_TIME;
	/* The page has slices of the whole time. */
	options[0].reading.in_one_go = !options->diff && options->folded;
	result = stackid_comparison_open(&graph.comparison, &options[0].reading,
					 options->diff ? &options[1].reading :
							 NULL,
					 keys, graph.weigh);
	if (result != EXIT_OK)
		return result;
	result = make(&graph, options);
	return stackid_comparison_close(&graph.comparison, result);
}

static const struct option_row rows[] = {
	READING_OPTION_ROWS(struct flamegraph_options),
	OPTION_GROUP("Comparison"),
	OPTION_FLAG(0, "diff", struct flamegraph_options, diff,
		    "compare two files, BASELINE and FILE: what has grown is red, what has shrunk is blue (without names they are stackid.data.old and stackid.data)"),
	OPTION_GROUP("Output"),
	OPTION_STRING('o', "output", struct flamegraph_options, output, "FILE",
		      "file",
		      "write FILE instead of flamegraph.html, - is the standard output; what was there is kept as FILE.old"),
	OPTION_FLAG(0, "folded", struct flamegraph_options, folded,
		    "write folded stacks, COMM;ROOT;...;LEAF COUNT (with --diff the baseline's COUNT before it), to the standard output instead"),
	OPTION_STRING(0, "title", struct flamegraph_options, title, "TEXT",
		      NULL, "begin the page's title with TEXT"),
	READING_WEIGHT_ROW(struct flamegraph_options,
			   "count hits (default), or sum up the value of this name; 'value' is each event's first"),
	OPTION_END,
};

const struct command stackid_command_flamegraph = {
	.name = "flamegraph",
	.summary = "draw where the recorded events came from, as an HTML page",
	.usage = "[OPTIONS] [--diff [BASELINE [FILE]]]",
	.description =
		"Writes a flame graph: one HTML file, to be opened in any browser, without a\n"
		"network.  Each event is a graph of its own, to be chosen on the page.\n",
	.examples =
		"  stackid flamegraph\n"
		"  stackid flamegraph -i before.data -o before.html\n"
		"  stackid flamegraph --diff before.data after.data\n"
		"  stackid flamegraph --event sched:sched_switch --folded > switch.folded\n",
	.options = rows,
	.run = run,
};
