/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How often which event hit with which stack, counted as the records pass instead of
 * being written: memory grows with the stacks, not with the events.
 */
#ifndef STACKID_COUNTS_H
#define STACKID_COUNTS_H

#include <stdint.h>
#include <stackid.h>

#include "../buffer.h"
#include "../data/data_write.h"
#include "../slots.h"

/* @record: where its first record lies in the buffer of records */
struct count {
	uint64_t hits;
	uint64_t generation;
	size_t record;
};

/**
 * struct counts - one of zeros is empty
 * @slots:   from event, generation and stack to places in @at + 1
 * @records: the first record of each, without its values
 * @hits:    of each event, by its number
 */
struct counts {
	struct count *at;
	size_t nr;
	size_t room;
	struct slots slots;
	struct buffer records;
	uint64_t hits[STACKID_MAX_EVENT + 1];
};

/* Frees what it holds, not the struct. */
void stackid_counts_exit(struct counts *counts);

/* A hit.  Returns the place of its count, which is the last one if it is new. */
size_t stackid_counts_add(struct counts *counts,
			  const struct stackid_record *record,
			  uint64_t generation);

/* The first record of a count, without its values, time and thread. */
const struct stackid_record *stackid_counts_record(const struct counts *counts,
						   size_t i);

/*
 * Chunks with one record for each count, whose value is how often; at one time, of
 * no thread.  0, or -1 if the file cannot be written.
 */
int stackid_counts_write(const struct counts *counts,
			 struct data_writer *writer);

#endif /* STACKID_COUNTS_H */
