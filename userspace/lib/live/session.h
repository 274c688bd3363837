/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A recording as the module's files see it.  It is a hold of the file
 * recording_on: the module ends it, and puts back what was set before, when that
 * is closed, also by the death of this process.
 */
#ifndef STACKID_SESSION_H
#define STACKID_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "../data/data_write.h"
#include "control.h"

/* @stats: of all; @cpus: of each CPU, NULL where there is none */
struct session_ledger {
	char *stats;
	char **cpus;
};

/**
 * struct session - see the top of the file
 * @hold:      recording_on, open and held; or -1
 * @nr_cpus:   how many there can be
 * @start:     the ledger at the beginning
 * @end:       and at the end
 */
struct session {
	struct control *control;
	int hold;
	unsigned int nr_cpus;
	struct session_ledger start;
	struct session_ledger end;
};

/* Refuses if somebody else is recording.  0, or -1 after a complaint. */
int stackid_session_begin(struct session *session, struct control *control);
/* Whatever state it is in. */
void stackid_session_end(struct session *session);

int stackid_session_set_buffer(struct session *session, uint64_t kb);
int stackid_session_add_event(struct session *session, const char *line);
/* As stackid_session_add_event(), but nothing is said of a refusal. */
int stackid_session_try_event(struct session *session, const char *line);

/* The ledger's beginning: nobody records. */
int stackid_session_read_start(struct session *session);
/* START, as that was. */
int stackid_session_write_start(struct session *session,
				struct data_writer *writer);
/* The same from a file, of all or of a CPU; takes @stats, which may be NULL. */
void stackid_session_set_start(struct session *session, uint32_t cpu,
			       char *stats);
/* By how much a counter of this CPU has grown from start to end. */
uint64_t stackid_session_grown(const struct session *session, uint32_t cpu,
			       const char *name);

/* The ledger's beginning, and recording on. */
int stackid_session_start(struct session *session);
int stackid_session_stop(struct session *session);
/* After the stop: the ledger's end. */
int stackid_session_take_ledger(struct session *session);
/* Recording on again, from the ledger's end on; the one that was taken stays. */
int stackid_session_start_again(struct session *session);
/* After that: the end becomes the beginning. */
void stackid_session_next(struct session *session);

/* EVENTS: the numbers that the module gave. */
int stackid_session_write_events(struct session *session,
				 struct data_writer *writer);
/* As the ledger was taken, of the CPUs with wanted[cpu]: LEDGER, with the sums. */
int stackid_session_write_ledger(struct session *session,
				 struct data_writer *writer,
				 const bool *wanted);
/* Likewise: events lost from whatever cause. */
uint64_t stackid_session_lost(const struct session *session,
			      const bool *wanted);

#endif /* STACKID_SESSION_H */
