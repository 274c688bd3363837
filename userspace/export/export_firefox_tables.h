/* SPDX-License-Identifier: GPL-2.0 */
/* The tables of a processed profile: columns, each a list. */
#ifndef STACKID_EXPORT_FIREFOX_TABLES_H
#define STACKID_EXPORT_FIREFOX_TABLES_H

#include "../lib/json.h"
#include "export_nodes.h"
#include "export_spool.h"

/* Of a thread, whose hits are in @queue.  @weight: the word for the weights, or NULL */
void stackid_firefox_samples(struct json *json, struct export_spool *spool,
			     size_t queue, uint64_t first, const char *weight);
/* @name: of the event in the strings */
void stackid_firefox_markers(struct json *json, struct export_spool *spool,
			     size_t queue, uint64_t first,
			     const struct data_event_name *event,
			     uint32_t name);

/* Of all threads. */
void stackid_firefox_libs(struct json *json, const struct export_places *places);
void stackid_firefox_shared(struct json *json, struct export_nodes *nodes);

#endif /* STACKID_EXPORT_FIREFOX_TABLES_H */
