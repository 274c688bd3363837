/* SPDX-License-Identifier: GPL-2.0 */
/* Whose events: -a, -p, -t, -u, or the workload's. */
#ifndef STACKID_RECORD_WHOSE_H
#define STACKID_RECORD_WHOSE_H

#include <stdbool.h>
#include <stdint.h>

#include "../command.h"
#include "../lib/live/recorder.h"
#include "../lib/ranges.h"

/* One of zeros is whoever the workload is, or everybody. */
struct whose {
	bool all;
	struct ranges cpus;
	const char *pids;
	const char *tids;
	bool has_user;
	uint32_t user;
};

/* For the rows; -1 after a complaint. */
int stackid_record_take_cpus(const char *arg, void *field);
int stackid_record_take_pids(const char *arg, void *field);
int stackid_record_take_tids(const char *arg, void *field);
/* @field: the struct whose */
int stackid_record_take_user(const char *arg, void *field);

/* Into @request, whose workload is set.  A contradiction ends the process. */
void stackid_record_whose(const struct whose *whose,
			  const struct command *self,
			  struct recorder_request *request);

#endif /* STACKID_RECORD_WHOSE_H */
