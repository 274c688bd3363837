/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From the rings of all CPUs into the data file, by one thread.  Records go into
 * columns from where they lie in the ring, and those are compressed.
 */
#ifndef STACKID_DRAIN_H
#define STACKID_DRAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../data/data_write.h"
#include "../data/records.h"
#include "definitions.h"
#include "ring_map.h"

/**
 * struct drained_ring - a CPU
 * @wanted:     its events are; otherwise only the names of tasks are kept
 * @generation: full number of one near the next record's
 * @written:    when its last chunk was written, CLOCK_MONOTONIC
 * @events:     of this file
 * @unwritten:  of this file's ledger, those that could not be written
 * @complete:   all that it held then has been taken, CLOCK_MONOTONIC
 */
struct drained_ring {
	struct ring_map map;
	bool wanted;
	uint64_t generation;
	uint64_t written;
	uint64_t complete;
	uint64_t events;
	uint64_t unwritten;
};

struct counts;
struct inline_stacks;

/**
 * struct drain - all CPUs
 * @rings:  room for @nr_cpus
 * @wanted: by CPU
 * @online: the CPUs that there were when rings were last looked for, as the kernel
 *          writes them
 * @writer: set by whoever opened it, before the first drain
 * @definitions: gets the ids that pass
 * @inlines: gets the stacks that pass
 * @counts:  if not NULL, it gets the hits and the writer nothing
 * @patience: in ns, how long a CPU with few events may wait
 * @events:  written so far
 * @lost:    sum of the LOST records so far
 * @modules_changed: a MODULE record has passed
 */
struct drain {
	const struct control *control;
	const bool *wanted;
	unsigned int nr_cpus;
	struct drained_ring *rings;
	unsigned int nr_rings;
	char online[256];
	struct data_writer *writer;
	struct definitions *definitions;
	struct inline_stacks *inlines;
	struct counts *counts;
	uint64_t patience;
	uint64_t events;
	uint64_t lost;
	bool modules_changed;
};

/*
 * Opens the rings of all CPUs that have one; wanted[cpu] for cpu < @nr_cpus, which
 * stays the caller's.  @keep: what lies in them is somebody's, see stackid_drain_skip().
 *  0, or -1 after a complaint.
 */
int stackid_drain_open(struct drain *drain, const struct control *control,
		       const bool *wanted, unsigned int nr_cpus,
		       struct definitions *definitions,
		       struct inline_stacks *inlines, bool keep);
void stackid_drain_close(struct drain *drain);

/*
 * Have CPUs come online since the last time?  Then those that have got a ring are
 * drained, too.  To be asked often.  0, or -1 after a complaint.
 */
int stackid_drain_follow(struct drain *drain);

/*
 * Takes what is in the rings: from each CPU where enough waits to be worth a
 * chunk, or whose last chunk is long ago; with @all from each.  When the writer is full,
 * events are counted and dropped.  0, or -1 if the data file cannot be written.
 */
int stackid_drain_rings(struct drain *drain, bool all);

/* Forgets what lies in the rings. */
void stackid_drain_skip(struct drain *drain);

/*
 * For recorder_rescue.c.  Counts the hits of a chunk that has been written, and returns how
 * many they are; if @fresh their stacks are not defined yet.
 */
uint64_t stackid_drain_look_again(struct drain *drain, struct record_walk *walk,
				  bool fresh);
/* If the first record in the ring is that of a chunk with @count records: it was written. */
void stackid_drain_skip_written(struct drained_ring *ring, uint64_t first_time,
				uint32_t count);

/* Of all CPUs. */
uint64_t stackid_drain_unwritten(const struct drain *drain);

/*
 * Of every ring all has been taken that was in it at this time,
 * CLOCK_MONOTONIC.
 */
uint64_t stackid_drain_complete(const struct drain *drain);

/* Bytes passed over because they were no records: a bug of the kernel's side. */
uint64_t stackid_drain_wild(const struct drain *drain);

#endif /* STACKID_DRAIN_H */
