// SPDX-License-Identifier: GPL-2.0
/* Two recordings side by side. */
#include <stdlib.h>
#include <string.h>

#include <stackid.h>

#include "comparison.h"
#include "lib/array.h"

#define OLDER_FILE	DATA_DEFAULT_FILE ".old"
/* What a file with so many events may take of memory, as data_file.c has it. */
#define MOST_CELLS	1000000
#define LEAST_SLICES	10

void stackid_comparison_name(struct reading_options *a, struct reading_options *b,
			     char **words, int nr)
{
	a->input = nr > 0 ? words[0] : OLDER_FILE;
	b->input = nr > 1 ? words[1] : DATA_DEFAULT_FILE;
}

/* The event of that name on side B that no other one of A is compared with. */
static struct comparison_event *find_partner(struct comparison *comparison,
					     const char *name)
{
	for (size_t i = 0; i < comparison->nr_events; i++) {
		struct comparison_event *event = &comparison->events[i];

		if (event->number[1] < 0 && !strcmp(event->name, name))
			return event;
	}
	return NULL;
}

static void match_events(struct comparison *comparison, unsigned int side)
{
	struct comparison_side *of = &comparison->sides[side];
	size_t room = comparison->nr_events;

	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		bool named = stackid_data_event_by_number(of->data, i) &&
			     stackid_reading_wants_event(of->reading, i);
		struct comparison_event *event = NULL;
		const char *name;

		if (!named && !stackid_profile_sum(of->profile, i)->hits)
			continue;
		name = stackid_reading_event(of->reading, i)->name;
		if (side)
			event = find_partner(comparison, name);
		if (!event) {
			stackid_array_reserve(comparison->events,
					      comparison->nr_events, room);
			event = &comparison->events[comparison->nr_events++];
			*event = (struct comparison_event) {
				.name = name,
				.number = { -1, -1 },
			};
		}
		event->number[side] = i;
	}
}

static void choose_slices(struct comparison_side *side, unsigned int keys)
{
	uint64_t first, last;

	if (!(keys & PROFILE_TIME) ||
	    !stackid_data_span(side->data, &first, &last))
		return;
	side->first = first;
	side->last = last;
	stackid_profile_set_quantum(side->profile,
				    (last - first) / COMPARISON_SLICES + 1);
	/* Fewer slices are no help. */
	stackid_profile_limit_cells(side->profile, MOST_CELLS,
				    (last - first) / LEAST_SLICES + 1);
}

/* Whether there is anything in it. */
static bool fill(struct comparison_side *side, unsigned int keys, bool weigh)
{
	bool any;

	side->data = stackid_reading_data(side->reading);
	side->profile = stackid_profile_create(side->data, keys);
	choose_slices(side, keys);
	any = !stackid_reading_fill_profile(side->reading, side->profile, weigh);
	if (side->last)
		side->quantum = stackid_profile_quantum(side->profile);
	stackid_profile_finish(side->profile);
	return any;
}

int stackid_comparison_open(struct comparison *comparison,
			    struct reading_options *a, struct reading_options *b,
			    unsigned int keys, bool weigh)
{
	struct comparison_side *sides = comparison->sides;
	bool any = false;

	*comparison = (struct comparison) { .nr_sides = b ? 2 : 1 };
	if (b && !strcmp(a->input, "-") && !strcmp(b->input, "-")) {
		stackid_complain("the standard input can be only one of the two files");
		return EXIT_USAGE;
	}
	sides[0].reading = stackid_reading_open(a);
	/* Also where the first is none: it frees the lists of the options. */
	if (b)
		sides[1].reading = stackid_reading_open(b);
	if (!sides[0].reading || (b && !sides[1].reading)) {
		for (unsigned int i = 0; i < comparison->nr_sides; i++) {
			if (sides[i].reading)
				stackid_reading_close(sides[i].reading,
						      EXIT_FAILED);
		}
		return EXIT_FAILED;
	}
	for (unsigned int i = 0; i < comparison->nr_sides; i++)
		any |= fill(&sides[i], keys, weigh);
	if (b)
		stackid_profile_unite(sides[0].profile, sides[1].profile);
	for (unsigned int i = 0; i < comparison->nr_sides; i++)
		match_events(comparison, i);
	return any ? EXIT_OK :
		     stackid_comparison_close(comparison, EXIT_FAILED);
}

int stackid_comparison_open_one(struct comparison *comparison,
				struct reading *reading, unsigned int keys,
				bool weigh)
{
	*comparison = (struct comparison) {
		.nr_sides = 1,
		.sides[0].reading = reading,
	};
	if (!fill(&comparison->sides[0], keys, weigh)) {
		stackid_comparison_free(comparison);
		return EXIT_FAILED;
	}
	match_events(comparison, 0);
	return EXIT_OK;
}

void stackid_comparison_free(struct comparison *comparison)
{
	for (unsigned int i = 0; i < comparison->nr_sides; i++)
		stackid_profile_destroy(comparison->sides[i].profile);
	free(comparison->events);
}

int stackid_comparison_close(struct comparison *comparison, int result)
{
	stackid_comparison_free(comparison);
	for (unsigned int i = 0; i < comparison->nr_sides; i++)
		result = stackid_reading_close(comparison->sides[i].reading,
					       result);
	return result;
}

struct profile_sum stackid_comparison_sum(const struct comparison *comparison,
					  const struct comparison_event *event,
					  unsigned int side)
{
	if (event->number[side] < 0)
		return (struct profile_sum) { };
	return *stackid_profile_sum(comparison->sides[side].profile,
				    event->number[side]);
}
