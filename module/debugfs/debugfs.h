/* SPDX-License-Identifier: GPL-2.0 */
/* The directory /sys/kernel/debug/stackid: all that a shell needs. */
#ifndef _STACKID_DEBUGFS_H
#define _STACKID_DEBUGFS_H

struct recording;
struct stackid_debugfs;

/*
 * Task context.  An ERR_PTR, after one notice in the log, if there is no debugfs
 * or no memory: the rest of the module works without.  The recording must
 * outlive the directory.
 */
struct stackid_debugfs *stackid_debugfs_create(struct recording *rec);
/*
 * No file is open any more: each of them pins the module.  Takes what create
 * returned, also an ERR_PTR.
 */
void stackid_debugfs_remove(struct stackid_debugfs *debugfs);

#endif /* _STACKID_DEBUGFS_H */
