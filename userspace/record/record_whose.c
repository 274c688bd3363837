// SPDX-License-Identifier: GPL-2.0
/* Whose events: -a, -p, -t, -u, or the workload's. */
#include <ctype.h>
#include <pwd.h>
#include <string.h>

#include "../lib/data/data.h"
#include "record_whose.h"

/* "0,2-5" */
int stackid_record_take_cpus(const char *arg, void *field)
{
	struct ranges *cpus = field;

	if (!stackid_ranges_add(cpus, arg, NULL) &&
	    stackid_ranges_next(cpus, DATA_MAX_CPUS) == UINT64_MAX)
		return 0;
	stackid_complain("-C takes CPUs such as 0,2-5, not '%s'", arg);
	return -1;
}

/* Numbers that are not 0, with commas between them. */
static bool are_numbers(const char *list)
{
	for (const char *at = list;; at++) {
		size_t length = strspn(at, "0123456789");

		if (!length || length > 7 || strspn(at, "0") >= length)
			return false;
		at += length;
		if (!*at)
			return true;
		if (*at != ',')
			return false;
	}
}

int stackid_record_take_pids(const char *arg, void *field)
{
	if (!are_numbers(arg)) {
		stackid_complain("-p takes the numbers of processes such as 12,34, not '%s'; 'pgrep NAME' tells them",
				 arg);
		return -1;
	}
	*(const char **)field = arg;
	return 0;
}

int stackid_record_take_tids(const char *arg, void *field)
{
	if (!are_numbers(arg)) {
		stackid_complain("-t takes the numbers of threads such as 12,34, not '%s'; 'ps -eLo tid,comm' tells them",
				 arg);
		return -1;
	}
	*(const char **)field = arg;
	return 0;
}

int stackid_record_take_user(const char *arg, void *field)
{
	struct whose *whose = field;
	const struct passwd *entry = getpwnam(arg);
	const char *end;
	uint64_t number;

	whose->has_user = true;
	if (entry) {
		whose->user = entry->pw_uid;
		return 0;
	}
	if (stackid_number_begins(arg, &end, &number) && !*end &&
	    number < UINT32_MAX) {
		whose->user = number;
		return 0;
	}
	stackid_complain("-u takes the name or the number of a user, and there is no '%s'",
			 arg);
	return -1;
}

void stackid_record_whose(const struct whose *whose,
			  const struct command *self,
			  struct recorder_request *request)
{
	int nr = whose->all + !!whose->pids + !!whose->tids + whose->has_user;

	if (nr > 1)
		stackid_command_misused(self, "-a, -p, -t and -u contradict each other: everybody, these processes, these threads, or this user?");
	request->pids = whose->pids;
	request->tids = whose->tids;
	request->user = whose->has_user ? &whose->user : NULL;
	request->cpus = &whose->cpus;
	request->all = whose->all;
	/* -C alone means what happens on those CPUs, as with perf. */
	if (whose->cpus.nr && !nr)
		request->all = true;
	/* Nobody to restrict it to: everybody is meant. */
	if (!request->workload && !nr)
		request->all = true;
}
