/* SPDX-License-Identifier: GPL-2.0 */
/* A function of ours at a tracepoint, also one that comes and goes with its module. */
#ifndef _STACKID_TRACEPOINT_PROBE_H
#define _STACKID_TRACEPOINT_PROBE_H

#include <linux/module.h>
#include <linux/notifier.h>

#include "../recording/event_spec.h"

struct event;
struct tracepoint;

/**
 * enum tracepoint_probe_kind - what the tracepoint's arguments are
 * @PROBE_ARGUMENTS: recorded as the event asks for
 * @PROBE_SYS_ENTER: sys_enter's, of one system call
 * @PROBE_SYS_EXIT:  sys_exit's, of one system call
 * @PROBE_SYNTHETIC: a histogram's, which are not ours to read
 */
enum tracepoint_probe_kind {
	PROBE_ARGUMENTS,
	PROBE_SYS_ENTER,
	PROBE_SYS_EXIT,
	PROBE_SYNTHETIC,
};

/**
 * struct tracepoint_probe - where a tracepoint event gets its hits from
 * @event:      whose hits they are.  This and the next four are the owner's to set
 * @kind:       what the probe reads
 * @syscall:    the number to compare with, for the syscall probes
 * @name:       of the tracepoint
 * @module:     that has it; empty if the kernel itself does, or as long as any
 *              module may
 * @nb:         called for modules that come and go, if the tracepoint is in one
 * @tp:         probed now, or NULL while the module is away.  For modules under
 *              the kernel's lock for the notifiers
 * @function:   the one that fits
 * @iter_start: the function that calls several probes
 * @iter_end:   one past it
 * @error:      of the last attempt to probe
 */
struct tracepoint_probe {
	struct event *event;
	enum tracepoint_probe_kind kind;
	int syscall;
	char name[sizeof_field(struct event_spec, name)];
	char module[MODULE_NAME_LEN];
	struct notifier_block nb;
	struct tracepoint *tp;
	void *function;
	unsigned long iter_start;
	unsigned long iter_end;
	int error;
};

/* All of these in task context, and may sleep. */

/* The kernel's own of that name, or NULL; modules' are found by attaching. */
struct tracepoint *stackid_tracepoint_find_builtin(const char *name);

/* Hits can come before it returns.  A negative errno, -ENOENT if there is none. */
int stackid_tracepoint_probe_attach(struct tracepoint_probe *probe,
				    struct tracepoint *builtin);
/* No hit is under way when it returns. */
void stackid_tracepoint_probe_detach(struct tracepoint_probe *probe);

/* The module that is away with the tracepoint, or NULL. */
const char *stackid_tracepoint_probe_asleep(const struct tracepoint_probe *probe);

/* Which frames are @tp's own; for one that is probed by somebody else. */
void stackid_tracepoint_probe_iterator(struct tracepoint_probe *probe,
				       const struct tracepoint *tp);

#endif /* _STACKID_TRACEPOINT_PROBE_H */
