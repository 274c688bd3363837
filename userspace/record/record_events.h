/* SPDX-License-Identifier: GPL-2.0 */
/* The events that -e names, as lines for the module. */
#ifndef STACKID_RECORD_EVENTS_H
#define STACKID_RECORD_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../command.h"

/* @lines: "NAME [OPTIONS]"; one of zeros is empty */
struct event_list {
	char **lines;
	size_t nr;
	size_t room;
};

/* For the row of -e: adds the events of @arg.  0, or -1 after a complaint. */
int stackid_record_events_take(const char *arg, void *field);
/* For that of --filter: of the event before it, as perf has it. */
int stackid_record_events_take_filter(const char *arg, void *field);

/**
 * struct event_rates - what goes for all counters
 * @freq:   -F, or 0
 * @count:  -c, or 0
 * @kernel: only samples of the kernel
 */
struct event_rates {
	uint64_t freq;
	uint64_t count;
	bool kernel;
};

/* For the rows of -F and -c.  -1 after a complaint. */
int stackid_record_events_take_freq(const char *arg, void *field);
int stackid_record_events_take_count(const char *arg, void *field);

/*
 * Replaces patterns by what they match, perf's modifiers by options, and adds what
 * goes for all counters.  If there is no event it adds the default.  What cannot be
 * ends the process with a sentence.
 */
void stackid_record_events_complete(struct event_list *events,
				    const struct command *self,
				    const struct event_rates *rates);
void stackid_record_events_free(struct event_list *events);

#endif /* STACKID_RECORD_EVENTS_H */
