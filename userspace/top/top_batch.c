// SPDX-License-Identifier: GPL-2.0
/* top -b: one frame after the other, as text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <stackid.h>

#include "../lib/clock.h"
#include "../report/report_table.h"
#include "top_common.h"

/* Rows of each table. */
#define MAX_ROWS	20

static void print_line(struct top *top, char *text)
{
	struct report_line *line = &top->report.line;

	stackid_line_add(line, "# %s", text);
	stackid_line_end(line);
	free(text);
}

static void print_table(struct top *top, const char *keys, unsigned int event)
{
	const struct profile_sum *sum =
		stackid_profile_sum(top->report.profile, event);

	if (keys && stackid_sort_parse(keys, &top->options->report.sort))
		return;
	report_settle_sort(&top->report);
	top->report.whole = sum->weight;
	top->report.whole_hits = sum->hits;
	if (sum->weight)
		stackid_table_print(&top->report, event);
}

static void print_event(struct top *top, unsigned int event)
{
	const struct profile_sum *sum =
		stackid_profile_sum(top->report.profile, event);

	if (!sum->hits)
		return;
	printf("# %s\n",
	       stackid_reading_event(top->report.reading, event)->name);
	if (!sum->weight) {
		puts("# nothing in this interval\n");
		return;
	}
	if (top->options->report.sort.given) {
		print_table(top, NULL, event);
		return;
	}
	print_table(top, "sym", event);
	print_table(top, "stack,sym", event);
	/* The next frame has both again. */
	top->options->report.sort.given = false;
}

static void print_frame(struct top *top)
{
	time_t seconds = stackid_clock(CLOCK_REALTIME) / NSEC_PER_SEC;
	char now[32] = "";
	struct tm tm;

	top->report.profile = stackid_top_profile(top);
	if (localtime_r(&seconds, &tm))
		strftime(now, sizeof(now), "%H:%M:%S", &tm);
	printf("# %s\n", now);
	print_line(top, stackid_top_rates(top));
	print_line(top, stackid_top_table(top));
	puts("#");
	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++)
		print_event(top, i);
	fflush(stdout);
	stackid_profile_destroy(top->report.profile);
	top->report.profile = NULL;
}

int stackid_top_batch(struct top *top)
{
	uint64_t end = stackid_clock(CLOCK_MONOTONIC);

	top->report.max_rows = MAX_ROWS;
	for (uint64_t i = 0; !top->options->iterations ||
	     i < top->options->iterations; i++) {
		end += top->options->delay_ns;
		for (;;) {
			uint64_t now = stackid_clock(CLOCK_MONOTONIC);
			uint64_t left = now < end ? (end - now) / 1000000 : 0;

			if (stackid_watch_turn(top->watch, -1,
					       left < 100 ? left : 100))
				return EXIT_FAILED;
			if (now >= end)
				break;
		}
		if (stackid_watch_tick(top->watch))
			return EXIT_FAILED;
		print_frame(top);
		if (ferror(stdout))
			return EXIT_FAILED;
	}
	return EXIT_OK;
}
