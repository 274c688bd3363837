/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files that follow one another for ever: FILE.YYYYMMDDThhmmss.mmmZ, the time in UTC at
 * which each was begun, so that the order of their names is the order of the recording.
 * One that is being written is called so with .part behind it, and loses that when it is
 * whole and on the disk: whoever looks for names that end in Z finds whole files only.
 */
#ifndef STACKID_ROTATION_H
#define STACKID_ROTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "output.h"

#define ROTATION_PART	".part"

struct rotation;

/*
 * @path: FILE, or NULL for stackid.data; @keep: how many whole files stay, 0 is all of
 * them.  NULL after a complaint.
 */
struct rotation *stackid_rotation_create(const char *path, uint64_t keep);
/* Waits for the file that is on its way to the disk: 0, or -1 after a complaint. */
int stackid_rotation_destroy(struct rotation *rotation);

/*
 * The .part of a recorder that was killed, opened for reading and writing, the oldest
 * first; false if there is none.  One that another recorder writes is left alone.
 */
bool stackid_rotation_left(struct rotation *rotation, struct output *output);

/* The next file: 0, or -1 after a complaint. */
int stackid_rotation_open(struct rotation *rotation, struct output *output);

/*
 * The file is whole: a thread brings it to the disk, gives it its name and removes the
 * oldest ones, while the recording goes on.  Takes what @output has; 0, or -1 after a
 * complaint, which may be about the file before.
 */
int stackid_rotation_finish(struct rotation *rotation, struct output *output);

#endif /* STACKID_ROTATION_H */
