// SPDX-License-Identifier: GPL-2.0
/* A report on a screen. */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stackid.h>

#include "../lib/memory.h"
#include "../lib/tui/screen.h"
#include "report_browser.h"

#define SHIFT_STEP	8

/* As many lines, besides its head, leave room for a list of some use. */
#define SMALL		6

static const char *const help_lines[] = {
	"Up Down PgUp PgDn Home End   move; also k j b f g G with Control for b and f",
	"Enter, Right                 open the tree below a line, or close it",
	"Left                         close it, or go to the line that it is in",
	"e                            open all that is below the line",
	"C                            close all",
	"/ n N                        search a name; the next one, the one before",
	"f                            show only rows that contain a text",
	"z                            zoom into the function: only stacks that have it",
	"Escape                       end the last filter or zoom",
	"s                            sort by something else; S asks by what",
	"c                            count what a function called to it too, or not",
	"Tab                          the next event",
	"< >                          move the view to the left or right",
	NULL
};

void stackid_browser_say(struct browser *browser, const char *format, ...)
{
	va_list args;

	free(browser->message);
	va_start(args, format);
	if (vasprintf(&browser->message, format, args) < 0)
		browser->message = NULL;
	va_end(args);
}

struct profile_sum stackid_browser_sum(const struct browser *browser)
{
	const struct report *report = browser->report;
	struct profile_sum all = {};

	if (!report_sorts_by(report, KEY_EVENT))
		return report_sum(report, browser->event);
	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		struct profile_sum sum = report_sum(report, i);

		all.hits += sum.hits;
		all.weight = stackid_profile_add_weights(all.weight,
							 sum.weight);
	}
	return all;
}

/* All keys of the chosen row; NULL if there is none.  To be freed. */
static char *name_chosen(const struct browser *browser)
{
	const struct table_lines *lines = &browser->lines;
	const struct sort_order *sort = &browser->options->sort;
	char buffer[KEY_SIZE];
	char *name;
	size_t size;
	FILE *out;

	if (browser->scroll.at >= lines->nr)
		return NULL;
	out = stackid_memory_stream(&name, &size);
	for (unsigned int i = 0; i < sort->nr; i++)
		fprintf(out, "%s\n",
			stackid_row_text(browser->report,
					 &lines->rows.at[lines->at[browser->scroll.at].row],
					 sort->keys[i], buffer,
					 sizeof(buffer)));
	fclose(out);
	return name;
}

/* The first row stays the first: it is looked at for being that. */
static void choose_again(struct browser *browser, char *name)
{
	struct scroll *scroll = &browser->scroll;
	size_t old = scroll->at;

	for (size_t i = 0; old && name && i < browser->lines.nr; i++) {
		char *other;
		bool same;

		scroll->at = i;
		other = name_chosen(browser);
		same = !strcmp(other, name);
		free(other);
		if (same)
			break;
		scroll->at = old;
	}
	free(name);
}

static void lines_changed(struct browser *browser)
{
	browser->scroll.nr = browser->lines.nr;
	stackid_scroll_fit(&browser->scroll);
}

static void make(struct browser *browser)
{
	struct profile_sum sum;

	report_settle_sort(browser->report);
	sum = stackid_browser_sum(browser);
	browser->report->whole = sum.weight;
	browser->report->whole_hits = sum.hits;
	stackid_lines_make(&browser->lines, browser->report, browser->event);
	if (browser->filter)
		stackid_lines_filter(&browser->lines, browser->filter);
}

/* Functions have other numbers in another profile. */
static void find_zoomed(struct browser *browser)
{
	const struct profile *profile = browser->report->profile;
	struct report_zoom *zoom = &browser->report->zoom;

	for (uint32_t i = 0; i < stackid_profile_nr_functions(profile); i++) {
		zoom->function = i;
		if (!strcmp(stackid_profile_function(profile, i)->name,
			    browser->zoomed))
			return;
	}
	/* It was not hit: no stack has it. */
	zoom->function = UINT32_MAX;
}

void stackid_browser_make(struct browser *browser, struct profile *profile)
{
	char *name = NULL;

	/* Before the rows go that it is of. */
	if (browser->lines.report)
		name = name_chosen(browser);
	browser->report->profile = profile;
	if (browser->report->zoom.by_function)
		find_zoomed(browser);
	make(browser);
	choose_again(browser, name);
	lines_changed(browser);
}

/* Other rows than before: from the first one on. */
static void make_anew(struct browser *browser)
{
	make(browser);
	browser->scroll.at = 0;
	lines_changed(browser);
}

void stackid_browser_free(struct browser *browser)
{
	stackid_lines_free(&browser->lines);
	free(browser->search);
	free(browser->filter);
	free(browser->message);
	free(browser->zoomed);
}

bool stackid_browser_has_tree(const struct browser *browser)
{
	for (size_t i = 0; i < browser->lines.nr; i++) {
		if (browser->lines.at[i].open)
			return true;
	}
	return false;
}

static char *describe(const struct browser *browser)
{
	const struct report *report = browser->report;
	const struct report_zoom *zoom = &report->zoom;
	char *text;
	size_t size;
	FILE *out = stackid_memory_stream(&text, &size);

	fputs("By ", out);
	for (unsigned int i = 0; i < browser->options->sort.nr; i++)
		fprintf(out, "%s%s", i ? "," : "",
			stackid_sort_name(browser->options->sort.keys[i]));
	if (report->by_frame)
		fputs(report->children ? ", with children" : ", the innermost",
		      out);
	if (zoom->comm)
		fprintf(out, "  [comm %s]", zoom->comm);
	if (zoom->by_tgid)
		fprintf(out, "  [pid %u]", zoom->tgid);
	if (zoom->by_pid)
		fprintf(out, "  [tid %u]", zoom->pid);
	if (zoom->by_function)
		fprintf(out, "  [in %s]", browser->zoomed);
	if (browser->filter)
		fprintf(out, "  [rows with '%s']", browser->filter);
	fprintf(out, "  %zu of %zu", browser->lines.nr ?
		browser->scroll.at + 1 : 0, browser->lines.nr);
	fclose(out);
	return text;
}

static void draw_help(const struct browser *browser, unsigned int height)
{
	unsigned int line = 0;

	for (size_t i = 0; help_lines[i] && line < height; i++)
		stackid_screen_put(line++, SCREEN_PLAIN, help_lines[i]);
	for (size_t i = 0; browser->keys[i] && line < height; i++)
		stackid_screen_put(line++, SCREEN_PLAIN, browser->keys[i]);
	while (line < height)
		stackid_screen_put(line++, SCREEN_PLAIN, "");
	stackid_screen_put(height, SCREEN_REVERSE, "Any key goes back");
}

static const char *shifted(const struct browser *browser, const char *text)
{
	size_t len = strlen(text);

	return text + (browser->shift < len ? browser->shift : len);
}

/* The titles and the list, from @line up to @last. */
static void draw_table(struct browser *browser, unsigned int line,
		       unsigned int last)
{
	struct table_lines *lines = &browser->lines;
	struct scroll *scroll = &browser->scroll;

	scroll->height = last > line + 1 ? last - line - 1 : 1;
	stackid_scroll_fit(scroll);
	stackid_lines_measure(lines, scroll->top, scroll->height);
	stackid_screen_put(line++, SCREEN_BOLD,
			   shifted(browser, stackid_lines_titles(lines)));
	for (size_t i = scroll->top; line < last; i++, line++) {
		enum screen_look look = i == scroll->at ? SCREEN_REVERSE :
							  SCREEN_PLAIN;
		const char *text = "";

		if (i < scroll->nr)
			text = shifted(browser, stackid_lines_text(lines, i));
		stackid_screen_put(line, *text ? look : SCREEN_PLAIN, text);
	}
}

void stackid_browser_draw(struct browser *browser, char *const *head,
			  size_t nr)
{
	unsigned int height = stackid_screen_lines();
	unsigned int bottom = height ? height - 1 : 0;
	unsigned int line = 0;
	char *state;

	if (browser->help) {
		draw_help(browser, bottom);
		stackid_screen_show();
		return;
	}
	/* On a small one there is room for the list only. */
	if (height > nr + SMALL) {
		for (size_t i = 0; i < nr; i++)
			stackid_screen_put(line++, SCREEN_PLAIN, head[i]);
		state = describe(browser);
		stackid_screen_put(line++, SCREEN_PLAIN, state);
		free(state);
	}
	draw_table(browser, line, bottom);
	if (browser->prompt.label)
		stackid_prompt_draw(&browser->prompt, bottom);
	else
		stackid_screen_put(bottom, SCREEN_BOLD, browser->message ?
				   browser->message : browser->hint);
	stackid_screen_show();
}

static void search(struct browser *browser, bool forward)
{
	struct scroll *scroll = &browser->scroll;
	size_t nr = scroll->nr;

	for (size_t step = 1; browser->search && step <= nr; step++) {
		size_t i = (scroll->at + (forward ? step : nr - step)) % nr;

		if (!strcasestr(stackid_lines_text(&browser->lines, i),
				browser->search))
			continue;
		scroll->at = i;
		stackid_scroll_fit(scroll);
		return;
	}
	if (browser->search)
		stackid_browser_say(browser, "No line has '%s' in it",
				    browser->search);
	else
		stackid_browser_say(browser, "/ searches");
}

static bool lacks_key(struct browser *browser)
{
	const struct sort_order *sort = &browser->options->sort;

	for (unsigned int i = 0; i < sort->nr; i++) {
		if (!(browser->lacking & 1U << sort->keys[i]))
			continue;
		stackid_browser_say(browser, "There are no rows by %s: nothing is known of that here",
				    stackid_sort_name(sort->keys[i]));
		return true;
	}
	return false;
}

static void sort_by(struct browser *browser, const char *keys)
{
	struct sort_order old = browser->options->sort;
	char *complaint;

	if (stackid_sort_parse(keys, &browser->options->sort)) {
		browser->options->sort = old;
		complaint = stackid_screen_complaint();
		stackid_browser_say(browser, "%s", complaint);
		free(complaint);
		return;
	}
	if (lacks_key(browser)) {
		browser->options->sort = old;
		return;
	}
	make_anew(browser);
}

static char *name_sort(const struct sort_order *sort)
{
	char *text = stackid_memory_strdup("");

	for (unsigned int i = 0; i < sort->nr; i++) {
		char *longer = stackid_memory_print("%s%s%s", text,
						    i ? "," : "",
						    stackid_sort_name(sort->keys[i]));

		free(text);
		text = longer;
	}
	return text;
}

static void sort_next(struct browser *browser)
{
	char *now = name_sort(&browser->options->sort);
	size_t next = 0;

	for (size_t i = 0; browser->orders[i]; i++) {
		if (!strcmp(browser->orders[i], now) && browser->orders[i + 1])
			next = i + 1;
	}
	free(now);
	sort_by(browser, browser->orders[next]);
}

static void answered(struct browser *browser)
{
	char **text = browser->question == BROWSER_SEARCH ? &browser->search :
							    &browser->filter;

	if (browser->question == BROWSER_SORT) {
		sort_by(browser, browser->prompt.text);
		return;
	}
	free(*text);
	*text = browser->prompt.len ?
		stackid_memory_strdup(browser->prompt.text) : NULL;
	if (browser->question == BROWSER_SEARCH) {
		search(browser, true);
		return;
	}
	stackid_lines_filter(&browser->lines, browser->filter);
	lines_changed(browser);
}

static void ask(struct browser *browser, enum browser_question question,
		const char *label, const char *text)
{
	browser->question = question;
	stackid_prompt_begin(&browser->prompt, label, text);
}

static void ask_sort(struct browser *browser)
{
	char *now = name_sort(&browser->options->sort);

	ask(browser, BROWSER_SORT, "Sort by", now);
	free(now);
}

static void next_event(struct browser *browser, int step)
{
	int nr = STACKID_MAX_EVENT + 1;

	if (report_sorts_by(browser->report, KEY_EVENT)) {
		stackid_browser_say(browser, "All events share this table: it is sorted by them");
		return;
	}
	for (int i = 1; i < nr; i++) {
		unsigned int event = ((int)browser->event + nr + i * step) % nr;

		if (!stackid_profile_sum(browser->report->profile, event)->hits)
			continue;
		browser->event = event;
		make_anew(browser);
		return;
	}
	stackid_browser_say(browser, "There is no other event that was hit");
}

static void zoom_function(struct browser *browser)
{
	struct report_zoom *zoom = &browser->report->zoom;
	uint32_t function;

	if (!stackid_lines_function(&browser->lines, browser->scroll.at,
				    &function)) {
		stackid_browser_say(browser, "This row is no function: sort by sym (s)");
		return;
	}
	zoom->by_function = true;
	zoom->function = function;
	free(browser->zoomed);
	browser->zoomed =
		stackid_memory_strdup(stackid_profile_function(browser->report->profile,
							       function)->name);
	make_anew(browser);
}

static void zoom_thread(struct browser *browser)
{
	const struct report *report = browser->report;
	struct report_zoom *zoom = &browser->report->zoom;
	const struct table_line *line =
		&browser->lines.at[browser->scroll.at];
	const struct row *row = &browser->lines.rows.at[line->row];

	if (!report_sorts_by(report, KEY_COMM) &&
	    !report_sorts_by(report, KEY_PID) &&
	    !report_sorts_by(report, KEY_TID)) {
		stackid_browser_say(browser, "This row is of no thread: sort by comm, pid or tid (s)");
		return;
	}
	if (report_sorts_by(report, KEY_COMM))
		zoom->comm = row->comm;
	if (report_sorts_by(report, KEY_PID)) {
		zoom->by_tgid = true;
		zoom->tgid = row->tgid;
	}
	if (report_sorts_by(report, KEY_TID)) {
		zoom->by_pid = true;
		zoom->pid = row->pid;
	}
	make_anew(browser);
}

/* The narrowest first. */
static void undo(struct browser *browser)
{
	struct report_zoom *zoom = &browser->report->zoom;

	if (browser->filter) {
		free(browser->filter);
		browser->filter = NULL;
		stackid_lines_filter(&browser->lines, NULL);
		lines_changed(browser);
		return;
	}
	if (zoom->by_function)
		zoom->by_function = false;
	else if (zoom->comm || zoom->by_tgid || zoom->by_pid)
		memset(zoom, 0, sizeof(*zoom));
	else
		return;
	make_anew(browser);
}

static void open_line(struct browser *browser, bool toggle)
{
	size_t at = browser->scroll.at;

	if (browser->lines.at[at].open && toggle)
		stackid_lines_close(&browser->lines, at);
	else if (!stackid_lines_open(&browser->lines, at) &&
		 browser->lines.at[at].leaf)
		stackid_browser_say(browser, "There is nothing below it to show");
	lines_changed(browser);
}

static void close_line(struct browser *browser)
{
	if (!stackid_lines_close(&browser->lines, browser->scroll.at))
		browser->scroll.at = stackid_lines_parent(&browser->lines,
							  browser->scroll.at);
	lines_changed(browser);
}

static void close_all(struct browser *browser)
{
	uint32_t row = browser->lines.at[browser->scroll.at].row;

	stackid_lines_filter(&browser->lines, browser->filter);
	for (size_t i = 0; i < browser->lines.nr; i++) {
		if (browser->lines.at[i].row == row)
			browser->scroll.at = i;
	}
	lines_changed(browser);
}

/* Keys of a line; false if it is none. */
static bool line_key(struct browser *browser, int key)
{
	if (!browser->lines.nr)
		return false;
	switch (key) {
	case SCREEN_ENTER:
		open_line(browser, true);
		return true;
	case SCREEN_RIGHT:
		open_line(browser, false);
		return true;
	case SCREEN_LEFT:
		close_line(browser);
		return true;
	case 'e':
		stackid_lines_open_all(&browser->lines, browser->scroll.at);
		lines_changed(browser);
		return true;
	case 'C':
		close_all(browser);
		return true;
	case 'z':
		zoom_function(browser);
		return true;
	case 't':
		if (browser->lacking & 1U << KEY_COMM)
			return false;
		zoom_thread(browser);
		return true;
	}
	return stackid_scroll_key(&browser->scroll, key);
}

enum browser_answer stackid_browser_key(struct browser *browser, int key)
{
	if (key == SCREEN_NO_KEY || key == SCREEN_RESIZED)
		return BROWSER_STAYS;
	if (key == SCREEN_GONE)
		return BROWSER_QUITS;
	if (browser->help) {
		browser->help = false;
		return BROWSER_STAYS;
	}
	if (browser->prompt.label) {
		if (stackid_prompt_key(&browser->prompt, key) == PROMPT_DONE)
			answered(browser);
		return BROWSER_STAYS;
	}
	free(browser->message);
	browser->message = NULL;
	if (line_key(browser, key))
		return BROWSER_STAYS;
	switch (key) {
	case 'q':
		return BROWSER_QUITS;
	case '?':
	case 'h':
		browser->help = true;
		break;
	case '/':
		ask(browser, BROWSER_SEARCH, "Search", "");
		break;
	case 'n':
		search(browser, true);
		break;
	case 'N':
		search(browser, false);
		break;
	case 'f':
		ask(browser, BROWSER_FILTER, "Only rows with",
		    browser->filter ? browser->filter : "");
		break;
	case 's':
		sort_next(browser);
		break;
	case 'S':
		ask_sort(browser);
		break;
	case 'c':
		browser->options->children = !browser->options->children;
		make_anew(browser);
		break;
	case '\t':
		next_event(browser, 1);
		break;
	case SCREEN_BACK_TAB:
		next_event(browser, -1);
		break;
	case '<':
		browser->shift -= browser->shift < SHIFT_STEP ?
				  browser->shift : SHIFT_STEP;
		break;
	case '>':
		browser->shift += SHIFT_STEP;
		break;
	case SCREEN_ESCAPE:
		undo(browser);
		break;
	default:
		return BROWSER_NOT_MINE;
	}
	return BROWSER_STAYS;
}
