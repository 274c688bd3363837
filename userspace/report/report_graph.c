// SPDX-License-Identifier: GPL-2.0
/* What -g says of the call trees. */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/compiler.h"
#include "../lib/complain.h"
#include "../lib/memory.h"
#include "../lib/number.h"
#include "report_graph.h"

static const char *const types[] = {
	[GRAPH_TREE] = "graph",
	[GRAPH_FRACTAL] = "fractal",
	[GRAPH_FLAT] = "flat",
	[GRAPH_FOLDED] = "folded",
	[GRAPH_NONE] = "none",
};

static const char *const values[] = {
	[GRAPH_PERCENT] = "percent",
	[GRAPH_PERIOD] = "period",
	[GRAPH_COUNT] = "count",
};

static int find(const char *word, const char *const *names, int nr)
{
	while (nr--) {
		if (!strcmp(word, names[nr]))
			break;
	}
	return nr;
}

/* perf knows numbers by their places: the limit, then how many. */
static bool take_number(const char *word, struct graph *graph)
{
	const char *rest;
	char *end;

	if (!isdigit((unsigned char)*word) && *word != '.')
		return false;
	if (graph->limit < 0) {
		graph->limit = strtod(word, &end);
		return !*end && graph->limit <= 100;
	}
	return stackid_number_begins(word, &rest, &graph->most) && !*rest;
}

static int take_word(const char *word, struct graph *graph)
{
	int found = find(word, types, ARRAY_SIZE(types));

	if (found >= 0) {
		graph->type = found;
		return 0;
	}
	found = find(word, values, ARRAY_SIZE(values));
	if (found >= 0) {
		graph->value = found;
		return 0;
	}
	if (!strcmp(word, "caller") || !strcmp(word, "callee")) {
		graph->order = !strcmp(word, "caller") ? "caller" : "callee";
		return 0;
	}
	/* What a branch is told apart by: it is always this. */
	if (!strcmp(word, "function") || take_number(word, graph))
		return 0;
	if (!strcmp(word, "address") || !strcmp(word, "branch"))
		stackid_complain("-g %s: trees are of functions; 'stackid script' has the addresses, and branches are not recorded",
				 word);
	else
		stackid_complain("-g takes graph, fractal, flat, folded or none, a limit in percent, a number of branches, caller or callee, percent, period or count, and not '%s'",
				 word);
	return -1;
}

int stackid_graph_parse(const char *text, struct graph *graph)
{
	char *copy = stackid_memory_strdup(text ? text : "");
	char *rest = copy;
	char *word;
	int ret = 0;

	*graph = (struct graph) { .limit = -1 };
	while (!ret && (word = strsep(&rest, ","))) {
		if (*word)
			ret = take_word(word, graph);
	}
	free(copy);
	return ret;
}
