/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Moments: events of one time.  Those of one CPU have an order, those of several have
 * none; which comes first is up to who knows what they do.
 */
#ifndef STACKID_MOMENT_H
#define STACKID_MOMENT_H

#include <stdbool.h>

#include "../data/data.h"

/* More than that are taken as they come, so that a file cannot make this long. */
#define MOMENT_MAX	64

/**
 * struct moment - one of zeros is empty
 * @events: of one time, @nr of them; @taken: those that are done
 * @ahead:  the first of a later one, if @has_ahead
 */
struct moment {
	struct data_event events[MOMENT_MAX];
	bool taken[MOMENT_MAX];
	unsigned int nr;
	struct data_event ahead;
	bool has_ahead;
};

/* Gives the next event that counts; false after the last. */
typedef bool moment_read(void *context, struct data_event *event);
/* Whether event @i of the moment could be the next to happen. */
typedef bool moment_fits(void *context, unsigned int i);

/*
 * The next event: of those that may be the next on their CPUs the first that fits, or,
 * if none does, the first.  NULL after the last; valid until the next call.
 */
const struct data_event *stackid_moment_next(struct moment *moment,
					     moment_read *read,
					     moment_fits *fits, void *context);

#endif /* STACKID_MOMENT_H */
