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
};

static const char *event_name(const struct flamegraph *graph,
			      unsigned int event)
{
	return stackid_reading_event(graph->reading, event)->name;
}

/* "a, b, c"; to be freed. */
static char *event_names(const struct flamegraph *graph, unsigned int *nr)
{
	char *text = NULL;
	size_t size;
	FILE *out = stackid_memory_stream(&text, &size);

	*nr = 0;
	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		if (flamegraph_shows(graph, i))
			fprintf(out, "%s%s", (*nr)++ ? ", " : "",
				event_name(graph, i));
	}
	fclose(out);
	return text;
}

/* One stream cannot tell events apart, and their sum would mean nothing. */
static int check_single(const struct flamegraph *graph)
{
	unsigned int nr;
	char *names = event_names(graph, &nr);

	if (nr > 1)
		stackid_complain("%s holds %u events, and folded stacks can show only one: choose with --event from %s",
				 stackid_reading_name(graph->reading), nr,
				 names);
	free(names);
	return nr > 1 ? -1 : 0;
}

static void print_page(const struct flamegraph *graph, const char *title)
{
	unsigned int nr;
	char *names = event_names(graph, &nr);

	stackid_flamegraph_print_page(graph, title ? title : names);
	free(names);
}

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
		print_page(graph, options->title);
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
	bool any = false;

	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		any |= flamegraph_shows(graph, i);
		if (stackid_profile_sum(graph->profile, i)->overflow)
			stackid_complain("the sum of the values of %s has no room in 64 bits; its shares are wrong",
					 event_name(graph, i));
	}
	if (any)
		return 0;
	stackid_reading_complain_valueless(graph->reading);
	return -1;
}

static int make(struct flamegraph *graph,
		const struct flamegraph_options *options)
{
	int result;

	if (stackid_reading_fill_profile(graph->reading, graph->profile,
					 graph->weigh) ||
	    check_weights(graph) ||
	    (options->folded && check_single(graph)))
		return EXIT_FAILED;
	stackid_profile_finish(graph->profile);
	result = write_output(graph, options);
	if (result == EXIT_OK)
		stackid_reading_complain_loss(graph->reading);
	return result;
}

static int run(const struct command *self, int argc, char **argv)
{
	struct flamegraph_options options = { };
	struct flamegraph graph = { };
	int first = stackid_command_parse(self, &options, argc, argv);
	int result;

	if (first < argc)
		stackid_command_misused(self, "'%s' is one word too many; files are named with -i and -o",
					argv[first]);
	graph.weigh = stackid_reading_is_weighed(&options.reading);
	graph.reading = stackid_reading_open(&options.reading);
	if (!graph.reading)
		return EXIT_FAILED;
	graph.data = stackid_reading_data(graph.reading);
	graph.profile = stackid_profile_create(graph.data, PROFILE_COMM);
	result = make(&graph, &options);

	stackid_profile_destroy(graph.profile);
	return stackid_reading_close(graph.reading, result);
}

static const struct option_row rows[] = {
	READING_OPTION_ROWS(struct flamegraph_options),
	OPTION_GROUP("Output"),
	OPTION_STRING('o', "output", struct flamegraph_options, output, "FILE",
		      "file",
		      "write FILE instead of flamegraph.html, - is the standard output; what was there is kept as FILE.old"),
	OPTION_FLAG(0, "folded", struct flamegraph_options, folded,
		    "write folded stacks, COMM;ROOT;...;LEAF COUNT, to the standard output instead"),
	OPTION_STRING(0, "title", struct flamegraph_options, title, "TEXT",
		      NULL, "the page's title instead of the events' names"),
	READING_WEIGHT_ROW(struct flamegraph_options,
			   "count hits (default), or sum up the value of this name; 'value' is each event's first"),
	OPTION_END,
};

const struct command stackid_command_flamegraph = {
	.name = "flamegraph",
	.summary = "draw where the recorded events came from, as an HTML page",
	.usage = "[OPTIONS]",
	.description =
		"Writes a flame graph: one HTML file, to be opened in any browser, without a\n"
		"network.  Each event is a graph of its own, to be chosen on the page.\n",
	.examples =
		"  stackid flamegraph\n"
		"  stackid flamegraph -i before.data -o before.html\n"
		"  stackid flamegraph --event sched:sched_switch --folded > switch.folded\n",
	.options = rows,
	.run = run,
};
