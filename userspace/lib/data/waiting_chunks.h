/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Chunks of what is being written.  Those of each CPU wait in the order in which they came,
 * as small as they came, until a mark says that nothing of before it is to come any more.
 */
#ifndef STACKID_WAITING_CHUNKS_H
#define STACKID_WAITING_CHUNKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data_reader.h"

struct waiting_lane;

/**
 * struct waiting_chunks - those that were not shown yet
 * @complete: the time of the last mark
 * @marks:    how many there were
 * @ended:    nothing else comes: all may be shown
 * @stale:    since the last look, other lanes may have become such that may be shown
 * @lanes:    each allocated alone, as the reader's heap points to them
 */
struct waiting_chunks {
	uint64_t complete;
	uint64_t marks;
	bool ended;
	bool stale;
	struct waiting_lane **lanes;
	size_t nr_lanes;
	size_t room;
};

/* Takes @packed, the payload as it came. */
void stackid_waiting_add(struct data_reader *reader,
			 struct waiting_chunks *waiting,
			 const struct section_place *section, void *packed);
void stackid_waiting_mark(struct waiting_chunks *waiting, uint64_t time);
void stackid_waiting_end(struct waiting_chunks *waiting);

/* The lane with the earliest record; NULL if none may be shown yet. */
struct lane *stackid_waiting_first(struct data_reader *reader,
				   struct waiting_chunks *waiting);
/* The first lane goes on to its next record. */
void stackid_waiting_advance(struct data_reader *reader,
			     struct waiting_chunks *waiting, struct lane *lane);

/* All that waits goes unseen, but for a first record of each lane. */
void stackid_waiting_drop(struct data_reader *reader,
			  struct waiting_chunks *waiting);
void stackid_waiting_free(struct waiting_chunks *waiting);

#endif /* STACKID_WAITING_CHUNKS_H */
