/* SPDX-License-Identifier: GPL-2.0 */
/* Which events of a data file the options let through. */
#ifndef STACKID_FILTER_H
#define STACKID_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stackid.h>

#include "command.h"
#include "lib/data/data.h"
#include "lib/ranges.h"
#include "lib/words.h"
#include "timespan.h"

/**
 * struct filter - a member of the command's options; one of zeros lets all through
 * @given: there is an option that leaves events out
 * @wanted_events: by number, after stackid_filter_begin()
 */
struct filter {
	struct words events;
	struct words comms;
	struct words other_comms;
	struct timespans times;
	struct ranges pids;
	struct ranges tids;
	struct ranges cpus;
	bool no_idle;
	bool given;
	bool wanted_events[STACKID_MAX_EVENT + 1];
};

/* An option that is given twice means what both say. */
#define FILTER_OPTION_ROWS(type, filter)				\
	OPTION_CALL('e', "event", type, filter.events, "NAME[,NAME]",	\
		    "event", stackid_words_add,				\
		    "only the events of these sources"),		\
	OPTION_CALL('c', "comms", type, filter.comms, "COMM[,COMM]",	\
		    "comm", stackid_words_add,				\
		    "only those of threads with these names"),		\
	FILTER_MOMENT_OPTION_ROWS(type, filter),			\
	OPTION_FLAG(0, "no-idle", type, filter.no_idle,			\
		    "leave out the idle task, pid 0"),			\
	OPTION_CALL(0, "pid", type, filter.pids, "PID[,PID]", "pid",	\
		    stackid_filter_add_range,				\
		    "only those of these processes"),			\
	OPTION_CALL(0, "tid", type, filter.tids, "TID[,TID]", "pid",	\
		    stackid_filter_add_range,				\
		    "only those of these threads"),			\
	OPTION_CALL('C', "cpu", type, filter.cpus, "CPU[,CPU-CPU]",	\
		    "cpu", stackid_filter_add_range,			\
		    "only those of these CPUs")

/* Those that mean something of anything that a thread did at a time. */
#define FILTER_MOMENT_OPTION_ROWS(type, filter)				\
	OPTION_CALL(0, "exclude-comms", type, filter.other_comms,	\
		    "COMM[,COMM]", "comm", stackid_words_add,		\
		    "leave out those of threads with these names"),	\
	OPTION_CALL(0, "time", type, filter.times, "FROM,TO", NULL,	\
		    stackid_timespans_parse,				\
		    "only those between: 1000.5,1002 as script prints times, +1.5,+2 or 10ms,1s from the first event on, 10%-20%, or 10%/2, the second tenth")

int stackid_filter_add_range(const char *arg, void *field);

/* Frees what it holds, not the struct. */
void stackid_filter_free(struct filter *filter);

/*
 * Finds in @data the events that are wanted by name, and what --time means.  0, or -1
 * after a complaint that calls the file @name.
 */
int stackid_filter_begin(struct filter *filter, struct data_reader *data,
			 const char *name);

bool stackid_filter_wants_event(const struct filter *filter,
				unsigned int number);
/* By its name, CPU and time; losses have no name. */
bool stackid_filter_has_place(const struct filter *filter,
			      const struct data_event *event);
/* By its thread; losses pass: nobody knows whose events those were. */
bool stackid_filter_has_thread(const struct filter *filter,
			       const struct data_event *event);

/* No event from this time on can pass. */
static inline bool stackid_filter_is_over(const struct filter *filter,
					  uint64_t time)
{
	return filter->times.text && time > filter->times.last;
}

#endif /* STACKID_FILTER_H */
