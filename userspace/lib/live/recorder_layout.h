/* SPDX-License-Identifier: GPL-2.0 */
/* What a recording is made of, for the files that make it: recorder*.c. */
#ifndef STACKID_RECORDER_LAYOUT_H
#define STACKID_RECORDER_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "control.h"
#include "definitions.h"
#include "drain.h"
#include "processes.h"
#include "progress.h"
#include "session.h"
#include "signals.h"
#include "workload.h"

struct recorder;
struct recorder_request;

/**
 * struct recorder_sink - where the events go
 * @begin: before there are events; 0, or -1 after a complaint, as the next two
 * @tasks: right before recording is on, and right after: those that are made
 *         between the two looks are seen by the second one
 * @turn:  the rings, and what else there is to do between two waits; @last: all
 *         that is left, recording is off
 * @end:   after the last turn and the ledger's end: 0, or -1 after a complaint
 * @close: whatever became of it: 0, or -1 after a complaint
 * @written: bytes so far, or NULL
 * @full:    there is no room for more events, so that it has to end; or NULL
 */
struct recorder_sink {
	int (*begin)(struct recorder *recorder);
	int (*tasks)(struct recorder *recorder);
	int (*turn)(struct recorder *recorder, bool last);
	int (*end)(struct recorder *recorder);
	int (*close)(struct recorder *recorder);
	uint64_t (*written)(const struct recorder *recorder);
	bool (*full)(const struct recorder *recorder);
};

/**
 * struct recorder - what is there while it runs
 * @own:      the sink's
 * @broken:   the sink cannot go on, or the module is going away
 * @ended:    the sink has its end
 * @nr_refused: events that the module has not taken; their numbers are gone
 * @started:  when recording was turned on, CLOCK_MONOTONIC
 */
struct recorder {
	const struct recorder_request *request;
	const struct recorder_sink *sink;
	void *own;
	struct control control;
	struct session session;
	struct symbolizer *symbolizer;
	struct workload workload;
	struct processes processes;
	struct inline_stacks *stacks;
	struct definitions definitions;
	struct drain drain;
	struct progress progress;
	bool *wanted;
	struct signals signals;
	bool broken;
	bool ended;
	unsigned int nr_refused;
	uint64_t started;
};

/* What it is called in sentences. */
const char *stackid_recorder_command(const struct recorder *recorder);
/* To stderr, unless it is to be quiet. */
__printf(2, 3)
void stackid_recorder_say(const struct recorder *recorder, const char *format,
			  ...);

/* "exited 0", "signal 2" or "stopped" */
void stackid_recorder_result(const struct recorder *recorder, char *text,
			     size_t size);

/* recorder_setup.c: each 0, or -1 after a complaint. */
int stackid_recorder_choose_cpus(struct recorder *recorder);
int stackid_recorder_read_symbols(struct recorder *recorder);
/* With whose they are. */
int stackid_recorder_add_events(struct recorder *recorder);
/* For -v. */
void stackid_recorder_describe(const struct recorder *recorder);

/* recorder_file.c */
extern const struct recorder_sink stackid_recorder_to_file;

#endif /* STACKID_RECORDER_LAYOUT_H */
