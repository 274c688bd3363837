/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A recording: a set of enabled events, the rings that they are written to and
 * the table that their ids come from.  The module's own is the first.
 */
#ifndef _STACKID_RECORDING_H
#define _STACKID_RECORDING_H

#include <linux/types.h>

#include "../ledger.h"

struct event_spec;
struct recording;
struct refusal;
struct source_ops;
struct stackid_table;

struct recording *stackid_recording_create(struct stackid_table *table,
					   bool recalls);
void stackid_recording_destroy(struct recording *rec);

/* Task context, may sleep; they take rec->lock. */
int stackid_recording_add_event(struct recording *rec,
				const struct event_spec *spec,
				const struct source_ops *source,
				struct refusal *why);
int stackid_recording_remove_event(struct recording *rec, const char *name,
				   struct refusal *why);
void stackid_recording_clear_events(struct recording *rec);
int stackid_recording_set_on(struct recording *rec, bool on,
			     struct refusal *why);

/* A CPU's counters.  Any context. */
u64 stackid_recording_ledger(const struct recording *rec, unsigned int cpu,
			     enum stackid_ledger which);
/* Hits that took the id of the last time, see recall.h; all are in the ledger. */
u64 stackid_recording_recalled(const struct recording *rec, unsigned int cpu);

#endif /* _STACKID_RECORDING_H */
