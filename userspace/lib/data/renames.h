/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When threads were made or renamed, for who does not read events in the order of
 * time.  The order is that of stackid_data_next(): by time, then by CPU, and those of
 * one CPU as they come.
 */
#ifndef STACKID_RENAMES_H
#define STACKID_RENAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../slots.h"

/* @sequence: greater the later it is on its CPU */
struct rename_place {
	uint64_t time;
	uint64_t sequence;
	uint32_t cpu;
};

/*
 * @before: the one of the same thread before it, or 0
 * @mixed:  of the latest of a thread: not all of them were on the same CPU
 */
struct rename {
	struct rename_place place;
	const char *comm;
	uint32_t pid;
	uint32_t tgid;
	uint32_t before;
	bool mixed;
};

/**
 * struct renames - one of zeros is empty
 * @at:     from 1
 * @latest: from pids to the latest of each
 * @steps:  that it took to find places
 */
struct renames {
	struct rename *at;
	size_t nr;
	size_t room;
	struct slots latest;
	uint64_t steps;
};

void stackid_renames_free(struct renames *renames);

/* In any order.  False if they are too many to keep. */
bool stackid_renames_add(struct renames *renames, const struct rename *rename);

/* Whether there is any of the thread. */
bool stackid_renames_has(const struct renames *renames, uint32_t pid);

/*
 * Whether there is any of the thread on another CPU than @cpu: only then does what is
 * looked for need its time.
 */
bool stackid_renames_need_time(const struct renames *renames, uint32_t pid,
			       uint32_t cpu);

/*
 * The last one of the thread before @from; NULL if it has none.  *@apart if another one
 * lies between @from and @to.
 */
const struct rename *stackid_renames_find(struct renames *renames, uint32_t pid,
					  const struct rename_place *from,
					  const struct rename_place *to,
					  bool *apart);

/* It would take too long to go on. */
bool stackid_renames_is_slow(const struct renames *renames);

#endif /* STACKID_RENAMES_H */
