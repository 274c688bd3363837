/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A chunk's hits, counted by their kinds, without making records of them.  It is done
 * only where the chunk is in order in every respect; who is refused reads the records.
 */
#ifndef STACKID_TALLY_H
#define STACKID_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stackid.h>

#include "chunk_clock.h"
#include "data.h"

/* @index: records of the chunk that are before it */
struct tally_place {
	uint64_t time;
	uint32_t index;
};

/**
 * struct tally_hits - hits that are equal but for time and values
 * @generation: in full
 * @first, @last: all of them are among these records of the chunk
 * @block: place of its stack in .words + 1, or 0 where it has an id or none
 */
struct tally_hits {
	uint64_t w0;
	uint64_t generation;
	uint32_t first;
	uint32_t last;
	uint32_t pid;
	uint32_t nr;
	size_t block;
};

/* A task that was made or renamed; @comm ends in NUL. */
struct tally_task {
	struct tally_place place;
	uint32_t pid;
	uint32_t tgid;
	uint32_t ppid;
	char comm[17];
};

struct tally_loss {
	struct tally_place place;
	uint64_t generation;
	uint64_t nr;
};

/* From @time on, hits of the thread @pid are to be counted apart from those before. */
struct tally_cut {
	uint64_t time;
	uint32_t pid;
};

struct kind;
struct kind_tally;

/**
 * struct tally - what was found in a chunk; one of zeros is empty, and is used again
 * @clocks: at regular distances, for stackid_tally_time()
 * @kinds, @kind_tallies, @kind_numbers: with @kinds_room, for counting only
 */
struct tally {
	uint64_t first_time;
	uint64_t last_time;
	size_t nr_records;
	struct tally_hits *hits;
	size_t nr_hits;
	size_t hits_room;
	struct tally_task *tasks;
	size_t nr_tasks;
	size_t tasks_room;
	struct tally_loss *losses;
	size_t nr_losses;
	size_t losses_room;
	uint64_t *words;
	size_t nr_words;
	size_t words_room;
	struct chunk_clock *clocks;
	size_t nr_clocks;
	size_t clocks_room;
	struct kind *kinds;
	struct kind_tally *kind_tallies;
	uint32_t *kind_numbers;
	size_t kinds_room;
};

/**
 * struct tally_request - what to count, and how
 * @head:    the chunk's
 * @payload: unpacked; at least one record
 * @quantum: hits of different slices of so many ns are counted apart; 0 is off
 * @cuts:    in the order of time
 */
struct tally_request {
	const struct data_section *head;
	const void *payload;
	uint64_t quantum;
	const struct tally_cut *cuts;
	size_t nr_cuts;
};

/* False if the records have to be looked at one by one. */
bool stackid_tally_chunk(struct tally *tally,
			 const struct tally_request *request);
/*
 * When the chunk's record number @index (from 0) was written.  The payload must still be
 * there.  Few are asked for, so none is kept.
 */
uint64_t stackid_tally_time(const struct tally *tally, uint32_t index);
/* Frees what it holds, not the struct. */
void stackid_tally_free(struct tally *tally);

#endif /* STACKID_TALLY_H */
