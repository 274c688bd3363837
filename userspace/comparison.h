/* SPDX-License-Identifier: GPL-2.0 */
/* Two recordings side by side, the baseline first; or one, for who shows both. */
#ifndef STACKID_COMPARISON_H
#define STACKID_COMPARISON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/profile/profile.h"
#include "reading.h"

/*
 * @profile: finished, and its functions are numbered as the other side's
 * @quantum: how long a slice of time is, in ns; 0 where there are none
 * @first, @last: the times of the first and the last event; with @quantum
 */
struct comparison_side {
	struct reading *reading;
	struct data_reader *data;
	struct profile *profile;
	uint64_t quantum;
	uint64_t first;
	uint64_t last;
};

#define COMPARISON_SLICES	100

/* @number: of this event on each side; -1 where the file has no such event */
struct comparison_event {
	const char *name;
	int number[2];
};

struct comparison {
	struct comparison_side sides[2];
	unsigned int nr_sides;
	struct comparison_event *events;
	size_t nr_events;
};

/*
 * The words of a command line that name the two files; @words has @nr of them.
 * Two that are not named are stackid.data.old and stackid.data; the second one is
 * stackid.data where only one is.
 */
void stackid_comparison_name(struct reading_options *a, struct reading_options *b,
			     char **words, int nr);

/*
 * Reads both: EXIT_OK, or what to end with after a sentence on stderr.  @b: NULL
 * reads one.  @keys: as of stackid_profile_create(); PROFILE_TIME cuts the recording into
 * COMPARISON_SLICES slices, or fewer where that would be too many cells, or none.  One
 * file of two may have no event that the options let through.
 */
int stackid_comparison_open(struct comparison *comparison,
			    struct reading_options *a, struct reading_options *b,
			    unsigned int keys, bool weigh);
/* Of one file that is open, which stays with the caller; to be freed, if it is EXIT_OK. */
int stackid_comparison_open_one(struct comparison *comparison,
				struct reading *reading, unsigned int keys,
				bool weigh);
void stackid_comparison_free(struct comparison *comparison);
/* As stackid_reading_close(), for both; frees it. */
int stackid_comparison_close(struct comparison *comparison, int result);

/* What an event weighs on a side; all zeros where it is not. */
struct profile_sum stackid_comparison_sum(const struct comparison *comparison,
					  const struct comparison_event *event,
					  unsigned int side);

#endif /* STACKID_COMPARISON_H */
