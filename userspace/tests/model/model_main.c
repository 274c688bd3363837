// SPDX-License-Identifier: GPL-2.0
/* The command line: which scenarios, how deep, and what is expected of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "explorer.h"

static int passed, failed;

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* The shortest interleaving that goes wrong is the one to read. */
static void explain(const struct scenario *scenario)
{
	int depth;

	for (depth = 0; depth < 20; depth++)
		if (model_explore(scenario, depth).failure)
			break;
	printf("    an interleaving that leaves the straight way %d times:\n", depth);
	model_explain(scenario);
}

static void explore(const struct scenario *scenario, int depth, bool must_fail)
{
	double began = seconds();
	struct exploration found = model_explore(scenario, depth);
	bool is_right = !found.gave_up && !found.failure == !must_fail;

	printf("%sok %s: %s%s%s\n", is_right ? "" : "not ", scenario->name,
	       scenario->what, found.failure ? ": " : "",
	       found.failure ?: "");
	printf("    %.3g interleavings, in %llu runs through %llu states, %.1f s\n",
	       found.interleavings, (unsigned long long)found.runs,
	       (unsigned long long)found.states, seconds() - began);
	if (found.failure && !found.gave_up)
		explain(scenario);
	passed += is_right;
	failed += !is_right;
	fflush(stdout);
}

static void usage(void)
{
	puts("Usage: model [--depth N] [--quick] [--must-fail] [--list] [SCENARIO]...");
}

int main(int argc, char **argv)
{
	const struct scenario *const files[] = { ring_scenarios, insert_scenarios };
	bool must_fail = false, list = false;
	int depth = -1, i, j;
	size_t file;

	model_full = true;
	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		if (!strcmp(argv[i], "--quick")) {
			model_full = false;
		} else if (!strcmp(argv[i], "--list")) {
			list = true;
		} else if (!strcmp(argv[i], "--must-fail")) {
			must_fail = true;
		} else if (!strcmp(argv[i], "--depth") && i + 1 < argc) {
			depth = atoi(argv[++i]);
		} else {
			usage();
			return 2;
		}
	}
	for (file = 0; file < sizeof(files) / sizeof(*files); file++) {
		const struct scenario *scenario = files[file];

		for (; scenario->name; scenario++) {
			bool wanted = i == argc;

			if (list) {
				puts(scenario->name);
				continue;
			}

			for (j = i; j < argc; j++)
				wanted |= !strcmp(argv[j], scenario->name);
			if (wanted)
				explore(scenario, depth, must_fail);
		}
	}
	if (list)
		return 0;
	if (!passed && !failed)
		failed++;
	printf("%d passed, %d failed\n", passed, failed);
	return failed ? 1 : 0;
}
