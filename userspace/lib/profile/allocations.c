// SPDX-License-Identifier: GPL-2.0
/*
 * Pairing allocations and frees.
 *
 * The kernel tells of an allocation before anybody else has its address, and of a free
 * before the address can be handed out again.  So by time they take turns, but for
 * what two CPUs say of one moment.
 */
#include <stdlib.h>
#include <string.h>

#include "../array.h"
#include "../complain.h"
#include "../hash.h"
#include "../memory.h"
#include "../slots.h"
#include "allocations.h"
#include "moment.h"
#include "sources.h"

/* Not more than ZERO_SIZE_PTR: nothing was allocated. */
#define NO_ADDRESS	16
#define PAGE_BYTES	4096
/* Of the kernel's struct page, which stand in the order of the pages. */
#define PAGE_STRUCT	64
#define MAX_ORDER	20

const struct allocator_events stackid_allocators[NR_ALLOCATORS] = {
	[ALLOCATOR_KMALLOC] = { "kmalloc", {
		"kmem:kmalloc value=ptr,bytes_alloc",
		"kmem:kfree value=ptr",
	} },
	[ALLOCATOR_CACHE] = { "cache", {
		"kmem:kmem_cache_alloc value=ptr,s->size",
		"kmem:kmem_cache_free value=ptr",
		"kmem:kfree value=ptr",
	} },
	[ALLOCATOR_PAGE] = { "page", {
		"kmem:mm_page_alloc value=page,order",
		"kmem:mm_page_free value=page,order",
	} },
	[ALLOCATOR_PERCPU] = { "percpu", {
		"percpu:percpu_alloc_percpu value=ptr,bytes_alloc",
		"percpu:percpu_free_percpu value=ptr",
	} },
};

/* Addresses of these have nothing to do with each other. */
enum space {
	SPACE_SLAB,
	SPACE_PAGE,
	SPACE_PERCPU,
};

/* @sizes: names of the value that tells the size, separated by blanks */
static const struct kind {
	const char *name;
	enum allocator allocator;
	enum space space;
	bool frees;
	const char *address;
	const char *sizes;
} kinds[] = {
	{ "kmem:kmalloc", ALLOCATOR_KMALLOC, SPACE_SLAB, false,
	  "ptr", "bytes_alloc bytes_req" },
	{ "kmem:kfree", ALLOCATOR_KMALLOC, SPACE_SLAB, true, "ptr", NULL },
	{ "kmem:kmem_cache_alloc", ALLOCATOR_CACHE, SPACE_SLAB, false,
	  "ptr", "s->size s->object_size size bytes_alloc" },
	{ "kmem:kmem_cache_free", ALLOCATOR_CACHE, SPACE_SLAB, true,
	  "ptr", NULL },
	{ "kmem:mm_page_alloc", ALLOCATOR_PAGE, SPACE_PAGE, false,
	  "page", "order" },
	{ "kmem:mm_page_free", ALLOCATOR_PAGE, SPACE_PAGE, true,
	  "page", "order" },
	{ "percpu:percpu_alloc_percpu", ALLOCATOR_PERCPU, SPACE_PERCPU, false,
	  "ptr", "bytes_alloc size" },
	{ "percpu:percpu_free_percpu", ALLOCATOR_PERCPU, SPACE_PERCPU, true,
	  "ptr", NULL },
};

#define NR_KINDS	(sizeof(kinds) / sizeof(*kinds))

/* An event of the file; @size: -1 where the kind has none. */
struct source {
	const struct kind *kind;
	int address;
	int size;
};

struct allocations {
	struct data_reader *data;
	struct source sources[STACKID_MAX_EVENT + 1];
	bool has_kind[NR_KINDS];

	/* One for each address that there ever was. */
	struct allocation *at;
	size_t nr;
	size_t room;
	struct slots slots;

	struct moment moment;
	struct allocations_counts counts;
	/* One that comes later than what was asked for. */
	const struct data_event *held;
};

static const struct source *source_of(const struct allocations *allocations,
				      const struct data_event *event)
{
	return &allocations->sources[event->event];
}

static uint64_t address_of(const struct allocations *allocations,
			   const struct data_event *event)
{
	return event->values[source_of(allocations, event)->address];
}

static uint64_t size_of(const struct allocations *allocations,
			const struct data_event *event)
{
	const struct source *source = source_of(allocations, event);
	uint64_t size = source->size < 0 ? 0 : event->values[source->size];

	if (source->kind->space != SPACE_PAGE)
		return size;
	return (uint64_t)PAGE_BYTES << (size < MAX_ORDER ? size : MAX_ORDER);
}

static enum space space_of(const struct allocation *allocation)
{
	switch (allocation->allocator) {
	case ALLOCATOR_PAGE:
		return SPACE_PAGE;
	case ALLOCATOR_PERCPU:
		return SPACE_PERCPU;
	default:
		return SPACE_SLAB;
	}
}

static struct allocation *find(struct allocations *allocations,
			       enum space space, uint64_t address,
			       uint64_t *hash)
{
	uint32_t number;
	size_t step = 0;

	*hash = stackid_hash_mix(stackid_hash_u64(address), space);
	while ((number = stackid_slots_next(&allocations->slots, *hash,
					    &step))) {
		struct allocation *found = &allocations->at[number - 1];

		if (found->address == address && space_of(found) == space)
			return found;
	}
	return NULL;
}

static struct allocation *find_live(struct allocations *allocations,
				    enum space space, uint64_t address)
{
	struct allocation *found;
	uint64_t hash;

	found = find(allocations, space, address, &hash);
	return found && found->is_live ? found : NULL;
}

/* The block of pages that this one is in, if it was split. */
static struct allocation *find_block(struct allocations *allocations,
				     uint64_t page)
{
	for (unsigned int order = 1; order <= MAX_ORDER; order++) {
		uint64_t size = (uint64_t)PAGE_STRUCT << order;
		uint64_t first = page & -size;
		struct allocation *block =
			find_live(allocations, SPACE_PAGE, first);

		if (block && page - first < (uint64_t)PAGE_STRUCT * block->pages)
			return block;
	}
	return NULL;
}

static struct allocation *make(struct allocations *allocations,
			       const struct data_event *event)
{
	const struct kind *kind = source_of(allocations, event)->kind;
	uint64_t address = address_of(allocations, event), hash;
	struct allocation *made = find(allocations, kind->space, address, &hash);

	if (!made) {
		stackid_array_reserve(allocations->at, allocations->nr,
				      allocations->room);
		made = &allocations->at[allocations->nr++];
		stackid_slots_add(&allocations->slots, hash, allocations->nr);
	}
	*made = (struct allocation) {
		.time = event->time,
		.address = address,
		.bytes = size_of(allocations, event),
		.comm = event->comm,
		.pid = event->pid,
		.stack = event->kind == DATA_HIT_STACK ? event->stack : 0,
		.pages = kind->space == SPACE_PAGE ?
			 size_of(allocations, event) / PAGE_BYTES : 0,
		.allocator = kind->allocator,
		.is_live = true,
	};
	return made;
}

/* Pages that were allocated at once may be freed one by one. */
static void free_pages(struct allocation *block, uint64_t bytes)
{
	block->bytes = bytes < block->bytes ? block->bytes - bytes : 0;
	block->is_live = block->bytes > 0;
}

static void take(struct allocations *allocations, const struct data_event *event,
		 allocations_changed *changed, void *context)
{
	const struct kind *kind = source_of(allocations, event)->kind;
	uint64_t address = address_of(allocations, event);
	struct allocation *live;

	if (address <= NO_ADDRESS)
		return;
	live = find_live(allocations, kind->space, address);
	if (!kind->frees) {
		if (live) {
			live->is_live = false;
			changed(context, ALLOCATION_UNSEEN, live);
		}
		changed(context, ALLOCATION_MADE, make(allocations, event));
		return;
	}
	if (!live && kind->space == SPACE_PAGE)
		live = find_block(allocations, address);
	if (!live) {
		allocations->counts.freed_before++;
		return;
	}
	if (kind->space == SPACE_PAGE)
		free_pages(live, size_of(allocations, event));
	else
		live->is_live = false;
	if (!live->is_live)
		changed(context, ALLOCATION_FREED, live);
}

/* Whether the opposite of event @i, with its address, is still to come. */
static bool others_turn(const struct allocations *allocations, unsigned int i)
{
	const struct moment *moment = &allocations->moment;
	const struct kind *kind = source_of(allocations, &moment->events[i])->kind;

	for (unsigned int k = i + 1; k < moment->nr; k++) {
		const struct kind *other =
			source_of(allocations, &moment->events[k])->kind;

		if (!moment->taken[k] && other->space == kind->space &&
		    other->frees != kind->frees &&
		    address_of(allocations, &moment->events[k]) ==
		    address_of(allocations, &moment->events[i]))
			return true;
	}
	return false;
}

/* An allocation of what is free, a free of what is not. */
static bool fits(void *context, unsigned int i)
{
	struct allocations *allocations = context;
	const struct data_event *event = &allocations->moment.events[i];
	const struct kind *kind = source_of(allocations, event)->kind;
	bool live = find_live(allocations, kind->space,
			      address_of(allocations, event));

	return live == kind->frees || !others_turn(allocations, i);
}

static bool read_event(void *context, struct data_event *event)
{
	struct allocations *allocations = context;

	while (stackid_data_next(allocations->data, event)) {
		const struct source *source;

		if (event->kind == DATA_LOST)
			continue;
		source = source_of(allocations, event);
		if (!source->kind)
			continue;
		if (source->address < event->nr_values &&
		    source->size < event->nr_values)
			return true;
		allocations->counts.no_values++;
	}
	return false;
}

bool stackid_allocations_run(struct allocations *allocations, uint64_t until,
			     allocations_changed *changed, void *context)
{
	const struct data_event *event = allocations->held;

	if (!event)
		event = stackid_moment_next(&allocations->moment, read_event,
					    fits, allocations);
	while (event && event->time < until) {
		take(allocations, event, changed, context);
		event = stackid_moment_next(&allocations->moment, read_event,
					    fits, allocations);
	}
	allocations->held = event;
	return event;
}

static void add_source(struct allocations *allocations,
		       const struct data_event_name *event)
{
	for (size_t i = 0; i < NR_KINDS; i++) {
		struct source source = { .kind = &kinds[i] };

		if (allocations->has_kind[i] || strcmp(event->name, kinds[i].name))
			continue;
		source.address = stackid_data_find_value(event, kinds[i].address);
		source.size = kinds[i].sizes ?
			      stackid_sources_value(event, kinds[i].sizes) : -1;
		if (source.address < 0 ||
		    (kinds[i].space == SPACE_PAGE && source.size < 0))
			continue;
		allocations->sources[event->number] = source;
		allocations->has_kind[i] = true;
	}
}

bool stackid_allocations_has(const struct allocations *allocations,
			     enum allocator allocator)
{
	bool made = false, freed = false;

	for (size_t i = 0; i < NR_KINDS; i++) {
		if (!allocations->has_kind[i] || kinds[i].allocator != allocator)
			continue;
		made |= !kinds[i].frees;
		freed |= kinds[i].frees;
	}
	return made && freed;
}

struct allocations *stackid_allocations_open(struct data_reader *data)
{
	struct allocations *allocations =
		stackid_memory_zalloc(1, sizeof(*allocations));
	bool any = false;

	allocations->data = data;
	for (unsigned int i = 0; i < stackid_data_nr_events(data); i++) {
		const struct data_event_name *event = stackid_data_event(data, i);

		add_source(allocations, event);
		/* What one thread allocates another one frees. */
		if (allocations->sources[event->number].kind &&
		    stackid_sources_is_part(event)) {
			stackid_complain("the file has only some of %s, so what is not freed cannot be told: record it with -a and without if=, and choose when you read",
					 event->name);
			goto err;
		}
	}
	for (int i = 0; i < NR_ALLOCATORS; i++)
		any |= stackid_allocations_has(allocations, i);
	if (any)
		return allocations;
	stackid_complain("the file has no events that tell of allocations and frees: record with -a -e 'kmem:kmalloc value=ptr,bytes_alloc' -e 'kmem:kfree value=ptr', or by 'stackid leak'");
err:
	free(allocations);
	return NULL;
}

void stackid_allocations_close(struct allocations *allocations)
{
	stackid_slots_free(&allocations->slots);
	free(allocations->at);
	free(allocations);
}

const struct allocation *
stackid_allocations_at(const struct allocations *allocations, size_t i)
{
	return i < allocations->nr ? &allocations->at[i] : NULL;
}

const struct allocations_counts *
stackid_allocations_counts(const struct allocations *allocations)
{
	return &allocations->counts;
}
