/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of stackid script share. */
#ifndef STACKID_SCRIPT_COMMON_H
#define STACKID_SCRIPT_COMMON_H

#include "../lib/buffer.h"
#include "../reading.h"
#include "../srcline.h"
#include "script_fields.h"

struct script_options {
	struct reading_options reading;
	unsigned int fields;
	bool nanoseconds;
	bool from_first;
	bool from_last;
	bool hide_call_graph;
	bool header;
	bool header_only;
	bool show_lost;
	uint64_t max_stack;
	uint64_t max_events;
	struct words last_symbols;
	struct srcline_options srcline;
};

struct script_name;
struct script_stack;
struct script_whose;

struct script {
	const struct script_options *options;
	struct reading *reading;
	struct data_reader *data;
	struct debug_lines *lines;	/* NULL without FIELD_SRCLINE */
	bool weigh;
	int event_width;

	/* By symbol index; those that were not met yet are NULL. */
	struct script_name *names;
	uint32_t nr_names;

	/* By stack index; the texts of this .round are in .kept. */
	struct script_stack *stacks;
	uint32_t nr_stacks;
	uint32_t round;
	struct buffer kept;

	/* How lines begin, by a hash of whose they are. */
	struct script_whose *whose;

	struct buffer text;

	/* Of times that are printed: of the first event, and of the last one. */
	bool any;
	uint64_t first_time;
	uint64_t last_time;
};

#endif /* STACKID_SCRIPT_COMMON_H */
