/* SPDX-License-Identifier: GPL-2.0 */
/* The directory /sys/kernel/debug/stackid: all that a shell needs. */
#ifndef _STACKID_DEBUGFS_H
#define _STACKID_DEBUGFS_H

struct recording;
struct stackid_debugfs;

/*
 * Task context.  If there is no debugfs or no memory, there is one notice in the log
 * and no directory, and the rest of the module works without.  What is returned then,
 * an ERR_PTR or not, is for stackid_debugfs_remove() like any other.  The recording
 * must outlive it.
 */
struct stackid_debugfs *stackid_debugfs_create(struct recording *rec);
/*
 * No file is open any more: each of them pins the module.  Takes what create
 * returned, also an ERR_PTR.
 */
void stackid_debugfs_remove(struct stackid_debugfs *debugfs);

#endif /* _STACKID_DEBUGFS_H */
