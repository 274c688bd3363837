/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of stackid report share. */
#ifndef STACKID_REPORT_COMMON_H
#define STACKID_REPORT_COMMON_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "../lib/profile/profile.h"
#include "../reading.h"
#include "../srcline.h"
#include "report_columns.h"
#include "report_graph.h"
#include "report_line.h"
#include "report_sort.h"

struct report_options {
	struct reading_options reading;
	struct sort_order sort;
	struct srcline_options srcline;
	struct patterns parents;
	bool exclude_other;
	bool nanoseconds;
	uint64_t quantum;
	bool children;
	struct option_switch call_graph;
	bool header;
	bool header_only;
	bool quiet;
	bool skip_empty;
	const char *percentage;
	bool show_hits;
	bool show_period;
	bool hierarchy;
	const char *colours;
	const char *separator;
	const char *row_filter;
	struct column_widths column_widths;
	struct columns fields;
	uint64_t max_stack;
	struct patterns ignored_callees;
	bool plain;
	bool tui;
	const char *order;
	const char *percent_limit;
};

/* What somebody has zoomed into: cells that are not so are left out. */
struct report_zoom {
	const char *comm;
	bool by_tgid;
	bool by_pid;
	bool by_function;
	uint32_t tgid;
	uint32_t pid;
	uint32_t function;
};

struct report {
	const struct report_options *options;
	struct reading *reading;
	struct data_reader *data;
	struct profile *profile;
	bool weigh;
	const char *hits_title;	/* of the column with hits; NULL is "Samples" */
	size_t max_rows;	/* that are printed; 0 is all */
	bool lazy;		/* rows get no parts: few of their trees are wanted, or none */
	bool by_frame;		/* a key that differs from frame to frame */
	bool children;
	bool callers_first;
	double row_limit;
	double tree_limit;
	uint64_t whole;		/* of the section that is being made */
	uint64_t whole_hits;
	struct graph graph;
	struct report_line line;
	struct report_zoom zoom;
	bool *parents;		/* by function, where KEY_PARENT is asked for */
};

/* What is 100 percent of an event. */
static inline struct profile_sum report_sum(const struct report *report,
					    unsigned int event)
{
	const char *percentage = report->options->percentage;

	if (percentage && !strcmp(percentage, "absolute"))
		return stackid_profile_whole(report->profile, event);
	return *stackid_profile_sum(report->profile, event);
}

static inline double report_share(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * part / whole : 0;
}

/* Of what the section has in all. */
static inline double report_percent(const struct report *report, uint64_t part)
{
	return report_share(part, report->whole);
}

/* What is 100 percent of a call tree. */
static inline uint64_t report_graph_whole(const struct report *report)
{
	return report->graph.value == GRAPH_COUNT ? report->whole_hits :
						    report->whole;
}

static inline bool report_sorts_by(const struct report *report,
				   enum sort_key key)
{
	return stackid_sort_has(&report->options->sort, key);
}

/* What follows from --sort, --children and --order. */
static inline void report_settle_sort(struct report *report)
{
	const struct report_options *options = report->options;

	report->by_frame = report_sorts_by(report, KEY_SYM) ||
			   report_sorts_by(report, KEY_MODULE);
	report->children = options->children && report->by_frame &&
			   !report_sorts_by(report, KEY_STACK);
	report->callers_first = report->children || !report->by_frame;
	if (options->order)
		report->callers_first = !strcmp(options->order, "caller");
}

#endif /* STACKID_REPORT_COMMON_H */
