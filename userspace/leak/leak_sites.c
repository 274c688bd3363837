// SPDX-License-Identifier: GPL-2.0
/* Sites, gathered as the file is read. */
#include <stdlib.h>
#include <string.h>

#include "../lib/array.h"
#include "../lib/hash.h"
#include "leak_sites.h"

static uint32_t find_site(struct leak_sites *sites,
			  const struct allocation *allocation)
{
	uint32_t stack = stackid_shapes_find(&sites->shapes, allocation->stack);
	uint64_t hash = stackid_hash_u64((uint64_t)stack << 8 |
					 allocation->allocator);
	struct leak_site *site;
	uint32_t number;
	size_t step = 0;

	while ((number = stackid_slots_next(&sites->slots, hash, &step))) {
		site = &sites->at[number - 1];
		if (site->stack == stack &&
		    site->allocator == allocation->allocator)
			return number;
	}
	stackid_array_reserve(sites->at, sites->nr, sites->room);
	site = &sites->at[sites->nr++];
	*site = (struct leak_site) {
		.stack = stack,
		.allocator = allocation->allocator,
	};
	if (sites->options->windows)
		site->windows = stackid_memory_zalloc(sites->options->windows,
						      sizeof(uint64_t));
	stackid_slots_add(&sites->slots, hash, sites->nr);
	return sites->nr;
}

static bool has_moment(const struct leak_sites *sites,
		       const struct allocation *allocation)
{
	struct data_event moment = {
		.time = allocation->time,
		.comm = allocation->comm,
		.pid = allocation->pid,
		.tgid = allocation->pid,
		.stack = allocation->stack,
		.kind = allocation->stack ? DATA_HIT_STACK : DATA_HIT_EMPTY,
	};

	return stackid_reading_has_moment(sites->reading, &moment);
}

static bool is_wanted(const struct leak_sites *sites,
		      const struct allocation *allocation)
{
	const struct leak_options *options = sites->options;

	if (options->what && !(options->what & 1U << allocation->allocator))
		return false;
	if (options->sizes.nr &&
	    !stackid_ranges_has(&options->sizes, allocation->bytes))
		return false;
	if (options->comms.nr &&
	    !stackid_words_has(&options->comms, allocation->comm))
		return false;
	if (!has_moment(sites, allocation))
		return false;
	return !options->who.nr ||
	       stackid_data_descends(sites->data, allocation->pid, &options->who);
}

static void changed(void *context, enum allocation_change change,
		    struct allocation *allocation)
{
	struct leak_sites *sites = context;

	if (change == ALLOCATION_MADE) {
		if (!is_wanted(sites, allocation)) {
			sites->left_out++;
			return;
		}
		allocation->user = find_site(sites, allocation);
		sites->made++;
		sites->at[allocation->user - 1].made++;
		return;
	}
	if (!allocation->user)
		return;
	if (change == ALLOCATION_FREED) {
		sites->freed++;
	} else {
		sites->unseen++;
		sites->at[allocation->user - 1].unseen++;
	}
}

/* What each site has at the end of a window. */
static void end_window(struct leak_sites *sites, uint64_t window)
{
	const struct allocation *live;

	for (size_t i = 0; (live = stackid_allocations_at(sites->allocations, i));
	     i++) {
		if (live->is_live && live->user)
			sites->at[live->user - 1].windows[window] += live->bytes;
	}
}

static void add_live(struct leak_sites *sites, const struct allocation *live,
		     uint64_t certain)
{
	struct leak_site *site = &sites->at[live->user - 1];

	if (live->time <= certain) {
		sites->uncertain++;
		return;
	}
	if (sites->last_time - live->time < sites->options->older) {
		sites->young++;
		return;
	}
	if (!site->objects || live->time < site->oldest)
		site->oldest = live->time;
	if (live->time > site->youngest)
		site->youngest = live->time;
	site->objects++;
	site->bytes += live->bytes;
}

/* What was allocated before the last loss may have been freed in it. */
static uint64_t certain_after(const struct leak_sites *sites)
{
	uint64_t certain = 0;

	for (size_t i = 0; i < sites->losses.nr; i++) {
		if (sites->losses.at[i].to != UINT64_MAX ||
		    sites->losses.at[i].from < sites->last_time)
			certain = sites->losses.at[i].to;
	}
	return certain;
}

static bool grew_always(const struct leak_sites *sites,
			const struct leak_site *site)
{
	for (uint64_t i = 0; i < sites->options->windows; i++) {
		if (site->windows[i] <= leak_site_before(site, i))
			return false;
	}
	return true;
}

/* Orders by what is asked for, then by the others, then as they came. */
static int compare(const void *a, const void *b, void *context)
{
	const struct leak_site *x = a, *y = b;
	enum leak_order order = *(enum leak_order *)context;
	int older = (x->oldest > y->oldest) - (x->oldest < y->oldest);
	int bytes = (x->bytes < y->bytes) - (x->bytes > y->bytes);
	int objects = (x->objects < y->objects) - (x->objects > y->objects);
	int first = order == LEAK_BY_OLDEST ? older :
		    order == LEAK_BY_BYTES ? bytes : objects;

	if (first)
		return first;
	if (older || bytes)
		return older ? older : bytes;
	return (x->stack > y->stack) - (x->stack < y->stack);
}

static void keep_leaks(struct leak_sites *sites)
{
	enum leak_order order = sites->options->order;
	size_t nr = 0;

	for (size_t i = 0; i < sites->nr; i++) {
		struct leak_site *site = &sites->at[i];

		if (site->objects && grew_always(sites, site))
			sites->at[nr++] = *site;
		else
			free(site->windows);
	}
	sites->nr = nr;
	if (nr)
		qsort_r(sites->at, nr, sizeof(*sites->at), compare, &order);
}

/* When the recording began and ended, by its events. */
static void find_times(struct leak_sites *sites)
{
	struct data_event event;

	while (stackid_data_next(sites->data, &event)) {
		if (!sites->first_time)
			sites->first_time = event.time;
		if (event.time > sites->last_time)
			sites->last_time = event.time;
	}
	stackid_data_rewind(sites->data);
}

void stackid_leak_sites_fill(struct leak_sites *sites)
{
	uint64_t nr = sites->options->windows;
	const struct allocation *live;
	uint64_t certain;

	find_times(sites);
	stackid_losses_find(&sites->losses, sites->data);
	sites->shapes.data = sites->data;
	for (uint64_t i = 0; i < nr; i++) {
		uint64_t end = sites->first_time +
			       (sites->last_time - sites->first_time) / nr *
			       (i + 1);

		stackid_allocations_run(sites->allocations,
					i + 1 < nr ? end : UINT64_MAX, changed,
					sites);
		end_window(sites, i);
	}
	if (!nr)
		stackid_allocations_run(sites->allocations, UINT64_MAX, changed,
					sites);
	certain = certain_after(sites);
	for (size_t i = 0; (live = stackid_allocations_at(sites->allocations, i));
	     i++) {
		if (live->is_live && live->user)
			add_live(sites, live, certain);
	}
	keep_leaks(sites);
}

void stackid_leak_sites_free(struct leak_sites *sites)
{
	for (size_t i = 0; i < sites->nr; i++)
		free(sites->at[i].windows);
	free(sites->at);
	stackid_slots_free(&sites->slots);
	stackid_shapes_free(&sites->shapes);
	stackid_losses_free(&sites->losses);
}
