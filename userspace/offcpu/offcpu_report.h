/* SPDX-License-Identifier: GPL-2.0 */
/* The waits of a recording, added up and printed. */
#ifndef STACKID_OFFCPU_REPORT_H
#define STACKID_OFFCPU_REPORT_H

#include "offcpu_common.h"
#include "offcpu_histogram.h"
#include "offcpu_longest.h"
#include "offcpu_sums.h"

/**
 * struct offcpu_report - what is gathered while the file is read
 * @left_out:  waits that the options do not let through
 * @whole:     all others together
 */
struct offcpu_report {
	const struct offcpu_options *options;
	struct reading *reading;
	struct shapes shapes;
	struct offcpu_sums threads;
	struct offcpu_sums stacks;
	struct offcpu_sums wakers;
	struct offcpu_histogram blocked;
	struct offcpu_histogram waiting;
	struct offcpu_longest longest;
	struct offcpu_sum whole;
	uint64_t left_out;
};

/* As a waker is called: "[interrupt]" where the thread had no part in it. */
const char *stackid_offcpu_waker(const struct shapes *shapes,
				 const struct wait *wait);

void stackid_offcpu_report_add(struct offcpu_report *report,
			       const struct wait *wait);
void stackid_offcpu_report_print(struct offcpu_report *report,
				 const struct waits *waits);
void stackid_offcpu_report_free(struct offcpu_report *report);

#endif /* STACKID_OFFCPU_REPORT_H */
