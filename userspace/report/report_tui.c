// SPDX-License-Identifier: GPL-2.0
/* report --tui: a finished recording in the browser. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <stackid.h>

#include "../lib/memory.h"
#include "../lib/tui/screen.h"
#include "report_browser.h"
#include "report_tui.h"

static const char *const orders[] = {
	"comm,sym", "sym", "comm", "tid,comm", "cpu", "module", "stack,sym",
	"event,sym", NULL
};

static const char *const keys[] = {
	"t                            zoom into the thread: only what it hit",
	"q                            quit", NULL
};

/* The one that was hit most. */
static unsigned int choose_event(const struct profile *profile)
{
	unsigned int best = 0;

	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		if (stackid_profile_sum(profile, i)->hits >
		    stackid_profile_sum(profile, best)->hits)
			best = i;
	}
	return best;
}

static char *make_head(const struct browser *browser)
{
	const struct report *report = browser->report;
	struct profile_sum sum = stackid_browser_sum(browser);
	const char *name = "all events";

	if (!report_sorts_by(report, KEY_EVENT))
		name = stackid_reading_event(report->reading,
					     browser->event)->name;
	if (report->weigh)
		return stackid_memory_print("%s: %s, %" PRIu64 " hits, the sum of their values is %" PRIu64,
					    stackid_reading_name(report->reading),
					    name, sum.hits, sum.weight);
	return stackid_memory_print("%s: %s, %" PRIu64 " hits",
				    stackid_reading_name(report->reading), name,
				    sum.hits);
}

int stackid_report_tui(struct report *report, struct report_options *options)
{
	struct browser browser = {
		.report = report,
		.options = options,
		.orders = orders,
		.keys = keys,
		.hint = "Enter opens  / search  z function  t thread  s sort  Tab event  ? help  q quit",
		.event = choose_event(report->profile),
	};
	enum browser_answer answer;

	if (stackid_screen_start())
		return -1;
	/* Of these the cells know nothing unless it was asked for. */
	if (!report_sorts_by(report, KEY_TIME))
		browser.lacking |= 1U << KEY_TIME;
	if (!report_sorts_by(report, KEY_PARENT))
		browser.lacking |= 1U << KEY_PARENT;
	stackid_browser_make(&browser, report->profile);
	do {
		char *head[2] = {
			make_head(&browser),
			stackid_reading_loss(report->reading),
		};

		stackid_browser_draw(&browser, head, 2);
		free(head[0]);
		free(head[1]);
		answer = stackid_browser_key(&browser, stackid_screen_key(-1));
	} while (answer != BROWSER_QUITS);
	stackid_screen_stop();
	stackid_browser_free(&browser);
	return 0;
}
