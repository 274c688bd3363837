// SPDX-License-Identifier: GPL-2.0
/* Events of one time. */
#include <string.h>

#include "moment.h"

static bool fill(struct moment *moment, moment_read *read, void *context)
{
	moment->nr = 0;
	memset(moment->taken, 0, sizeof(moment->taken));
	if (!moment->has_ahead && !read(context, &moment->ahead))
		return false;
	do {
		moment->events[moment->nr++] = moment->ahead;
		moment->has_ahead = read(context, &moment->ahead);
	} while (moment->has_ahead && moment->nr < MOMENT_MAX &&
		 moment->ahead.time == moment->events[0].time);
	return true;
}

static bool is_behind(const struct moment *moment, unsigned int i)
{
	for (unsigned int k = 0; k < i; k++) {
		if (!moment->taken[k] &&
		    moment->events[k].cpu == moment->events[i].cpu)
			return true;
	}
	return false;
}

static const struct data_event *choose(struct moment *moment,
				       moment_fits *fits, void *context)
{
	unsigned int best = moment->nr;

	for (unsigned int i = 0; i < moment->nr; i++) {
		if (moment->taken[i])
			continue;
		if (best == moment->nr)
			best = i;
		if (!is_behind(moment, i) && fits(context, i)) {
			best = i;
			break;
		}
	}
	if (best == moment->nr)
		return NULL;
	moment->taken[best] = true;
	return &moment->events[best];
}

const struct data_event *stackid_moment_next(struct moment *moment,
					     moment_read *read,
					     moment_fits *fits, void *context)
{
	const struct data_event *event = choose(moment, fits, context);

	if (event || !fill(moment, read, context))
		return event;
	return choose(moment, fits, context);
}
