// SPDX-License-Identifier: GPL-2.0
/* top on a terminal: the browser, over what is counted meanwhile. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/clock.h"
#include "../lib/memory.h"
#include "../lib/tui/screen.h"
#include "../report/report_browser.h"
#include "top_common.h"

#define LOOK_MS		100

static const char *const orders[] = {
	"sym", "stack,sym", "module", "event,sym", NULL
};

static const char *const keys[] = {
	"a                            shares of all hits since the beginning, or of the last interval",
	"p                            pause: the table stands still, and counting goes on; so it does while",
	"                             a tree is open",
	"E                            count other events, from 0 on",
	"q                            quit",
	NULL
};

/**
 * struct top_screen - what is there besides the browser
 * @next:   when the interval ends, CLOCK_MONOTONIC
 * @ended:  how many have
 * @prompt: for other events
 * @chosen: the event that is shown has been hit, or was chosen
 */
struct top_screen {
	struct top *top;
	struct browser browser;
	uint64_t next;
	uint64_t ended;
	struct prompt prompt;
	bool paused;
	bool chosen;
};

/* Until one is hit there is none to show. */
static void choose_event(struct top_screen *screen)
{
	const struct profile *profile = screen->top->report.profile;
	unsigned int best = screen->browser.event;

	if (screen->chosen)
		return;
	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		if (stackid_profile_sum(profile, i)->hits >
		    stackid_profile_sum(profile, best)->hits)
			best = i;
	}
	screen->browser.event = best;
	screen->chosen = stackid_profile_sum(profile, best)->hits;
}

/* The table of the counts as they are. */
static void renew(struct top_screen *screen)
{
	struct top *top = screen->top;
	struct profile *old = top->report.profile;
	struct profile *profile = stackid_top_profile(top);

	if (!screen->chosen) {
		stackid_browser_make(&screen->browser, profile);
		choose_event(screen);
	}
	stackid_browser_make(&screen->browser, profile);
	if (old)
		stackid_profile_destroy(old);
}

static bool stands_still(const struct top_screen *screen)
{
	return screen->paused || stackid_browser_has_tree(&screen->browser);
}

static char *make_title(const struct top_screen *screen)
{
	const struct top *top = screen->top;
	const char *name = "all events";

	if (!report_sorts_by(&top->report, KEY_EVENT))
		name = stackid_reading_event(top->report.reading,
					     screen->browser.event)->name;
	return stackid_memory_print("%s, %s%s%s",
				    screen->chosen ? name : "no event yet",
				    top->in_all ? "all hits" :
						  "the last interval",
				    screen->paused ? " [paused: p goes on]" : "",
				    !screen->paused && stands_still(screen) ?
				    " [stands still: a tree is open]" : "");
}

static void draw(struct top_screen *screen)
{
	char *head[3];

	head[0] = stackid_top_rates(screen->top);
	head[1] = stackid_top_table(screen->top);
	head[2] = make_title(screen);
	stackid_browser_draw(&screen->browser, head, ARRAY_SIZE(head));
	for (size_t i = 0; i < ARRAY_SIZE(head); i++)
		free(head[i]);
	if (!screen->prompt.label)
		return;
	stackid_prompt_draw(&screen->prompt, stackid_screen_lines() - 1);
	stackid_screen_show();
}

static void change_events(struct top_screen *screen)
{
	struct event_list events = {};
	char *complaint;

	if (!stackid_record_events_take(screen->prompt.text, &events) &&
	    !stackid_watch_change(screen->top->watch, events.lines,
				  events.nr)) {
		screen->chosen = false;
		screen->next = stackid_clock(CLOCK_MONOTONIC) +
			       screen->top->options->delay_ns;
		stackid_watch_tick(screen->top->watch);
		renew(screen);
	}
	stackid_record_events_free(&events);
	complaint = stackid_screen_complaint();
	if (complaint)
		stackid_browser_say(&screen->browser, "%s", complaint);
	free(complaint);
}

/* False if it is time to go. */
static bool take_key(struct top_screen *screen, int key)
{
	struct top *top = screen->top;
	bool had_tree = stackid_browser_has_tree(&screen->browser);

	if (screen->prompt.label && key != SCREEN_NO_KEY &&
	    key != SCREEN_RESIZED && key != SCREEN_GONE) {
		if (stackid_prompt_key(&screen->prompt, key) == PROMPT_DONE)
			change_events(screen);
		return true;
	}
	switch (stackid_browser_key(&screen->browser, key)) {
	case BROWSER_QUITS:
		return false;
	case BROWSER_STAYS:
		/* It is late by as long as the tree was open. */
		if (had_tree && !stands_still(screen))
			renew(screen);
		return true;
	case BROWSER_NOT_MINE:
		break;
	}
	switch (key) {
	case 'a':
		top->in_all = !top->in_all;
		renew(screen);
		break;
	case 'p':
		screen->paused = !screen->paused;
		if (!stands_still(screen))
			renew(screen);
		break;
	case 'E':
		stackid_prompt_begin(&screen->prompt, "Events", "");
		break;
	}
	return true;
}

static int tick(struct top_screen *screen)
{
	uint64_t now = stackid_clock(CLOCK_MONOTONIC);

	if (now < screen->next)
		return 0;
	/* Late by more than one: those are left out. */
	while (screen->next <= now)
		screen->next += screen->top->options->delay_ns;
	screen->ended++;
	if (stackid_watch_tick(screen->top->watch))
		return -1;
	if (!stands_still(screen))
		renew(screen);
	return 0;
}

static int run(struct top_screen *screen)
{
	const struct top_options *options = screen->top->options;
	int key;

	do {
		draw(screen);
		if (stackid_watch_turn(screen->top->watch, stackid_screen_fd(),
				       LOOK_MS) || tick(screen))
			return EXIT_FAILED;
		do {
			key = stackid_screen_key(0);
			if (!take_key(screen, key))
				return EXIT_OK;
		} while (key != SCREEN_NO_KEY);
	} while (!options->iterations || screen->ended < options->iterations);
	return EXIT_OK;
}

int stackid_top_screen(struct top *top)
{
	struct top_screen screen = {
		.top = top,
		.browser = {
			.report = &top->report,
			.options = &top->options->report,
			.orders = orders,
			.keys = keys,
			.hint = "Enter opens  s sort  a all/interval  p pause  f filter  E events  ? help  q quit",
			.lacking = 1U << KEY_COMM | 1U << KEY_PID |
				   1U << KEY_TID | 1U << KEY_CPU |
				   1U << KEY_TIME | 1U << KEY_PARENT,
		},
		.next = stackid_clock(CLOCK_MONOTONIC) + top->options->delay_ns,
	};
	int code;

	if (stackid_screen_start())
		return EXIT_FAILED;
	renew(&screen);
	code = run(&screen);
	stackid_screen_stop();
	stackid_browser_free(&screen.browser);
	stackid_profile_destroy(top->report.profile);
	return code;
}
