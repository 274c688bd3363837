/* SPDX-License-Identifier: GPL-2.0 */
/*
 * perf stat's other options: those that change nothing here, and those that cannot
 * be.  Documentation/perf.md has all of them.
 */
#ifndef STACKID_STAT_PERF_H
#define STACKID_STAT_PERF_H

#include "../command.h"

#define STAT_PERF_ACCEPTED						\
	OPTION_ACCEPTED('g', "group", NULL),				\
	OPTION_ACCEPTED(0, "scale", NULL),				\
	OPTION_ACCEPTED(0, "hybrid-merge", NULL),			\
	OPTION_ACCEPTED(0, "no-merge", NULL),				\
	OPTION_ACCEPTED(0, "no-csv-summary", NULL),			\
	OPTION_ACCEPTED(0, "metric-no-group", NULL),			\
	OPTION_ACCEPTED(0, "metric-no-merge", NULL)

#define STAT_PERF_REFUSED						\
	OPTION_REFUSED('A', "no-aggr", "counts are of all CPUs together; choose CPUs with -C"), \
	OPTION_REFUSED('d', "detailed", "counters of the hardware are samples here; choose events with -e"), \
	OPTION_REFUSED('G', "cgroup", "there is no filter by cgroup; name processes with -p, or a user with -u"), \
	OPTION_REFUSED('i', "no-inherit", "what a process starts belongs to it; -t names threads alone"), \
	OPTION_REFUSED('j', "json-output", "there is no JSON; -x writes fields"), \
	OPTION_REFUSED('M', "metrics", "metrics of the hardware are perf's"), \
	OPTION_REFUSED('n', "null", "nothing would be counted; 'time COMMAND' says how long it takes"), \
	OPTION_REFUSED('T', "transaction", "transactions of the hardware are perf's"), \
	OPTION_REFUSED(0, "all-user", "user space has no kernel stack"), \
	OPTION_REFUSED(0, "control", "SIGINT ends it, and -D begins later"), \
	OPTION_REFUSED(0, "cputype", "counters are of all CPUs; choose CPUs with -C"), \
	OPTION_REFUSED(0, "for-each-cgroup", "there is no filter by cgroup; name processes with -p, or a user with -u"), \
	OPTION_REFUSED(0, "iostat", "metrics of the hardware are perf's"), \
	OPTION_REFUSED(0, "metric-only", "metrics of the hardware are perf's"), \
	OPTION_REFUSED(0, "per-core", "counts are of all CPUs together; choose CPUs with -C"), \
	OPTION_REFUSED(0, "per-die", "counts are of all CPUs together; choose CPUs with -C"), \
	OPTION_REFUSED(0, "per-node", "counts are of all CPUs together; choose CPUs with -C"), \
	OPTION_REFUSED(0, "per-socket", "counts are of all CPUs together; choose CPUs with -C"), \
	OPTION_REFUSED(0, "per-thread", "counts are of all threads together; choose threads with -t"), \
	OPTION_REFUSED(0, "percore-show-thread", "counts are of all CPUs together; choose CPUs with -C"), \
	OPTION_REFUSED(0, "post", "run the other command after this one"), \
	OPTION_REFUSED(0, "pre", "run the other command before this one"), \
	OPTION_REFUSED(0, "smi-cost", "metrics of the hardware are perf's"), \
	OPTION_REFUSED(0, "table", "with -r there is the mean and how far the runs are from it"), \
	OPTION_REFUSED(0, "td-level", "metrics of the hardware are perf's"), \
	OPTION_REFUSED(0, "topdown", "metrics of the hardware are perf's")

#endif /* STACKID_STAT_PERF_H */
