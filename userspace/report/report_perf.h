/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What "perf report" of 6.1 takes and "stackid report" has no use for.  What each
 * of perf's options is here stands in Documentation/perf.md.
 */
#ifndef STACKID_REPORT_PERF_H
#define STACKID_REPORT_PERF_H

#include "../command.h"

#define REPORT_NO_BRANCHES						\
	"there are no branch records: stackid records kernel stacks"
#define REPORT_NO_RECORDS						\
	"the file has no such records; 'stackid script' prints its events, --header where they are from"
#define REPORT_NO_SWITCH						\
	"there is no switching by events; choose the time with --time"
#define REPORT_NO_GROUPS						\
	"events are in no groups; --sort event puts all of them into one table"
#define REPORT_NO_CODE							\
	"it shows functions and no code; 'stackid script' has the addresses"

#define REPORT_PERF_OPTION_ROWS						\
	OPTION_ACCEPTED('v', "verbose", NULL),				\
	OPTION_ACCEPTED(0, "kallsyms", "FILE"),				\
	OPTION_ACCEPTED('m', "modules", NULL),				\
	OPTION_ACCEPTED(0, "symfs", "DIR"),				\
	OPTION_ACCEPTED(0, "ignore-vmlinux", NULL),			\
	OPTION_ACCEPTED(0, "demangle", NULL),				\
	OPTION_ACCEPTED(0, "demangle-kernel", NULL),			\
	OPTION_ACCEPTED(0, "inline", NULL),				\
	OPTION_ACCEPTED(0, "asm-raw", NULL),				\
	OPTION_ACCEPTED(0, "source", NULL),				\
	OPTION_ACCEPTED(0, "objdump", "PATH"),				\
	OPTION_ACCEPTED('M', "disassembler-style", "STYLE"),		\
	OPTION_ACCEPTED(0, "prefix", "PREFIX"),				\
	OPTION_ACCEPTED(0, "prefix-strip", "N"),			\
	OPTION_ACCEPTED(0, "samples", "N"),				\
	OPTION_REFUSED('b', "branch-stack", REPORT_NO_BRANCHES),	\
	OPTION_REFUSED(0, "branch-history", REPORT_NO_BRANCHES),	\
	OPTION_REFUSED(0, "stitch-lbr", REPORT_NO_BRANCHES),		\
	OPTION_REFUSED(0, "total-cycles", REPORT_NO_BRANCHES),		\
	OPTION_REFUSED('D', "dump-raw-trace", REPORT_NO_RECORDS),	\
	OPTION_REFUSED(0, "mmaps", REPORT_NO_RECORDS),			\
	OPTION_REFUSED(0, "tasks", REPORT_NO_RECORDS),			\
	OPTION_REFUSED(0, "stats",					\
		       "'stackid ledger -i FILE' shows what became of its events, which adds up"), \
	OPTION_REFUSED('T', "threads",					\
		       "--sort tid has a row for each thread, and -n its number of hits"), \
	OPTION_REFUSED(0, "pretty",					\
		       "it is the form of a table of threads; --sort tid has a row for each"), \
	OPTION_REFUSED(0, "disable-order",				\
		       "events stand in the order of time, always"),	\
	OPTION_REFUSED(0, "group", REPORT_NO_GROUPS),			\
	OPTION_REFUSED(0, "group-sort-idx", REPORT_NO_GROUPS),		\
	OPTION_REFUSED(0, "show-ref-call-graph", REPORT_NO_GROUPS),	\
	OPTION_REFUSED(0, "itrace",					\
		       "there are no hardware traces to decode: stackid records kernel stacks"), \
	OPTION_REFUSED(0, "mem-mode",					\
		       "there are no records of memory accesses: stackid records kernel stacks"), \
	OPTION_REFUSED(0, "percent-type", REPORT_NO_CODE),		\
	OPTION_REFUSED(0, "raw-trace",					\
		       "values stand in no row; --weight sums one up, and 'stackid script -F +value' prints them"), \
	OPTION_REFUSED(0, "show-cpu-utilization",			\
		       "all of it is the kernel's; '[user]' is a row of its own"), \
	OPTION_REFUSED(0, "socket-filter",				\
		       "the file does not say which socket a CPU is in; choose CPUs with -C"), \
	OPTION_REFUSED(0, "show-on-off-events", REPORT_NO_SWITCH),	\
	OPTION_REFUSED(0, "switch-off", REPORT_NO_SWITCH),		\
	OPTION_REFUSED(0, "switch-on", REPORT_NO_SWITCH)

#endif /* STACKID_REPORT_PERF_H */
