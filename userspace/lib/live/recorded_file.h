/* SPDX-License-Identifier: GPL-2.0 */
/* The data file of a recording, for the files that make it: recorder_file.c, recorder_ends.c. */
#ifndef STACKID_RECORDED_FILE_H
#define STACKID_RECORDED_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "counts.h"
#include "output.h"
#include "recorder_layout.h"
#include "rotation.h"

/**
 * struct recorded_file - the file that is being written
 * @opened:   @output is to be closed
 * @next:     the file after this one, while that is prepared, with @next_writer
 * @no_room:  there was none for another file
 * @flushed:  when definitions and symbols were last written, CLOCK_MONOTONIC
 * @started:  when its first event can have been
 * @events:   how many were drained before this file
 * @counts:   of what is counted instead of being written
 * @enabled:  for the ticks of that
 * @ticks:    how many there were
 * @names:    of the files before it that are still there, oldest first; if they
 *            have dates
 * @rotation: of files that rotate, or NULL
 */
struct recorded_file {
	struct output output;
	bool opened;
	bool no_room;
	struct data_writer *writer;
	struct output next;
	struct data_writer *next_writer;
	uint64_t flushed;
	uint64_t started;
	uint64_t events;
	struct counts counts;
	char *enabled;
	uint64_t ticks;
	char **names;
	size_t nr_names;
	size_t room;
	struct rotation *rotation;
};

/* Of the disk, for the definitions, symbols and ledgers at a file's end. */
#define RECORDED_ROOM	(1ULL << 20)

/* recorder_file.c: the definitions before the symbols that they need. */
int stackid_recorded_flush(struct recorder *recorder);
/*
 * recorder_rescue.c: finishes the file that is open, as far as it can.  0, 1 if nothing is
 * in it, or -1 after a complaint.
 */
int stackid_recorded_rescue(struct recorder *recorder);
/* recorder_ends.c: what stands before and behind the events.  0, or -1 after a complaint. */
int stackid_recorded_begin(struct recorder *recorder,
			   struct data_writer *writer);
int stackid_recorded_modules(struct recorder *recorder,
			     struct data_writer *writer);
/* After the modules, which may have changed since the beginning. */
int stackid_recorded_end(struct recorder *recorder, const char *result);
/* To people. */
void stackid_recorded_sum_up(const struct recorder *recorder);

#endif /* STACKID_RECORDED_FILE_H */
