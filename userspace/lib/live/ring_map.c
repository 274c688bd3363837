// SPDX-License-Identifier: GPL-2.0
/* A CPU's ring, mapped. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../complain.h"
#include "ring_map.h"

static uint64_t load_head(const struct ring_map *ring)
{
	/* C, pairs with B: the records before data_head are whole. */
	return __atomic_load_n(&ring->page->data_head, __ATOMIC_ACQUIRE);
}

static void store_tail(struct ring_map *ring, uint64_t tail)
{
	ring->tail = tail;
	/* D, pairs with A: their bytes are not needed any more. */
	__atomic_store_n(&ring->page->data_tail, tail, __ATOMIC_RELEASE);
}

static int check_page(const struct ring_map *ring)
{
	const struct stackid_ring_page *page = ring->page;

	if (page->magic != STACKID_RING_MAGIC) {
		stackid_complain("the ring of CPU %u does not look like one: is the module called stackid another one?",
				 ring->cpu);
		return -1;
	}
	if (page->version != STACKID_ABI_VERSION) {
		stackid_complain("the module has ABI version %u, this stackid reads %u: install the module and the command of one release",
				 page->version, STACKID_ABI_VERSION);
		return -1;
	}
	return 0;
}

int stackid_ring_map_open(struct ring_map *ring, const struct control *control,
			  uint32_t cpu, bool fresh)
{
	size_t page_size = sysconf(_SC_PAGESIZE);
	char name[40];
	void *data;

	memset(ring, 0, sizeof(*ring));
	ring->cpu = cpu;
	snprintf(name, sizeof(name), "per_cpu/cpu%u/ring", cpu);
	ring->fd = openat(control->dir, name, O_RDWR | O_CLOEXEC);
	if (ring->fd < 0) {
		if (errno == ENODEV || errno == ENOENT)
			return 1;
		stackid_control_explain(name, errno);
		return -1;
	}

	ring->page = mmap(NULL, page_size, PROT_READ | PROT_WRITE, MAP_SHARED,
			  ring->fd, 0);
	if (ring->page == MAP_FAILED) {
		stackid_complain("cannot map %s/%s: %s", CONTROL_PATH, name,
				 strerror(errno));
		close(ring->fd);
		return -1;
	}
	if (check_page(ring))
		goto unmap;
	data = mmap(NULL, ring->page->data_size, PROT_READ, MAP_SHARED,
		    ring->fd, ring->page->data_offset);
	if (data == MAP_FAILED) {
		stackid_complain("cannot map the data of %s/%s: %s",
				 CONTROL_PATH, name, strerror(errno));
		goto unmap;
	}
	ring->data = data;
	ring->data_size = ring->page->data_size;
	store_tail(ring, fresh ? ring->page->data_tail : load_head(ring));
	return 0;
unmap:
	munmap(ring->page, page_size);
	close(ring->fd);
	return -1;
}

void stackid_ring_map_close(struct ring_map *ring)
{
	munmap((void *)ring->data, ring->data_size);
	munmap(ring->page, sysconf(_SC_PAGESIZE));
	close(ring->fd);
}

uint64_t stackid_ring_map_waiting(const struct ring_map *ring)
{
	return load_head(ring) - ring->tail;
}

const char *stackid_ring_map_window(struct ring_map *ring, size_t *size)
{
	uint64_t head = load_head(ring);
	uint64_t offset = ring->tail & (ring->data_size - 1);
	uint64_t waiting = head - ring->tail;

	/* The kernel keeps them in order; what is not cannot be read at all. */
	if (waiting > ring->data_size || head % 8) {
		ring->wild += ring->data_size;
		store_tail(ring, head);
		return NULL;
	}
	if (waiting > ring->data_size - offset)
		waiting = ring->data_size - offset;
	*size = waiting;
	return waiting ? ring->data + offset : NULL;
}

void stackid_ring_map_consume(struct ring_map *ring, size_t size)
{
	store_tail(ring, ring->tail + size);
}
