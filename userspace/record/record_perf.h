/* SPDX-License-Identifier: GPL-2.0 */
/*
 * perf record's other options: those that change nothing here, and those that cannot
 * be.  Documentation/perf.md has all of them.
 */
#ifndef STACKID_RECORD_PERF_H
#define STACKID_RECORD_PERF_H

#include "../command.h"

#define RECORD_PERF_ACCEPTED						\
	OPTION_ACCEPTED('z', "compression-level", "[=N]"),		\
	OPTION_ACCEPTED('B', "no-buildid", NULL),			\
	OPTION_ACCEPTED('N', "no-buildid-cache", NULL),			\
	OPTION_ACCEPTED('P', "period", NULL),				\
	OPTION_ACCEPTED('R', "raw-samples", NULL),			\
	OPTION_ACCEPTED('s', "stat", NULL),				\
	OPTION_ACCEPTED('T', "timestamp", NULL),			\
	OPTION_ACCEPTED(0, "affinity", "WHAT"),				\
	OPTION_ACCEPTED(0, "aio", "[=N]"),				\
	OPTION_ACCEPTED(0, "buildid-all", NULL),			\
	OPTION_ACCEPTED(0, "buildid-mmap", NULL),			\
	OPTION_ACCEPTED(0, "debuginfod", "[=URLS]"),			\
	OPTION_ACCEPTED(0, "group", NULL),				\
	OPTION_ACCEPTED(0, "kcore", NULL),				\
	OPTION_ACCEPTED(0, "kernel-callchains", NULL),			\
	OPTION_ACCEPTED(0, "mmap-flush", "N"),				\
	OPTION_ACCEPTED(0, "no-bpf-event", NULL),			\
	OPTION_ACCEPTED(0, "no-buffering", NULL),			\
	OPTION_ACCEPTED(0, "num-thread-synthesize", "N"),		\
	OPTION_ACCEPTED(0, "per-thread", NULL),				\
	OPTION_ACCEPTED(0, "proc-map-timeout", "MS"),			\
	OPTION_ACCEPTED(0, "running-time", NULL),			\
	OPTION_ACCEPTED(0, "sample-cpu", NULL),				\
	OPTION_ACCEPTED(0, "sample-identifier", NULL),			\
	OPTION_ACCEPTED(0, "strict-freq", NULL),			\
	OPTION_ACCEPTED(0, "synth", "WHAT"),				\
	OPTION_ACCEPTED(0, "tail-synthesize", NULL),			\
	OPTION_ACCEPTED(0, "threads", "[=WHAT]"),			\
	OPTION_ACCEPTED(0, "timestamp-boundary", NULL)

#define RECORD_PERF_REFUSED						\
	OPTION_REFUSED('b', "branch-any", "branches are the CPU's record of user and kernel code, which perf reads"), \
	OPTION_REFUSED('d', "data", "an event has no address of data; record a pointer with value= behind the event of -e"), \
	OPTION_REFUSED('G', "cgroup", "there is no filter by cgroup; name processes with -p, or a user with -u"), \
	OPTION_REFUSED('I', "intr-regs", "registers are not recorded; a function's arguments are, with value= behind the event of -e"), \
	OPTION_REFUSED('i', "no-inherit", "what a process starts belongs to it; -t names threads alone"), \
	OPTION_REFUSED('j', "branch-filter", "branches are the CPU's record of user and kernel code, which perf reads"), \
	OPTION_REFUSED('n', "no-samples", "nothing would be recorded"),	\
	OPTION_REFUSED('S', "snapshot", "there is no AUX area here"),	\
	OPTION_REFUSED('W', "weight", "hardware's weights are perf's; record a value instead, and 'stackid report --weight' sums it"), \
	OPTION_REFUSED(0, "all-cgroups", "there is nothing about cgroups in a recording"), \
	OPTION_REFUSED(0, "all-user", "stacks of user space are perf's"), \
	OPTION_REFUSED(0, "aux-sample", "there is no AUX area here"),	\
	OPTION_REFUSED(0, "clang-opt", "there is no BPF here that clang would have to compile"), \
	OPTION_REFUSED(0, "clang-path", "there is no BPF here that clang would have to compile"), \
	OPTION_REFUSED(0, "code-page-size", "samples have no page sizes"), \
	OPTION_REFUSED(0, "control", "SIGINT ends a recording, SIGUSR2 begins another file with --switch-output, and -D begins later"), \
	OPTION_REFUSED(0, "data-page-size", "samples have no page sizes"), \
	OPTION_REFUSED(0, "exclude-perf", "who records is one of everybody; 'stackid report --exclude-comms stackid' leaves it out"), \
	OPTION_REFUSED(0, "namespaces", "there is nothing about namespaces in a recording"), \
	OPTION_REFUSED(0, "off-cpu", "that is a command of its own: 'stackid offcpu'"), \
	OPTION_REFUSED(0, "overwrite", "a ring keeps its oldest events; --switch-output with --switch-max-files keeps the newest files"), \
	OPTION_REFUSED(0, "phys-data", "samples have no addresses of data"), \
	OPTION_REFUSED(0, "switch-events", "record the event sched:sched_switch with -e"), \
	OPTION_REFUSED(0, "switch-output-event", "--switch-output takes signal, a size or a time"), \
	OPTION_REFUSED(0, "transaction", "transactions of the hardware are perf's"), \
	OPTION_REFUSED(0, "user-callchains", "stacks of user space are perf's"), \
	OPTION_REFUSED(0, "user-regs", "registers of user space are perf's"), \
	OPTION_REFUSED(0, "vmlinux", "there is no need of one: names come from /proc/kallsyms")

#endif /* STACKID_RECORD_PERF_H */
