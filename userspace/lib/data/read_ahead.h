/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A thread that reads a pipe ahead of whoever uses its bytes, so that a recorder at its
 * other end does not wait, and lose events, while they are used.
 */
#ifndef STACKID_READ_AHEAD_H
#define STACKID_READ_AHEAD_H

#include <stdbool.h>
#include <stddef.h>

/* So many bytes at most. */
#define READ_AHEAD_MOST	(128 << 20)

struct read_ahead;

/* NULL if there can be no thread.  @fd stays the caller's, for after the end. */
struct read_ahead *stackid_read_ahead_start(int fd);
void stackid_read_ahead_stop(struct read_ahead *ahead);

/*
 * The bytes behind those of the last call, which are gone then, and their number: 0 if
 * there are none yet, and if @wait is true, if there are no more at all.
 */
const char *stackid_read_ahead_next(struct read_ahead *ahead, bool wait,
				    size_t *size);

#endif /* STACKID_READ_AHEAD_H */
