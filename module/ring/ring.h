/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ring of one CPU.  Its format is explained in include/uapi/stackid.h.
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
#include <linux/wait.h>

#include "../../include/uapi/stackid.h"

struct ring;
struct ring_writer;
struct vm_area_struct;

/*
 * @data_size: a power of two of at least a page.  @user: with a control page
 * and data that can be mapped; otherwise for use inside the kernel only.
 * Task context, may sleep.  ERR_PTR(-ENOMEM).
 */
struct ring *stackid_ring_create(unsigned int cpu, size_t data_size, bool user);
/* No writer, no reader, no mapping any more (mappings keep their pages). */
void stackid_ring_destroy(struct ring *ring);

/* What writers write through, see ring_writer.h. */
struct ring_writer *stackid_ring_writer(struct ring *ring);

u64 stackid_ring_lost(const struct ring *ring);	/* events, ever */
u64 stackid_ring_watermark(const struct ring *ring);
wait_queue_head_t *stackid_ring_wait(struct ring *ring);
unsigned int stackid_ring_cpu(const struct ring *ring);
size_t stackid_ring_data_size(const struct ring *ring);
int stackid_ring_mmap(struct ring *ring, struct vm_area_struct *vma);
/* The control page, as a reader's mapping has it. */
struct stackid_ring_page *stackid_ring_control(const struct ring *ring);

#endif /* _STACKID_RING_H */
