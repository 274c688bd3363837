// SPDX-License-Identifier: GPL-2.0
/*
 * The ring: written from any context of its CPU without a lock, read through
 * mmap, read(2) or the in-kernel consumer.
 *
 * The format, and the barriers A to D, are explained in include/uapi/stackid.h.
 *
 *            data_tail               head                position
 *                |                     |                     |
 *   -------------+---------------------+---------------------+------------
 *      free      |  whole, readable    |  being written      |  free
 *   -------------+---------------------+---------------------+------------
 *
 * Writers nest like the contexts of one CPU: a task's writer may be interrupted
 * by a softirq's, that by a hardirq's, that by an NMI's, and each is finished
 * before the one below it goes on.  So whatever was reserved when the outermost
 * writer leaves has been committed, and it alone moves head.  The scheme is
 * perf's (kernel/events/ring_buffer.c).
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <asm/local.h>

#include "../compat.h"
#include "ring.h"
#include "ring_layout.h"

static void wake(struct deferred *deferred)
{
	struct ring *ring = container_of(deferred, struct ring, wake);

	wake_up_interruptible_all(&ring->wait);
}

struct ring *stackid_ring_create(unsigned int cpu, size_t data_size, bool user)
{
	int node = cpu_to_node(cpu);
	struct ring *ring;
	char *data;

	ring = kzalloc_node(sizeof(*ring), GFP_KERNEL, node);
	if (!ring)
		return ERR_PTR(-ENOMEM);
	ring->page = vmalloc_user(PAGE_SIZE);
	data = vmalloc_user(data_size);
	if (!ring->page || !data) {
		vfree(data);
		vfree(ring->page);
		kfree(ring);
		return ERR_PTR(-ENOMEM);
	}
	ring->size = data_size;
	ring->cpu = cpu;
	ring->writer.data = data;
	ring->writer.mask = data_size - 1;
	ring->writer.data_head = &ring->page->data_head;
	ring->writer.wake_pos = user ? stackid_ring_watermark(ring) : U64_MAX;
	init_waitqueue_head(&ring->wait);
	stackid_deferred_init(&ring->wake, wake);
	*ring->page = (struct stackid_ring_page) {
		.magic = STACKID_RING_MAGIC,
		.version = STACKID_ABI_VERSION,
		.cpu = cpu,
		.data_offset = PAGE_SIZE,
		.data_size = data_size,
	};
	return ring;
}

void stackid_ring_destroy(struct ring *ring)
{
	stackid_deferred_sync(&ring->wake);
	vfree(ring->writer.data);
	vfree(ring->page);
	kfree(ring);
}

struct ring_writer *stackid_ring_writer(struct ring *ring)
{
	return &ring->writer;
}

u64 stackid_ring_watermark(const struct ring *ring)
{
	return ring->size / 4;
}

u64 stackid_ring_lost(const struct ring *ring)
{
	return local_read(&ring->lost_total);
}

wait_queue_head_t *stackid_ring_wait(struct ring *ring)
{
	return &ring->wait;
}

unsigned int stackid_ring_cpu(const struct ring *ring)
{
	return ring->cpu;
}

size_t stackid_ring_data_size(const struct ring *ring)
{
	return ring->size;
}

struct stackid_ring_page *stackid_ring_control(const struct ring *ring)
{
	return ring->page;
}

int stackid_ring_mmap(struct ring *ring, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;

	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	if (!vma->vm_pgoff) {
		if (size != PAGE_SIZE)
			return -EINVAL;
		return remap_vmalloc_range(vma, ring->page, 0);
	}
	if (vma->vm_pgoff != 1 || size != ring->size)
		return -EINVAL;
	if (vma->vm_flags & VM_WRITE)
		return -EPERM;
	/* Nor later, by mprotect(2). */
	stackid_vm_flags_clear(vma, VM_MAYWRITE);
	return remap_vmalloc_range(vma, ring->writer.data, 0);
}
