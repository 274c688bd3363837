/* SPDX-License-Identifier: GPL-2.0 */
/* What a processed profile says of itself. */
#ifndef STACKID_EXPORT_FIREFOX_META_H
#define STACKID_EXPORT_FIREFOX_META_H

#include "../lib/json.h"
#include "export_format.h"

/* The categories, by their numbers. */
enum firefox_category {
	FIREFOX_OTHER,
	FIREFOX_KERNEL,
	FIREFOX_MODULE,
	FIREFOX_USER,
};

/* Times of the exported events; @any: there is one, @any_weight: that weighs something */
struct firefox_span {
	uint64_t first;
	uint64_t last;
	bool any;
	bool any_weight;
};

void stackid_firefox_meta(struct json *json, const struct export *export,
			  const struct firefox_span *span, size_t nr_threads);

/* What a marker has value @i as: its own name could be one that means something else. */
const char *stackid_firefox_field(unsigned int i);

/* The profile's word for what samples of the event weigh with --weight. */
const char *stackid_firefox_weight(const struct export *export,
				   const struct data_event_name *event);

#endif /* STACKID_EXPORT_FIREFOX_META_H */
