/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of stackid report share. */
#ifndef STACKID_REPORT_COMMON_H
#define STACKID_REPORT_COMMON_H

#include <stdbool.h>
#include <stdint.h>

#include "../lib/profile/profile.h"
#include "../reading.h"
#include "report_line.h"
#include "report_sort.h"

struct report_options {
	struct reading_options reading;
	struct sort_order sort;
	bool children;
	struct option_switch call_graph;
	bool header;
	bool show_hits;
	bool plain;
	const char *order;
	const char *weight;
	const char *percent_limit;
};

struct report {
	const struct report_options *options;
	struct reading *reading;
	struct data_reader *data;
	struct profile *profile;
	bool weigh;
	bool by_frame;		/* a key that differs from frame to frame */
	bool children;
	bool callers_first;
	double row_limit;
	double tree_limit;
	uint64_t whole;		/* of the section that is being made */
	struct report_line line;
};

/* Of what the section has in all. */
static inline double report_percent(const struct report *report, uint64_t part)
{
	return report->whole ? 100.0 * part / report->whole : 0;
}

static inline bool report_sorts_by(const struct report *report,
				   enum sort_key key)
{
	return stackid_sort_has(&report->options->sort, key);
}

#endif /* STACKID_REPORT_COMMON_H */
