/* SPDX-License-Identifier: GPL-2.0 */
/* A chunk that is being counted, for tally_count.c and tally_records.c only. */
#ifndef STACKID_TALLY_COUNTING_H
#define STACKID_TALLY_COUNTING_H

#include <stdlib.h>

#include "chunk_clock.h"
#include "columns_source.h"
#include "tally.h"

/* In place of a kind's number of hits: its records have to be looked at. */
#define IS_ODD		(1U << 31)

/**
 * struct kind_tally - what goes with a kind, but for its number of hits
 * @first:     none of those that are not in .hits yet is before this record
 * @before:    the last kind made before it whose thread falls into the same place of
 *             .threads; 0 if there is none
 * @nr_values: of each
 */
struct kind_tally {
	uint32_t first;
	uint16_t before;
	uint8_t nr_values;
};

/* Kinds are found by their threads, of which a chunk has a few. */
#define NR_THREADS	256

/**
 * struct counting - a chunk that is being counted
 * @kinds:      of the source's kinds, what goes with each
 * @numbers:    of their hits that are not in .hits yet, or IS_ODD; apart, as nothing
 *              else is touched for a hit that comes as expected
 * @threads:    by the low bits of pids, the last kind made; kind 0 is in none
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
	uint32_t *numbers;
	uint16_t threads[NR_THREADS];
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
static inline bool counting_has_round(uint64_t w0, uint64_t time)
{
	return w0 >> HIGH_SHIFT == (time >> STACKID_TIME_LOW_BITS &
				    LOW_BITS(64 - HIGH_SHIFT));
}

/* They, and those of the generation, say the same as the place where a hit is. */
static inline bool counting_fits(const struct counting *counting, uint64_t w0,
				 uint64_t time)
{
	const struct stackid_record record = { .w0 = w0 };

	return counting_has_round(w0, time) &&
	       stackid_rec_generation(&record) == (counting->generation & 0xf);
}

/* All hits before the next record are counted apart from those behind it. */
bool stackid_counting_cut(struct counting *counting);
/* Those of one thread are. */
bool stackid_counting_cut_thread(struct counting *counting, uint32_t pid);

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

/* There is room. */
static inline struct tally_hits *
counting_add(struct counting *counting, uint64_t w0, uint32_t pid, uint32_t nr,
	     uint32_t first, uint32_t last)
{
	struct tally *tally = counting->tally;
	struct tally_hits *hits = &tally->hits[tally->nr_hits++];

	*hits = (struct tally_hits) {
		.w0 = w0,
		.generation = counting->generation,
		.first = first,
		.last = last,
		.pid = pid,
		.nr = nr,
	};
	return hits;
}

#endif /* STACKID_TALLY_COUNTING_H */
