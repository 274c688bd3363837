/* SPDX-License-Identifier: GPL-2.0 */
/* Sites: what one stack allocated by one allocator. */
#ifndef STACKID_LEAK_SITES_H
#define STACKID_LEAK_SITES_H

#include <stddef.h>
#include <stdint.h>

#include "../lib/profile/shapes.h"
#include "../lib/slots.h"
#include "leak_common.h"

/**
 * struct leak_site - of a stack
 * @made, @unseen: as they changed, see enum allocation_change
 * @objects, @bytes: not freed, and as the options want them
 * @oldest, @youngest: when those were allocated
 * @windows: bytes not freed at the end of each window; NULL without windows
 */
struct leak_site {
	uint32_t stack;
	enum allocator allocator;
	uint64_t made;
	uint64_t unseen;
	uint64_t objects;
	uint64_t bytes;
	uint64_t oldest;
	uint64_t youngest;
	uint64_t *windows;
};

/**
 * struct leak_sites - of a file
 * @uncertain: objects that may have been freed by one of the events that were lost
 * @young:     those that --older leaves out
 * @left_out:  allocations that the other options leave out
 */
struct leak_sites {
	const struct leak_options *options;
	struct reading *reading;
	struct data_reader *data;
	struct allocations *allocations;
	struct losses losses;
	struct shapes shapes;
	struct leak_site *at;
	size_t nr;
	size_t room;
	struct slots slots;
	uint64_t made;
	uint64_t freed;
	uint64_t unseen;
	uint64_t uncertain;
	uint64_t young;
	uint64_t left_out;
	uint64_t first_time;
	uint64_t last_time;
};

/* Reads all of the file; sites without what is not freed are gone. */
void stackid_leak_sites_fill(struct leak_sites *sites);
void stackid_leak_sites_free(struct leak_sites *sites);

/* What window @i, from 0, began with. */
static inline uint64_t leak_site_before(const struct leak_site *site, uint64_t i)
{
	return i ? site->windows[i - 1] : 0;
}

#endif /* STACKID_LEAK_SITES_H */
