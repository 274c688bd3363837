/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A recording that nobody keeps: its events are counted in memory as they come.  The
 * hold, the rings and the definitions are those of the recorder; stacks are looked up
 * when an interval ends.
 */
#ifndef STACKID_WATCH_H
#define STACKID_WATCH_H

#include <stddef.h>
#include <stdint.h>

#include "../data/data.h"
#include "recorder.h"

/**
 * struct watch_entry - the hits of one event with one stack
 * @all:   up to the end of the last whole interval
 * @last:  in that
 * @stack: its index in the data; 0 where there is none
 * @kind:  DATA_HIT_*
 */
struct watch_entry {
	uint64_t all;
	uint64_t last;
	uint32_t stack;
	uint16_t event;
	uint8_t kind;
};

/**
 * struct watch_sums - of the last whole interval, and up to its end
 * @seconds: how long the interval was
 * @last_hits, @hits: events in it, and in all
 * @last_lost, @lost: events in it, and in all, from whatever cause
 * @stacks, @max_stacks, @table_bytes, @generation: the module's table
 */
struct watch_sums {
	double seconds;
	uint64_t last_hits;
	uint64_t hits;
	uint64_t last_lost;
	uint64_t lost;
	uint64_t stacks;
	uint64_t max_stacks;
	uint64_t table_bytes;
	uint64_t generation;
};

struct watch;

/* Recording is on then.  NULL after a complaint.  @request, but for its workload. */
struct watch *stackid_watch_begin(const struct recorder_request *request);
void stackid_watch_end(struct watch *watch);

/*
 * Waits until a ring is a quarter full, there is something to read from @fd (-1: no
 * such thing), or @ms milliseconds have passed; then counts what is in the rings.
 * 0, or -1 after a complaint.
 */
int stackid_watch_turn(struct watch *watch, int fd, int ms);
/* The interval ends: entries have their stacks.  0, or -1 after a complaint. */
int stackid_watch_tick(struct watch *watch);

/*
 * These events instead, and all counts begin anew.  If one is refused, those that were
 * stay, with their counts, and it is -1 after a complaint.
 */
int stackid_watch_change(struct watch *watch, char *const *events, size_t nr);

const struct watch_entry *stackid_watch_entries(const struct watch *watch,
						size_t *nr);
const struct watch_sums *stackid_watch_sums(const struct watch *watch);
/* Knows the events and the stacks of the entries, but no event of its own. */
struct data_reader *stackid_watch_data(const struct watch *watch);

#endif /* STACKID_WATCH_H */
