/* SPDX-License-Identifier: GPL-2.0 */
/* A chunk that is being counted, for tally_count.c and tally_records.c only. */
#ifndef STACKID_TALLY_COUNTING_H
#define STACKID_TALLY_COUNTING_H

#include <stdlib.h>

#include "chunk_clock.h"
#include "columns_source.h"
#include "tally.h"

/**
 * struct kind_tally - what goes with a kind
 * @nr:        hits that are not in .hits yet
 * @nr_values: of each
 * @is_odd:    its records have to be looked at
 * @first:     none of these is before it
 */
struct kind_tally {
	uint32_t nr;
	uint8_t nr_values;
	bool is_odd;
	struct tally_place first;
};

/**
 * struct counting - a chunk that is being counted
 * @index:      of the next record
 * @now:        behind a record that is not after the next one
 * @ahead:      before the one at @stop
 * @stop:       where something is to be counted apart
 * @all_at:     time from which all hits are; @cut: the next of the request's
 * @generation: of the records from here on
 * @size:       of the records so far
 * @nr_values:  of hits without a stack so far
 * @work:       kinds that have been looked through
 */
struct counting {
	struct tally *tally;
	const struct tally_request *request;
	struct columns_source source;
	struct kind_tally *kinds;
	size_t index;
	struct chunk_clock now;
	struct chunk_clock ahead;
	size_t stop;
	uint64_t all_at;
	size_t cut;
	uint64_t generation;
	size_t size;
	size_t nr_values;
	size_t work;
};

/* Of the record at @index, which is the next one or an earlier one. */
struct tally_place stackid_counting_place(struct counting *counting,
					  size_t index);

/* The bits of the time that are in w0. */
bool stackid_counting_has_round(uint64_t w0, uint64_t time);
/* They, and those of the generation, say the same as the place where a hit is. */
bool stackid_counting_fits(const struct counting *counting, uint64_t w0,
			   uint64_t time);

/*
 * Hits before the next record are counted apart from those behind it, of thread @pid
 * or of @all.
 */
bool stackid_counting_cut(struct counting *counting, bool all, uint32_t pid);

/* NULL without memory. */
struct tally_hits *stackid_counting_add(struct counting *counting, uint64_t w0,
					uint32_t pid, uint32_t nr,
					struct tally_place first,
					struct tally_place last);

/* The next record, which is no hit that is like others. */
bool stackid_counting_look(struct counting *counting, const struct kind *kind);

/*
 * Room for @more items behind @nr, or false: it may be one of several threads that
 * count, and what ends all of them is not for one to say.
 */
static inline bool tally_reserve(void *array, size_t nr, size_t more,
				 size_t *room, size_t size)
{
	void **at = array;
	size_t wanted = *room ? *room : 64;
	void *grown;

	if (nr + more <= *room)
		return true;
	while (wanted < nr + more)
		wanted *= 2;
	grown = reallocarray(*at, wanted, size);
	if (!grown)
		return false;
	*at = grown;
	*room = wanted;
	return true;
}

#define TALLY_RESERVE(tally, what, more)					\
	tally_reserve(&(tally)->what, (tally)->nr_##what, more,		\
		&(tally)->what##_room, sizeof(*(tally)->what))

#endif /* STACKID_TALLY_COUNTING_H */
