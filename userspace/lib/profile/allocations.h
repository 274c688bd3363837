/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Allocations: what was allocated while a file was recorded, and when each was freed,
 * by its address.  Frees come from any thread or interrupt.
 */
#ifndef STACKID_ALLOCATIONS_H
#define STACKID_ALLOCATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../data/data.h"

/* What allocates; kfree() takes objects of both of the first. */
enum allocator {
	ALLOCATOR_KMALLOC,
	ALLOCATOR_CACHE,
	ALLOCATOR_PAGE,
	ALLOCATOR_PERCPU,
	NR_ALLOCATORS
};

/**
 * struct allocator_events - what has to be recorded for it
 * @name:  as people call it
 * @lines: for the module's file "events"; NULL after the last
 */
struct allocator_events {
	const char *name;
	const char *lines[4];
};

extern const struct allocator_events stackid_allocators[NR_ALLOCATORS];

/**
 * struct allocation - one that was made
 * @bytes: of pages that are freed one by one, what is left
 * @pages: how many they were, 0 for others
 * @user:  0 at first, and whatever its user makes of it
 */
struct allocation {
	uint64_t time;
	uint64_t address;
	uint64_t bytes;
	const char *comm;
	uint32_t pid;
	uint32_t stack;
	uint32_t pages;
	uint32_t user;
	uint8_t allocator;
	bool is_live;
};

enum allocation_change {
	ALLOCATION_MADE,
	ALLOCATION_FREED,
	/* Its address was handed out again: it was freed, and no event said so. */
	ALLOCATION_UNSEEN,
};

/**
 * struct allocations_counts - what is no change
 * @freed_before: frees of what was allocated before the recording, or unseen
 * @no_values:    events without the values that are needed
 */
struct allocations_counts {
	uint64_t freed_before;
	uint64_t no_values;
};

struct allocations;

/*
 * Of a file from its beginning.  NULL after a sentence if it has no allocator's
 * events, or only those of some threads.
 */
struct allocations *stackid_allocations_open(struct data_reader *data);
void stackid_allocations_close(struct allocations *allocations);

/* Whether the file has an allocator's events. */
bool stackid_allocations_has(const struct allocations *allocations,
			     enum allocator allocator);

typedef void allocations_changed(void *context, enum allocation_change change,
				 struct allocation *allocation);

/*
 * All changes before the time @until; false if there are no more after it.  The last
 * argument of @changed is valid while that runs.
 */
bool stackid_allocations_run(struct allocations *allocations, uint64_t until,
			     allocations_changed *changed, void *context);

/* All that there are, by @i from 0; NULL after the last.  Look at is_live. */
const struct allocation *
stackid_allocations_at(const struct allocations *allocations, size_t i);

const struct allocations_counts *
stackid_allocations_counts(const struct allocations *allocations);

#endif /* STACKID_ALLOCATIONS_H */
