/* SPDX-License-Identifier: GPL-2.0 */
/* The module's files in debugfs: finding, reading and writing them. */
#ifndef STACKID_CONTROL_H
#define STACKID_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel.h"

#define CONTROL_PATH	DEBUGFS_PATH "/stackid"

/* @dir: CONTROL_PATH, opened */
struct control {
	int dir;
};

/*
 * 0, or -1 after a complaint that says what is missing (root, debugfs, the
 * module, or that the kernel is locked down) and what to do.
 */
int stackid_control_open(struct control *control);
void stackid_control_close(struct control *control);

/* Opens a file under CONTROL_PATH.  -1 after a complaint. */
int stackid_control_open_file(const struct control *control, const char *name,
			      int flags);

/* The whole file, NUL-terminated, to be freed.  NULL after a complaint. */
char *stackid_control_read(const struct control *control, const char *name);

/*
 * 0, or -1 after a complaint with the module's own reason from error_log.
 * @truncate: what is there goes first.
 */
int stackid_control_write(const struct control *control, const char *name,
			  const char *text, bool truncate);

/*
 * The sentence of error_log about the last refused write to this file, to be
 * freed; NULL if there is none.
 */
char *stackid_control_reason(const struct control *control, const char *name);

/*
 * The next of the "name value" lines from *@rest on, as strsep() does it: *@rest
 * moves on and the name is cut out in place.  NULL after the last.
 */
char *stackid_control_next_counter(char **rest, uint64_t *value);

/* From text of "name value" lines; false if the name is not there. */
bool stackid_control_counter(const char *stats, const char *name,
			     uint64_t *value);

/* Why an open of a file of the module's failed with this errno. */
void stackid_control_explain(const char *name, int error);

#endif /* STACKID_CONTROL_H */
