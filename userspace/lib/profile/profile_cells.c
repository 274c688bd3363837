// SPDX-License-Identifier: GPL-2.0
/* A profile's cells: how often which stack was hit, by whom. */

#include <stdlib.h>
#include <string.h>

#include "../array.h"
#include "../hash.h"
#include "../memory.h"
#include "profile_layout.h"

struct profile *stackid_profile_create(struct data_reader *data,
				       unsigned int keys)
{
	struct profile *profile = stackid_memory_zalloc(1, sizeof(*profile));

	profile->data = data;
	profile->keys = keys;
	profile->chain_functions =
		stackid_memory_zalloc(1, sizeof(*profile->chain_functions));
	profile->quantum = 1;
	stackid_whos_init(&profile->whos);
	profile->max_depth = UINT64_MAX;
	return profile;
}

void stackid_profile_set_quantum(struct profile *profile, uint64_t ns)
{
	profile->quantum = ns;
}

void stackid_profile_set_depth(struct profile *profile, uint64_t nr,
			       const struct patterns *callees)
{
	profile->max_depth = nr;
	profile->callees = callees;
}

void stackid_profile_set_lines(struct profile *profile,
			       struct debug_lines *lines)
{
	profile->lines.lines = lines;
}

void stackid_profile_destroy(struct profile *profile)
{
	stackid_pool_free(profile->chain_functions);
	free(profile->chain_functions);
	for (size_t i = 0; i < profile->bare.nr; i++)
		free(profile->bare.at[i].name);
	stackid_profile_lines_exit(&profile->lines);
	stackid_strings_exit(&profile->modules);
	free(profile->bare.at);
	free(profile->chains);
	free(profile->place);
	free(profile->functions);
	free(profile->cells);
	stackid_whos_exit(&profile->whos);
	free(profile->tails);
	stackid_slots_free(&profile->slots);
	stackid_slots_free(&profile->tail_slots);
	free(profile);
}

uint64_t stackid_profile_add_weights(uint64_t a, uint64_t b)
{
	return a + b < a ? UINT64_MAX : a + b;
}

static uint64_t hash_cell(const struct profile_cell *cell)
{
	uint64_t hash = stackid_hash_u64((uint64_t)cell->who << 32 | cell->stack);

	return stackid_hash_mix(hash, (uint64_t)cell->tail << 32 |
				      (uint64_t)cell->event << 8 | cell->kind);
}

static inline bool same(const struct profile_cell *a, const struct profile_cell *b)
{
	return a->stack == b->stack && a->who == b->who && a->event == b->event &&
	       a->kind == b->kind && a->tail == b->tail;
}

static struct profile_cell *find_cell(struct profile *profile,
				      const struct profile_cell *key)
{
	uint32_t number;
	size_t step = 0;
	uint64_t hash;

	if (profile->last < profile->nr_cells &&
	    same(&profile->cells[profile->last], key))
		return &profile->cells[profile->last];

	hash = hash_cell(key);
	while ((number = stackid_slots_next(&profile->slots, hash, &step))) {
		profile->last = number - 1;
		if (same(&profile->cells[profile->last], key))
			return &profile->cells[profile->last];
	}

	stackid_array_reserve(profile->cells, profile->nr_cells,
			      profile->max_cells);
	profile->last = profile->nr_cells++;
	stackid_slots_add(&profile->slots, hash, profile->nr_cells);
	profile->cells[profile->last] = *key;
	return &profile->cells[profile->last];
}

/* Cells move down only, so each is read before its place is taken. */
static void merge_slices(struct profile *profile)
{
	struct whos whos = profile->whos;
	size_t nr = profile->nr_cells;

	stackid_whos_init(&profile->whos);
	profile->nr_cells = 0;
	stackid_slots_free(&profile->slots);
	profile->slots = (struct slots) { };
	for (size_t i = 0; i < nr; i++) {
		struct profile_cell key = profile->cells[i];
		struct profile_who who = whos.at[key.who];
		uint64_t hits = key.hits, weight = key.weight;
		struct profile_cell *cell;

		if (profile->keys & PROFILE_TIME)
			who.time -= who.time % profile->quantum;
		else
			who.time = 0;
		key.who = stackid_whos_find(&profile->whos, &who);
		key.hits = 0;
		key.weight = 0;
		cell = find_cell(profile, &key);
		cell->hits += hits;
		cell->weight = stackid_profile_add_weights(cell->weight,
							   weight);
	}
	stackid_whos_exit(&whos);
}

void stackid_profile_limit_cells(struct profile *profile, size_t most,
				 uint64_t longest)
{
	profile->most_cells = most;
	profile->longest_quantum = longest;
}

uint64_t stackid_profile_quantum(const struct profile *profile)
{
	return profile->keys & PROFILE_TIME ? profile->quantum : 0;
}

bool stackid_profile_has_cpus(const struct profile *profile)
{
	return profile->keys & PROFILE_CPU;
}

static void keep_to_limit(struct profile *profile)
{
	while ((profile->keys & PROFILE_TIME) &&
	       profile->nr_cells > profile->most_cells) {
		profile->quantum *= 2;
		if (profile->quantum > profile->longest_quantum)
			profile->keys &= ~PROFILE_TIME;
		merge_slices(profile);
	}
}

static bool is_counted(const struct data_event *event)
{
	return event->kind != DATA_LOST && event->event <= STACKID_MAX_EVENT;
}

static void add_to_sum(struct profile_sum *sum, uint64_t hits, uint64_t weight)
{
	sum->hits += hits;
	if (sum->weight + weight < weight)
		sum->overflow = true;
	sum->weight = stackid_profile_add_weights(sum->weight, weight);
}

static void add_to_cell(struct profile *profile, const struct profile_cell *key,
			uint64_t hits, uint64_t weight)
{
	struct profile_cell *cell = find_cell(profile, key);

	cell->hits += hits;
	cell->weight = stackid_profile_add_weights(cell->weight, weight);
	add_to_sum(&profile->sums[key->event], hits, weight);
}

static void add_events(struct profile *profile, const struct data_event *event,
		       uint64_t hits, uint64_t weight)
{
	struct profile_cell key = {
		.event = event->event,
		.kind = event->kind,
	};
	struct profile_who who = { };

	if (!is_counted(event))
		return;
	if (event->kind == DATA_HIT_STACK)
		key.stack = event->stack;
	if (profile->keys & PROFILE_COMM)
		who.comm = event->comm;
	if (profile->keys & PROFILE_TGID)
		who.tgid = event->tgid;
	if (profile->keys & PROFILE_PID)
		who.pid = event->pid;
	if (profile->keys & PROFILE_CPU)
		who.cpu = event->cpu;
	if (profile->keys & PROFILE_TIME)
		who.time = event->time - event->time % profile->quantum;
	key.who = stackid_whos_find(&profile->whos, &who);

	add_to_cell(profile, &key, hits, weight);
	if (profile->most_cells)
		keep_to_limit(profile);
}

void stackid_profile_add(struct profile *profile,
			 const struct data_event *event, uint64_t weight)
{
	add_events(profile, event, 1, weight);
}

void stackid_profile_add_other(struct profile *profile,
			       const struct data_event *event, uint64_t weight)
{
	if (is_counted(event))
		add_to_sum(&profile->others[event->event], 1, weight);
}

void stackid_profile_add_equal(struct profile *profile,
			       const struct data_event *event, uint64_t nr)
{
	add_events(profile, event, nr, nr);
}

void stackid_profile_add_equal_others(struct profile *profile,
				      const struct data_event *event,
				      uint64_t nr)
{
	if (is_counted(event))
		add_to_sum(&profile->others[event->event], nr, nr);
}

void stackid_profile_clear(struct profile *profile)
{
	profile->nr_cells = 0;
	profile->last = 0;
	stackid_whos_exit(&profile->whos);
	stackid_whos_init(&profile->whos);
	stackid_slots_free(&profile->slots);
	profile->slots = (struct slots) { };
	memset(profile->sums, 0, sizeof(profile->sums));
	memset(profile->others, 0, sizeof(profile->others));
}

uint32_t stackid_profile_tail(struct profile *profile, const char *name,
			      uint32_t stack)
{
	/* Its texts are the file's or constant: equal ones are equal pointers. */
	uint64_t hash = stackid_hash_mix(stackid_hash_u64(stack),
					 (uintptr_t)name);
	uint32_t number;
	size_t step = 0;

	while ((number = stackid_slots_next(&profile->tail_slots, hash,
					    &step))) {
		if (profile->tails[number - 1].name == name &&
		    profile->tails[number - 1].stack == stack)
			return number;
	}
	stackid_array_reserve(profile->tails, profile->nr_tails,
			      profile->max_tails);
	profile->tails[profile->nr_tails++] = (struct tail) {
		.name = name,
		.stack = stack,
	};
	stackid_slots_add(&profile->tail_slots, hash, profile->nr_tails);
	return profile->nr_tails;
}

void stackid_profile_add_tailed(struct profile *profile, unsigned int event,
				const char *comm, uint32_t stack, uint32_t tail,
				uint64_t weight)
{
	const struct profile_who who = {
		.comm = profile->keys & PROFILE_COMM ? comm : NULL,
	};
	struct profile_cell key = {
		.who = stackid_whos_find(&profile->whos, &who),
		.event = event,
		.kind = stack ? DATA_HIT_STACK : DATA_HIT_EMPTY,
		.stack = stack,
		.tail = tail,
	};

	add_to_cell(profile, &key, 1, weight);
}

void stackid_profile_add_cell(struct profile *profile,
			      const struct profile_cell *cell)
{
	struct profile_cell key = *cell;
	struct profile_cell *found;
	struct profile_sum *sum = &profile->sums[cell->event];

	key.hits = 0;
	key.weight = 0;
	found = find_cell(profile, &key);
	found->hits += cell->hits;
	found->weight = stackid_profile_add_weights(found->weight,
						    cell->weight);
	sum->hits += cell->hits;
	sum->weight = stackid_profile_add_weights(sum->weight, cell->weight);
}

size_t stackid_profile_nr_cells(const struct profile *profile)
{
	return profile->nr_cells;
}

const struct profile_cell *stackid_profile_cell(const struct profile *profile,
						size_t i)
{
	return &profile->cells[i];
}

const struct profile_who *stackid_profile_who(const struct profile *profile,
					      const struct profile_cell *cell)
{
	return &profile->whos.at[cell->who];
}

const struct profile_sum *stackid_profile_sum(const struct profile *profile,
					      unsigned int event)
{
	return &profile->sums[event];
}

struct profile_sum stackid_profile_whole(const struct profile *profile,
					 unsigned int event)
{
	const struct profile_sum *others = &profile->others[event];
	struct profile_sum sum = profile->sums[event];

	sum.hits += others->hits;
	sum.overflow |= others->overflow || sum.weight + others->weight <
					    sum.weight;
	sum.weight = stackid_profile_add_weights(sum.weight, others->weight);
	return sum;
}
