/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What "perf script" of 6.1 takes and "stackid script" has no use for.  What each
 * of perf's options is here stands in Documentation/perf.md.
 */
#ifndef STACKID_SCRIPT_PERF_H
#define STACKID_SCRIPT_PERF_H

#include "../command.h"

#define SCRIPT_NO_TRACE							\
	"there are no hardware traces to decode: stackid records kernel stacks"
#define SCRIPT_NO_RECORDS						\
	"a stackid file has no such records; threads, modules and losses stand in it, see --header and --show-lost-events"
#define SCRIPT_NO_GUESTS						\
	"stackid records the kernel that it runs in, and no guests"
#define SCRIPT_NO_SCRIPTS						\
	"it runs no scripts; send its text to one: 'stackid script | SCRIPT'"
#define SCRIPT_NO_SWITCH						\
	"there is no switching by events; choose the time with --time"

#define SCRIPT_PERF_OPTION_ROWS						\
	OPTION_ACCEPTED('v', "verbose", NULL),				\
	OPTION_ACCEPTED('a', "all-cpus", NULL),				\
	OPTION_ACCEPTED(0, "kallsyms", "FILE"),				\
	OPTION_ACCEPTED(0, "symfs", "DIR"),				\
	OPTION_ACCEPTED(0, "demangle", NULL),				\
	OPTION_ACCEPTED(0, "demangle-kernel", NULL),			\
	OPTION_ACCEPTED(0, "inline", NULL),				\
	OPTION_ACCEPTED(0, "show-kernel-path", NULL),			\
	OPTION_REFUSED('d', "debug-mode",				\
		       "every command says where a file is damaged"), \
	OPTION_REFUSED('D', "dump-raw-trace",				\
		       "the file has no raw records of perf; -F +pid,+value,+stack prints all there is"), \
	OPTION_REFUSED(0, "dump-unsorted-raw-trace",			\
		       "the file has no raw records of perf; -F +pid,+value,+stack prints all there is"), \
	OPTION_REFUSED('g', "gen-script", SCRIPT_NO_SCRIPTS),		\
	OPTION_REFUSED('l', "list", SCRIPT_NO_SCRIPTS),			\
	OPTION_REFUSED('s', "script", SCRIPT_NO_SCRIPTS),		\
	OPTION_REFUSED(0, "dlfilter", SCRIPT_NO_SCRIPTS),		\
	OPTION_REFUSED(0, "dlarg", SCRIPT_NO_SCRIPTS),			\
	OPTION_REFUSED(0, "list-dlfilters", SCRIPT_NO_SCRIPTS),		\
	OPTION_REFUSED('L', "Latency",					\
		       "the flags of interrupts and preemption are not recorded"), \
	OPTION_REFUSED(0, "addr-range",					\
		       "functions are chosen by name, with -S, --focus and --ignore"), \
	OPTION_REFUSED(0, "graph-function", SCRIPT_NO_TRACE),		\
	OPTION_REFUSED(0, "call-trace", SCRIPT_NO_TRACE),		\
	OPTION_REFUSED(0, "call-ret-trace", SCRIPT_NO_TRACE),		\
	OPTION_REFUSED(0, "insn-trace", SCRIPT_NO_TRACE),		\
	OPTION_REFUSED(0, "itrace", SCRIPT_NO_TRACE),			\
	OPTION_REFUSED(0, "max-blocks", SCRIPT_NO_TRACE),		\
	OPTION_REFUSED(0, "stitch-lbr", SCRIPT_NO_TRACE),		\
	OPTION_REFUSED(0, "xed", SCRIPT_NO_TRACE),			\
	OPTION_REFUSED(0, "guest-code", SCRIPT_NO_GUESTS),		\
	OPTION_REFUSED(0, "guestkallsyms", SCRIPT_NO_GUESTS),		\
	OPTION_REFUSED(0, "guestmodules", SCRIPT_NO_GUESTS),		\
	OPTION_REFUSED(0, "guestmount", SCRIPT_NO_GUESTS),		\
	OPTION_REFUSED(0, "guestvmlinux", SCRIPT_NO_GUESTS),		\
	OPTION_REFUSED(0, "per-event-dump",				\
		       "it writes one text; -e chooses an event"),	\
	OPTION_REFUSED(0, "show-bpf-events", SCRIPT_NO_RECORDS),	\
	OPTION_REFUSED(0, "show-cgroup-events", SCRIPT_NO_RECORDS),	\
	OPTION_REFUSED(0, "show-mmap-events", SCRIPT_NO_RECORDS),	\
	OPTION_REFUSED(0, "show-namespace-events", SCRIPT_NO_RECORDS),	\
	OPTION_REFUSED(0, "show-round-events", SCRIPT_NO_RECORDS),	\
	OPTION_REFUSED(0, "show-switch-events", SCRIPT_NO_RECORDS),	\
	OPTION_REFUSED(0, "show-task-events", SCRIPT_NO_RECORDS),	\
	OPTION_REFUSED(0, "show-text-poke-events", SCRIPT_NO_RECORDS),	\
	OPTION_REFUSED(0, "show-on-off-events", SCRIPT_NO_SWITCH),	\
	OPTION_REFUSED(0, "switch-off", SCRIPT_NO_SWITCH),		\
	OPTION_REFUSED(0, "switch-on", SCRIPT_NO_SWITCH)

#endif /* STACKID_SCRIPT_PERF_H */
