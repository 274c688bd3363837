/* SPDX-License-Identifier: GPL-2.0 */
/* The file README: for people with a shell and nothing else. */
#ifndef _STACKID_DEBUGFS_README_H
#define _STACKID_DEBUGFS_README_H

static const char stackid_readme[] =
"stackid gives every kernel stack one small number, its id, and records events\n"
"with that number in place of the stack.  This is how to use it from a shell.\n"
"\n"
"  cd /sys/kernel/debug/stackid\n"
"\n"
"Record some events and watch them, with symbols; Ctrl-C ends:\n"
"  grep sched: available_events\n"
"  echo sched:sched_switch > events\n"
"  echo 1 > recording_on\n"
"  cat trace_pipe\n"
"  echo 0 > recording_on\n"
"\n"
"What was refused, and why:\n"
"  echo sched:sched_swich > events\n"
"  cat error_log\n"
"\n"
"events: one a line; > replaces all, >> adds, - removes, > with nothing clears.\n"
"  echo \"sched:sched_switch pid=$$\" > events   this process (PID,PID,... for\n"
"                                      more) and what it starts from now on\n"
"  echo 'cpu-clock freq=99' >> events  99 samples a second on each CPU\n"
"  echo 'timer:timer_start irqstack=full' >> events   do not end a stack where an\n"
"                                      interrupt began\n"
"  echo 'kprobe:vfs_read value=arg3' >> events   with its 3rd argument's value\n"
"  echo -sched:sched_switch >> events\n"
"  echo > events\n"
"What follows # in a line is ignored, so that lines can be saved and written back:\n"
"  cat events > /tmp/my-events; cat /tmp/my-events > events\n"
"When events is read, # is followed by the event's number in binary records.  An\n"
"event in a module sleeps while the module is not loaded; that stands there, too.\n"
"\n"
"  cat stacks                every id and its stack, also while recording\n"
"  cat stats                 the ledger: every event is counted somewhere\n"
"  awk '$1 ~ /^lost_/' stats   what was lost, and why\n"
"  cat per_cpu/cpu0/stats    the same for one CPU\n"
"  echo 4096 > buffer_size_kb   KiB for each CPU's ring, while not recording\n"
"  echo 1 > reset            a new generation: ids begin at 1 again\n"
"\n"
"stacks_raw and per_cpu/cpuN/ring are binary, for programs with CAP_SYSLOG; their\n"
"manual is include/uapi/stackid.h.  A ring has one reader at a time: the program\n"
"\"stackid record\", or trace_pipe, which takes the rings of all CPUs.\n";

#endif /* _STACKID_DEBUGFS_README_H */
