// SPDX-License-Identifier: GPL-2.0
/* Which events of a data file the options let through. */
#include <stdlib.h>
#include <string.h>

#include "filter.h"
#include "lib/array.h"
#include "lib/words.h"

int stackid_filter_add_range(const char *arg, void *field)
{
	return stackid_ranges_add(field, arg, "a list of PIDs or CPUs");
}

void stackid_filter_free(struct filter *filter)
{
	stackid_words_free(&filter->events);
	stackid_words_free(&filter->comms);
	stackid_words_free(&filter->other_comms);
	stackid_timespans_free(&filter->times);
	free(filter->pids.at);
	free(filter->tids.at);
	free(filter->cpus.at);
}

static int refuse_event(const struct data_reader *data, const char *name,
			const char *word)
{
	unsigned int nr = stackid_data_nr_events(data);
	const char **names = stackid_memory_zalloc(nr, sizeof(*names));
	const char *closest;

	for (unsigned int i = 0; i < nr; i++)
		names[i] = stackid_data_event(data, i)->name;
	closest = stackid_closest_word(word, names, nr);
	if (!nr)
		stackid_complain("%s has no event %s: it names none at all",
				 name, word);
	else
		stackid_complain("%s has no event %s; did you mean %s? 'stackid report' shows all",
				 name, word, closest ? closest : names[0]);
	free(names);
	return -1;
}

static bool want_event(struct filter *filter, const struct data_reader *data,
		       const char *word)
{
	bool found = false;

	for (unsigned int i = 0; i < stackid_data_nr_events(data); i++) {
		const struct data_event_name *event = stackid_data_event(data, i);

		if (!strcmp(event->name, word) &&
		    event->number <= STACKID_MAX_EVENT) {
			filter->wanted_events[event->number] = true;
			found = true;
		}
	}
	return found;
}

int stackid_filter_begin(struct filter *filter, struct data_reader *data,
			 const char *name)
{
	const struct words *events = &filter->events;
	uint64_t first, last;

	filter->given = events->nr || filter->comms.nr ||
			filter->other_comms.nr || filter->no_idle ||
			filter->pids.nr || filter->tids.nr || filter->cpus.nr ||
			filter->times.text;
	memset(filter->wanted_events, !events->nr,
	       sizeof(filter->wanted_events));
	for (size_t i = 0; i < events->nr; i++) {
		if (!want_event(filter, data, events->at[i]))
			return refuse_event(data, name, events->at[i]);
	}
	if (filter->times.text && stackid_data_span(data, &first, &last))
		return stackid_timespans_settle(&filter->times, first, last);
	return 0;
}

bool stackid_filter_wants_event(const struct filter *filter,
				unsigned int number)
{
	return number <= STACKID_MAX_EVENT && filter->wanted_events[number];
}

static bool has_number(const struct ranges *ranges, uint64_t number)
{
	return !ranges->nr || stackid_ranges_has(ranges, number);
}

bool stackid_filter_has_place(const struct filter *filter,
			      const struct data_event *event)
{
	if (!filter->given)
		return true;
	if (!has_number(&filter->cpus, event->cpu) ||
	    !stackid_timespans_has(&filter->times, event->time))
		return false;
	return event->kind == DATA_LOST || filter->wanted_events[event->event];
}

bool stackid_filter_has_thread(const struct filter *filter,
			       const struct data_event *event)
{
	if (!filter->given || event->kind == DATA_LOST)
		return true;
	return (event->pid || !filter->no_idle) &&
	       has_number(&filter->pids, event->tgid) &&
	       has_number(&filter->tids, event->pid) &&
	       (!filter->comms.nr ||
		stackid_words_has(&filter->comms, event->comm)) &&
	       !stackid_words_has(&filter->other_comms, event->comm);
}
