/* SPDX-License-Identifier: GPL-2.0 */
/* A report on a screen: keys open trees, search, zoom, and sort it anew. */
#ifndef STACKID_REPORT_BROWSER_H
#define STACKID_REPORT_BROWSER_H

#include "../lib/tui/prompt.h"
#include "../lib/tui/scroll.h"
#include "report_lines.h"

enum browser_answer {
	BROWSER_STAYS,
	BROWSER_QUITS,
	BROWSER_NOT_MINE,	/* a key that it does not know */
};

enum browser_question {
	BROWSER_SEARCH,
	BROWSER_FILTER,
	BROWSER_SORT,
};

/**
 * struct browser - see the top of the file
 * @report:   its options are @options
 * @orders:   what the key for it sorts by, one after the other; ends in NULL
 * @keys:     lines of help about the keys of whoever has it; ends in NULL
 * @hint:     the bottom line while there is nothing to say
 * @event:    whose rows are shown, unless the event is sorted by
 * @shift:    how many columns of the list are left out at its left
 * @question: that @prompt asks, while it does
 * @message:  for the bottom line, until the next key; or NULL
 */
struct browser {
	struct report *report;
	struct report_options *options;
	const char *const *orders;
	const char *const *keys;
	const char *hint;
	unsigned int lacking;
	unsigned int event;
	struct table_lines lines;
	struct scroll scroll;
	unsigned int shift;
	struct prompt prompt;
	enum browser_question question;
	char *search;
	char *filter;
	char *message;
	char *zoomed;
	bool help;
};

/*
 * Of @profile, at the beginning and when it is another one; the one before must still
 * be there then.  What was open is closed; the chosen row stays chosen if it is
 * still there.
 */
void stackid_browser_make(struct browser *browser, struct profile *profile);
void stackid_browser_free(struct browser *browser);

/* @head: @nr lines above the table. */
void stackid_browser_draw(struct browser *browser, char *const *head,
			  size_t nr);
enum browser_answer stackid_browser_key(struct browser *browser, int key);

/* A sentence for the bottom line. */
__printf(2, 3)
void stackid_browser_say(struct browser *browser, const char *format, ...);
/* Is any tree open? */
bool stackid_browser_has_tree(const struct browser *browser);
/* Sums of what is shown: of @event, or of all where the event is sorted by. */
struct profile_sum stackid_browser_sum(const struct browser *browser);

#endif /* STACKID_REPORT_BROWSER_H */
