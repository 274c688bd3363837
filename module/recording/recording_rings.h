/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rings of a recording: one for each CPU, made when they are first needed, or
 * when the CPU comes, and dropped when their size changes.
 */
#ifndef _STACKID_RECORDING_RINGS_H
#define _STACKID_RECORDING_RINGS_H

struct recording;
struct refusal;
struct ring;

#define STACKID_BUFFER_KB_DEFAULT	1024
#define STACKID_BUFFER_KB_MIN		4
#define STACKID_BUFFER_KB_MAX		(1024 * 1024)

/* Before any recording; after the last one. */
int stackid_rings_init(void);
void stackid_rings_exit(void);

/* For recording.c.  No hit is under way, and no consumer is there any more. */
int stackid_rings_create(struct recording *rec);
void stackid_rings_destroy(struct recording *rec);
/* For the CPUs that are online, under rec->lock.  0 or -ENOMEM. */
int stackid_rings_make(struct recording *rec, struct refusal *why);

/* The rest: task context, may sleep; they take rec->lock. */

/*
 * Claim a CPU's ring for a consumer; makes the rings if there are none yet.
 * ERR_PTR(-EBUSY) if it has one, ERR_PTR(-ENODEV) if the CPU has never been
 * online, ERR_PTR(-ENOMEM), and then only @why says the reason.  Until the release the
 * ring stays what it is.
 */
struct ring *stackid_recording_claim_ring(struct recording *rec,
					  unsigned int cpu, struct refusal *why);
void stackid_recording_release_ring(struct recording *rec, struct ring *ring);

/* @kb is rounded up to a power of two. */
int stackid_recording_set_buffer(struct recording *rec, unsigned int kb,
				 struct refusal *why);
/* What a hold that is over still owes, if nobody uses the rings now. */
void stackid_recording_settle_buffer(struct recording *rec);

#endif /* _STACKID_RECORDING_RINGS_H */
