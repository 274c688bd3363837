/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ring of one CPU.  Its format is told in include/uapi/stackid.h.
 *
 *	beside          reserve..commit   read, head, mmap   destroy
 *	reserve..commit same CPU, nested  yes                no
 *	read            yes               no: one consumer   no
 *
 * Writers run on the ring's own CPU with preemption off, in any context, and
 * may nest in one another; nothing else may write.
 */
#ifndef _STACKID_RING_H
#define _STACKID_RING_H

#include <linux/types.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include "../include/uapi/stackid.h"

struct ring;
struct ring_writer;
struct vm_area_struct;

/**
 * struct ring_slot - a reserved place, from reserve to commit
 * @data: where the record goes, 8-byte aligned, not wrapping
 * @time: the record's time, CLOCK_MONOTONIC in ns, as read after all records
 *        before it
 */
struct ring_slot {
	struct ring *ring;
	void *data;
	u64 time;
};

/*
 * @data_size: a power of two of at least a page.  @user: with a control page
 * and data that can be mapped; otherwise for use inside the kernel only.
 * Task context, may sleep.  ERR_PTR(-ENOMEM).
 */
struct ring *stackid_ring_create(unsigned int cpu, size_t data_size, bool user);
/* No writer, no reader, no mapping any more (mappings keep their pages). */
void stackid_ring_destroy(struct ring *ring);

/*
 * @size: of the record, a multiple of 8, at most 2008 (a PAD, whose size field
 * ends at 2040, must be able to stand in for it and a LOST).  Returns false if there
 * is no room: the ring has counted it as lost if @count_lost, and a LOST record
 * will say so.  After true, stackid_ring_commit() must follow on the same CPU
 * in the same context.
 */
bool stackid_ring_reserve(struct ring *ring, unsigned int size,
			  bool count_lost, struct ring_slot *slot);
void stackid_ring_commit(struct ring_slot *slot);

/* Is a writer under way, in which the caller nests?  On the ring's CPU. */
bool stackid_ring_is_written(const struct ring *ring);

/* For those that have no call to spare: ring_writer.h. */
struct ring_writer *stackid_ring_writer(struct ring *ring);

/* Events lost that no LOST record has told of.  No writer is under way. */
unsigned long stackid_ring_untold(const struct ring *ring);

/*
 * A consumer begins: finds out the generation of what lies in the ring, for
 * itself and in the control page.  Task context, may sleep; writers may go on.
 */
void stackid_ring_begin(struct ring *ring);

/*
 * The consumer's side inside the kernel.  peek gives the next whole record or
 * NULL; it stays valid until advance() with its size.  PADs are skipped.
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

u64 stackid_ring_waiting(struct ring *ring);	/* bytes not yet consumed */
u64 stackid_ring_lost(const struct ring *ring);	/* events, ever */
u64 stackid_ring_watermark(const struct ring *ring);
wait_queue_head_t *stackid_ring_wait(struct ring *ring);
unsigned int stackid_ring_cpu(const struct ring *ring);
size_t stackid_ring_data_size(const struct ring *ring);
int stackid_ring_mmap(struct ring *ring, struct vm_area_struct *vma);
/* The control page, as a reader's mapping has it. */
struct stackid_ring_page *stackid_ring_control(const struct ring *ring);

#if IS_ENABLED(CONFIG_STACKID_KUNIT_TEST)
/* Called between the steps of every reservation, where an interrupt may come. */
extern void (*stackid_ring_test_interrupt)(struct ring *ring);
#endif

#endif /* _STACKID_RING_H */
