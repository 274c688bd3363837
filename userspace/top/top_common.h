/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of stackid top share. */
#ifndef STACKID_TOP_COMMON_H
#define STACKID_TOP_COMMON_H

#include <stdbool.h>
#include <stdint.h>

#include "../lib/live/watch.h"
#include "../record/record_events.h"
#include "../record/record_whose.h"
#include "../report/report_common.h"

/**
 * struct top_options - as they were given
 * @delay_ns:   an interval
 * @iterations: of them, 0 is until somebody ends it
 * @batch:      plain text
 */
struct top_options {
	struct event_list events;
	struct event_rates rates;
	struct whose whose;
	uint64_t buffer_kb;
	uint64_t delay_ns;
	uint64_t iterations;
	bool batch;
	struct report_options report;
};

/**
 * struct top - while it runs
 * @report: of @profile, which is that of the last interval that is shown
 * @in_all: shares are of all hits, not of the last interval's
 */
struct top {
	struct top_options *options;
	struct watch *watch;
	struct report report;
	bool in_all;
};

/* An entry weighs its hits in the interval, or in all. */
struct profile *stackid_top_profile(const struct top *top);

/* Lines about events and losses, and about the table; to be freed. */
char *stackid_top_rates(const struct top *top);
char *stackid_top_table(const struct top *top);

/* Exit codes.  top_batch.c and top_screen.c. */
int stackid_top_batch(struct top *top);
int stackid_top_screen(struct top *top);

#endif /* STACKID_TOP_COMMON_H */
