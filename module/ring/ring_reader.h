/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The consumer of a ring inside the kernel; one at a time, which may sleep unless
 * it only peeks and advances.
 */
#ifndef _STACKID_RING_READER_H
#define _STACKID_RING_READER_H

#include <linux/types.h>

struct ring;
struct stackid_record;

/*
 * A consumer begins: finds out the generation of what lies in the ring, for
 * itself and in the control page.  Task context, may sleep; writers may go on.
 */
void stackid_ring_begin(struct ring *ring);

/*
 * peek gives the next whole record or NULL; it stays valid until advance() with
 * its size.  PADs are skipped.
 */
const struct stackid_record *stackid_ring_peek(struct ring *ring);
void stackid_ring_advance(struct ring *ring, unsigned int size);

/*
 * The full number of a generation near that of the record which peek gave; 0 if
 * none was announced before it.  Task context, may sleep.
 */
u64 stackid_ring_generation(struct ring *ring);

/* Whole records into a user's buffer; 0 if there are none. */
ssize_t stackid_ring_read(struct ring *ring, char __user *buf, size_t size);

/* Bytes not yet consumed.  Any context. */
u64 stackid_ring_waiting(struct ring *ring);

#endif /* _STACKID_RING_READER_H */
