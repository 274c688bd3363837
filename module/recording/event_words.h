/* SPDX-License-Identifier: GPL-2.0 */
/* A line of the file "events" as words, for who parses parts of it. */
#ifndef _STACKID_EVENT_WORDS_H
#define _STACKID_EVENT_WORDS_H

#include <linux/string.h>
#include <linux/types.h>

struct event_line;
struct refusal;

/**
 * struct parser - a line on its way
 * @line:   for carets: an offset is a pointer's distance from here
 * @at:     the next byte
 * @end:    one past the last
 * @parsed: so far
 * @why:    of the refusal, if it comes to that
 */
struct parser {
	const char *line;
	const char *at;
	const char *end;
	struct event_line *parsed;
	struct refusal *why;
};

struct word {
	const char *at;
	size_t len;
};

static inline bool word_is(const struct word *word, const char *text)
{
	return word->len == strlen(text) && !memcmp(word->at, text, word->len);
}

/* Splits off what stands before the first @sep; false if there is none. */
static inline bool word_split(struct word *rest, char sep, struct word *head)
{
	const char *found = memchr(rest->at, sep, rest->len);

	*head = *rest;
	if (!found)
		return false;
	head->len = found - rest->at;
	rest->len -= head->len + 1;
	rest->at = found + 1;
	return true;
}

#endif /* _STACKID_EVENT_WORDS_H */
