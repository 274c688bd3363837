/* SPDX-License-Identifier: GPL-2.0 */
/* The spans of time that --time names, as perf's has them. */
#ifndef STACKID_TIMESPAN_H
#define STACKID_TIMESPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Both ends belong to it, in ns of CLOCK_MONOTONIC. */
struct timespan {
	uint64_t first;
	uint64_t last;
};

/* What was said, and after stackid_timespans_settle() what that means in a file. */
struct timespans {
	const char *text;	/* NULL: all times */
	bool relative;		/* without a + too */
	struct timespan *at;
	size_t nr;
	size_t room;
	uint64_t last;		/* the last end of all */
};

/* OPTION_CALL's; the field is a struct timespans. */
int stackid_timespans_parse(const char *arg, void *field);

/*
 * @first and @last are the times of the file's first and last event.  0, or -1 after
 * a complaint.
 */
int stackid_timespans_settle(struct timespans *spans, uint64_t first,
			     uint64_t last);
/* Frees what it holds, not the struct. */
void stackid_timespans_free(struct timespans *spans);

static inline bool stackid_timespans_has(const struct timespans *spans,
					 uint64_t time)
{
	for (size_t i = 0; i < spans->nr; i++) {
		if (time >= spans->at[i].first && time <= spans->at[i].last)
			return true;
	}
	return !spans->text;
}

#endif /* STACKID_TIMESPAN_H */
