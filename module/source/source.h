/* SPDX-License-Identifier: GPL-2.0 */
/* The kinds of sources: tracepoints, kprobes, perf counters. */
#ifndef _STACKID_SOURCE_H
#define _STACKID_SOURCE_H

struct seq_file;
struct source_ops;

extern const struct source_ops stackid_source_tracepoint;
extern const struct source_ops stackid_source_kprobe;
extern const struct source_ops stackid_source_perf;

/* NULL if no kind claims the name. */
const struct source_ops *stackid_source_find(const char *name);
/* What there is, for available_events; under recording->lock, may sleep. */
void stackid_source_list(struct seq_file *m);

#endif /* _STACKID_SOURCE_H */
