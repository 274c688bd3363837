/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A CPU's ring, mapped.  Records are used where they lie; nothing is copied.
 *
 * From include/uapi/stackid.h, where the letters are explained:
 *
 *   kernel, on the ring's CPU              reader
 *   ------------------------------------   ------------------------------------
 *   A  load-acquire  data_tail             C  load-acquire  data_head
 *      store         records                  load          records
 *   B  store-release data_head             D  store-release data_tail
 */
#ifndef STACKID_RING_MAP_H
#define STACKID_RING_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stackid.h>

#include "control.h"

/**
 * struct ring_map - an open ring; its only reader
 * @page: the control page
 * @data: data_size bytes, read-only
 * @tail: what data_tail is; only this reader moves it
 * @wild: how many bytes were passed over because they were no records
 */
struct ring_map {
	int fd;
	uint32_t cpu;
	struct stackid_ring_page *page;
	const char *data;
	uint64_t data_size;
	uint64_t tail;
	uint64_t wild;
};

/*
 * What is in the ring already is passed over, unless it is @fresh: it is not of this
 * recording.  0, -1 after a complaint, or 1 without one if the CPU has never been online.
 */
int stackid_ring_map_open(struct ring_map *ring, const struct control *control,
			  uint32_t cpu, bool fresh);
void stackid_ring_map_close(struct ring_map *ring);

/*
 * The records from tail up to head, or up to the end of the data if they go on at
 * its start.  NULL if there are none.  They stay until consumed.
 */
const char *stackid_ring_map_window(struct ring_map *ring, size_t *size);
void stackid_ring_map_consume(struct ring_map *ring, size_t size);
uint64_t stackid_ring_map_waiting(const struct ring_map *ring);

#endif /* STACKID_RING_MAP_H */
