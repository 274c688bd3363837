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

struct words {
	char **at;
	size_t nr;
	size_t room;
};

/**
 * struct filter - a member of the command's options; one of zeros lets all through
 * @given: there is an option that leaves events out
 * @wanted_events: by number, after stackid_filter_find_events()
 */
struct filter {
	struct words events;
	struct words comms;
	struct ranges pids;
	struct ranges tids;
	struct ranges cpus;
	bool given;
	bool wanted_events[STACKID_MAX_EVENT + 1];
};

/* An option that is given twice means what both say. */
#define FILTER_OPTION_ROWS(type, filter)				\
	OPTION_CALL('e', "event", type, filter.events, "NAME[,NAME]",	\
		    "event", stackid_filter_add_words,			\
		    "only the events of these sources"),		\
	OPTION_CALL('c', "comms", type, filter.comms, "COMM[,COMM]",	\
		    "comm", stackid_filter_add_words,			\
		    "only those of threads with these names"),		\
	OPTION_CALL(0, "pid", type, filter.pids, "PID[,PID]", "pid",	\
		    stackid_filter_add_range,				\
		    "only those of these processes"),			\
	OPTION_CALL(0, "tid", type, filter.tids, "TID[,TID]", "pid",	\
		    stackid_filter_add_range,				\
		    "only those of these threads"),			\
	OPTION_CALL('C', "cpu", type, filter.cpus, "CPU[,CPU-CPU]",	\
		    "cpu", stackid_filter_add_range,			\
		    "only those of these CPUs")

int stackid_filter_add_words(const char *arg, void *field);
int stackid_filter_add_range(const char *arg, void *field);

/* Frees what it holds, not the struct. */
void stackid_filter_free(struct filter *filter);

/*
 * The events of @data that are wanted by name.  0, or -1 after a complaint that
 * calls the file @name.
 */
int stackid_filter_find_events(struct filter *filter,
			       const struct data_reader *data,
			       const char *name);

bool stackid_filter_wants_event(const struct filter *filter,
				unsigned int number);
/* Losses pass all but the CPUs: nobody knows whose events those were. */
bool stackid_filter_passes(const struct filter *filter,
			   const struct data_event *event);

#endif /* STACKID_FILTER_H */
