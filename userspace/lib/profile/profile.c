// SPDX-License-Identifier: GPL-2.0
/*
 * A profile: how often which stack was hit, by whom.  The stacks become arrays of
 * function numbers once, at the end.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stackid.h>

#include "../array.h"
#include "../hash.h"
#include "../memory.h"
#include "../slots.h"
#include "../strings.h"
#include "profile.h"

/* Functions that are no symbols; they stand before those. */
enum {
	PSEUDO_USER,
	PSEUDO_NO_STACK,
	PSEUDO_CUT,
	PSEUDO_UNKNOWN,
	PSEUDO_JOINT,
	NR_PSEUDO,
};

/* @function: its name's, once the functions are there */
struct tail {
	const char *name;
	uint32_t stack;
	uint32_t function;
};

/* A PC that no symbol covers, and its name. */
struct bare_pc {
	uint64_t pc;
	uint32_t function;
	char *name;
};

struct bare_pcs {
	struct bare_pc *at;
	size_t nr;
};

/* @functions: of one stack, outermost first; NULL where no cell has it. */
struct chain {
	uint32_t *functions;
	uint32_t nr;
};

struct profile {
	struct data_reader *data;
	unsigned int keys;
	uint64_t quantum;
	uint64_t max_depth;
	const struct patterns *callees;
	/* 0: no limit. */
	size_t most_cells;
	uint64_t longest_quantum;

	struct profile_cell *cells;
	size_t nr_cells;
	size_t max_cells;
	/* To places in cells + 1. */
	struct slots slots;
	/* Cells of the same stack tend to follow each other. */
	size_t last;

	struct profile_sum sums[STACKID_MAX_EVENT + 1];
	struct profile_sum others[STACKID_MAX_EVENT + 1];

	struct tail *tails;
	size_t nr_tails;
	size_t max_tails;
	/* To numbers of tails. */
	struct slots tail_slots;

	struct strings modules;
	struct profile_function *functions;
	uint32_t nr_functions;
	struct chain *chains;
	uint32_t nr_chains;
	struct bare_pcs bare;
	uint32_t pseudo[NR_PSEUDO];
};

struct profile *stackid_profile_create(struct data_reader *data,
				       unsigned int keys)
{
	struct profile *profile = stackid_memory_zalloc(1, sizeof(*profile));

	profile->data = data;
	profile->keys = keys;
	profile->quantum = 1;
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

void stackid_profile_destroy(struct profile *profile)
{
	for (uint32_t i = 0; i < profile->nr_chains; i++)
		free(profile->chains[i].functions);
	for (size_t i = 0; i < profile->bare.nr; i++)
		free(profile->bare.at[i].name);
	stackid_strings_exit(&profile->modules);
	free(profile->bare.at);
	free(profile->chains);
	free(profile->functions);
	free(profile->cells);
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
	uint64_t where = (uint64_t)cell->cpu << 48 |
			 (uint64_t)cell->kind << 44 |
			 (uint64_t)cell->event << 32 | cell->stack;
	uint64_t who = (uint64_t)cell->pid << 32 | cell->tgid;
	/* Equal names are equal pointers. */
	uint64_t hash = stackid_hash_mix(stackid_hash_u64(where),
					 (uintptr_t)cell->comm);

	return stackid_hash_mix(hash, who ^ cell->time) + cell->tail;
}

static bool same(const struct profile_cell *a, const struct profile_cell *b)
{
	return a->stack == b->stack && a->event == b->event &&
	       a->kind == b->kind && a->comm == b->comm && a->pid == b->pid &&
	       a->tgid == b->tgid && a->cpu == b->cpu && a->time == b->time &&
	       a->tail == b->tail;
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
	size_t nr = profile->nr_cells;

	profile->nr_cells = 0;
	stackid_slots_free(&profile->slots);
	profile->slots = (struct slots) { };
	for (size_t i = 0; i < nr; i++) {
		struct profile_cell key = profile->cells[i];
		uint64_t hits = key.hits, weight = key.weight;
		struct profile_cell *cell;

		if (profile->keys & PROFILE_TIME)
			key.time -= key.time % profile->quantum;
		else
			key.time = 0;
		key.hits = 0;
		key.weight = 0;
		cell = find_cell(profile, &key);
		cell->hits += hits;
		cell->weight = stackid_profile_add_weights(cell->weight,
							   weight);
	}
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

static void add_to_sum(struct profile_sum *sum, uint64_t weight)
{
	sum->hits++;
	if (sum->weight + weight < weight)
		sum->overflow = true;
	sum->weight = stackid_profile_add_weights(sum->weight, weight);
}

static void add_to_cell(struct profile *profile, const struct profile_cell *key,
			uint64_t weight)
{
	struct profile_cell *cell = find_cell(profile, key);

	cell->hits++;
	cell->weight = stackid_profile_add_weights(cell->weight, weight);
	add_to_sum(&profile->sums[key->event], weight);
}

void stackid_profile_add_other(struct profile *profile,
			       const struct data_event *event, uint64_t weight)
{
	if (is_counted(event))
		add_to_sum(&profile->others[event->event], weight);
}

void stackid_profile_add(struct profile *profile,
			 const struct data_event *event, uint64_t weight)
{
	struct profile_cell key = {
		.event = event->event,
		.kind = event->kind,
	};

	if (!is_counted(event))
		return;
	if (event->kind == DATA_HIT_STACK)
		key.stack = event->stack;
	if (profile->keys & PROFILE_COMM)
		key.comm = event->comm;
	if (profile->keys & PROFILE_TGID)
		key.tgid = event->tgid;
	if (profile->keys & PROFILE_PID)
		key.pid = event->pid;
	if (profile->keys & PROFILE_CPU)
		key.cpu = event->cpu;
	if (profile->keys & PROFILE_TIME)
		key.time = event->time - event->time % profile->quantum;

	add_to_cell(profile, &key, weight);
	if (profile->most_cells)
		keep_to_limit(profile);
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
	struct profile_cell key = {
		.event = event,
		.kind = stack ? DATA_HIT_STACK : DATA_HIT_EMPTY,
		.stack = stack,
		.tail = tail,
		.comm = profile->keys & PROFILE_COMM ? comm : NULL,
	};

	add_to_cell(profile, &key, weight);
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

static uint32_t add_function(struct profile *profile, const char *name,
			     const char *module,
			     enum profile_function_kind kind)
{
	uint32_t nr = profile->nr_functions;

	if (!(nr & (nr - 1)))
		profile->functions =
			stackid_memory_resize(profile->functions,
					      nr ? 2 * nr : 1,
					      sizeof(*profile->functions));
	profile->functions[nr] = (struct profile_function) {
		.name = name,
		.module = stackid_strings_intern(&profile->modules, module),
		.kind = kind,
	};
	profile->nr_functions++;
	return nr;
}

static enum profile_function_kind kind_of(const struct data_symbol *symbol)
{
	if (!strcmp(symbol->module, "[kernel.kallsyms]"))
		return FUNCTION_KERNEL;
	if (!strcmp(symbol->module, "[unknown]"))
		return FUNCTION_OTHER;
	return FUNCTION_MODULE;
}

static int compare_pcs(const void *a, const void *b)
{
	const struct bare_pc *x = a;
	const struct bare_pc *y = b;

	return (x->pc > y->pc) - (x->pc < y->pc);
}

/* Those PCs of the profile's stacks that have no symbol, each once. */
static struct bare_pcs collect_bare(const struct profile *profile)
{
	struct bare_pcs bare = {};
	size_t max = 0, nr = 0;

	for (uint32_t i = 1; i < profile->nr_chains; i++) {
		const struct data_stack *stack =
			stackid_data_stack(profile->data, i);

		if (!profile->chains[i].nr)
			continue;
		for (uint32_t k = 0; k < stack->nr; k++) {
			if (stack->frames[k].symbol)
				continue;
			stackid_array_reserve(bare.at, bare.nr, max);
			bare.at[bare.nr++].pc = stack->frames[k].pc;
		}
	}
	if (!bare.nr)
		return bare;
	qsort(bare.at, bare.nr, sizeof(*bare.at), compare_pcs);
	for (size_t i = 0; i < bare.nr; i++) {
		if (!i || bare.at[i].pc != bare.at[nr - 1].pc)
			bare.at[nr++].pc = bare.at[i].pc;
	}
	bare.nr = nr;
	return bare;
}

static void add_bare_functions(struct profile *profile)
{
	for (size_t i = 0; i < profile->bare.nr; i++) {
		struct bare_pc *bare = &profile->bare.at[i];
		char name[32];

		snprintf(name, sizeof(name), "0x%" PRIx64, bare->pc);
		bare->name = stackid_memory_strdup(name);
		bare->function = add_function(profile, bare->name, "[unknown]",
					      FUNCTION_OTHER);
	}
}

/* Function 0..NR_PSEUDO-1, then symbol 1 and so on, then the bare PCs. */
static uint32_t function_of(const struct profile *profile,
			    const struct data_frame *frame)
{
	struct bare_pc key = { .pc = frame->pc };
	const struct bare_pc *found;

	if (frame->symbol)
		return NR_PSEUDO + frame->symbol - 1;
	found = bsearch(&key, profile->bare.at, profile->bare.nr, sizeof(key),
			compare_pcs);
	return found->function;
}

static void fill_chain(struct profile *profile, uint32_t index)
{
	const struct data_stack *stack =
		stackid_data_stack(profile->data, index);
	struct chain *chain = &profile->chains[index];
	bool cut = stack->depth > stack->nr;
	uint32_t *to;

	chain->nr = stack->nr + cut;
	/* A stack of no frames is as good as none. */
	if (!chain->nr)
		chain->nr = 1;
	chain->functions = stackid_memory_resize(NULL, chain->nr,
						 sizeof(*to));
	to = chain->functions;
	if (cut)
		*to++ = PSEUDO_CUT;
	else if (!stack->nr)
		*to = stack->undefined ? PSEUDO_UNKNOWN : PSEUDO_NO_STACK;
	for (uint32_t k = stack->nr; k; k--)
		*to++ = function_of(profile, &stack->frames[k - 1]);
}

/* What stackid_profile_set_depth() asks for. */
static void cut_chains(struct profile *profile)
{
	bool *is_root = stackid_memory_zalloc(profile->nr_functions,
					      sizeof(*is_root));

	for (uint32_t i = 0; profile->callees && i < profile->nr_functions; i++)
		is_root[i] = stackid_patterns_match(profile->callees,
						    profile->functions[i].name);
	for (uint32_t i = 1; i < profile->nr_chains; i++) {
		struct chain *chain = &profile->chains[i];

		for (uint32_t k = 0; k < chain->nr; k++) {
			if (is_root[chain->functions[k]])
				chain->nr = k + 1;
		}
		if (chain->nr > profile->max_depth) {
			memmove(chain->functions,
				chain->functions + chain->nr -
				profile->max_depth,
				profile->max_depth * sizeof(*chain->functions));
			chain->nr = profile->max_depth;
		}
	}
	free(is_root);
}

struct rank {
	const struct profile_function *function;
	uint32_t old;
};

static int compare_ranks(const void *a, const void *b)
{
	const struct rank *x = a;
	const struct rank *y = b;
	int order = strcmp(x->function->name, y->function->name);

	if (!order)
		order = strcmp(x->function->module, y->function->module);
	if (!order)
		order = (x->old > y->old) - (x->old < y->old);
	return order;
}

/* @place: by a function's number, its new one. */
static void move_chains(struct profile *profile, const uint32_t *place)
{
	for (uint32_t i = 1; i < profile->nr_chains; i++) {
		struct chain *chain = &profile->chains[i];

		for (uint32_t k = 0; k < chain->nr; k++)
			chain->functions[k] = place[chain->functions[k]];
	}
}

/* Numbers all functions anew, in the order of their names. */
static void sort_functions(struct profile *profile)
{
	uint32_t nr = profile->nr_functions;
	struct rank *ranks = stackid_memory_resize(NULL, nr, sizeof(*ranks));
	uint32_t *place = stackid_memory_resize(NULL, nr, sizeof(*place));
	struct profile_function *sorted =
		stackid_memory_resize(NULL, nr, sizeof(*sorted));

	for (uint32_t i = 0; i < nr; i++) {
		ranks[i].function = &profile->functions[i];
		ranks[i].old = i;
	}
	qsort(ranks, nr, sizeof(*ranks), compare_ranks);
	for (uint32_t i = 0; i < nr; i++) {
		sorted[i] = *ranks[i].function;
		place[ranks[i].old] = i;
	}
	move_chains(profile, place);
	for (uint32_t i = 0; i < NR_PSEUDO; i++)
		profile->pseudo[i] = place[i];
	free(profile->functions);
	profile->functions = sorted;
	free(place);
	free(ranks);
}

/* The functions of a stack before they are sorted. */
static void add_stack(const struct profile *profile, uint32_t stack,
		      uint32_t *to, bool reverse)
{
	static const uint32_t none = PSEUDO_NO_STACK;
	const uint32_t *from = stack ? profile->chains[stack].functions : &none;
	uint32_t nr = stack ? profile->chains[stack].nr : 1;

	for (uint32_t k = 0; k < nr; k++)
		to[k] = from[reverse ? nr - 1 - k : k];
}

static struct chain join_chain(const struct profile *profile,
			       const struct profile_cell *cell)
{
	const struct tail *tail = &profile->tails[cell->tail - 1];
	uint32_t nr = cell->stack ? profile->chains[cell->stack].nr : 1;
	uint32_t nr_tail = tail->stack ? profile->chains[tail->stack].nr : 0;
	struct chain chain = { .nr = nr + 1 };

	if (nr_tail)
		chain.nr += nr_tail + 1;
	chain.functions = stackid_memory_resize(NULL, chain.nr,
						sizeof(*chain.functions));
	add_stack(profile, cell->stack, chain.functions, false);
	if (nr_tail) {
		chain.functions[nr] = PSEUDO_JOINT;
		add_stack(profile, tail->stack, chain.functions + nr + 1, true);
	}
	chain.functions[chain.nr - 1] = tail->function;
	return chain;
}

/* Chains of their own for cells with tails, behind those of the stacks. */
static void join_chains(struct profile *profile)
{
	size_t nr = profile->nr_chains;

	for (size_t i = 0; i < profile->nr_cells; i++)
		nr += profile->cells[i].tail > 0;
	profile->chains = stackid_memory_resize(profile->chains, nr,
						sizeof(*profile->chains));
	for (size_t i = 0; i < profile->nr_cells; i++) {
		struct profile_cell *cell = &profile->cells[i];

		if (!cell->tail)
			continue;
		cell->chain = profile->nr_chains;
		profile->chains[profile->nr_chains++] = join_chain(profile, cell);
	}
}

/* One for each name. */
static void add_tail_functions(struct profile *profile)
{
	struct slots slots = { };

	for (size_t i = 0; i < profile->nr_tails; i++) {
		struct tail *tail = &profile->tails[i];
		uint64_t hash = stackid_hash_u64((uintptr_t)tail->name);
		uint32_t number;
		size_t step = 0;

		do {
			number = stackid_slots_next(&slots, hash, &step);
		} while (number && profile->tails[number - 1].name != tail->name);
		if (!number) {
			number = i + 1;
			stackid_slots_add(&slots, hash, number);
			tail->function = add_function(profile, tail->name,
						      "[unknown]",
						      FUNCTION_OTHER);
		}
		tail->function = profile->tails[number - 1].function;
	}
	stackid_slots_free(&slots);
}

void stackid_profile_finish(struct profile *profile)
{
	uint32_t nr_symbols = stackid_data_nr_symbols(profile->data);

	profile->nr_chains = stackid_data_nr_stacks(profile->data) + 1;
	profile->chains = stackid_memory_zalloc(profile->nr_chains,
						sizeof(*profile->chains));
	/* Marks the stacks that somebody hit, until they are filled. */
	for (size_t i = 0; i < profile->nr_cells; i++) {
		profile->cells[i].chain = profile->cells[i].stack;
		profile->chains[profile->cells[i].stack].nr = 1;
	}
	for (size_t i = 0; i < profile->nr_tails; i++)
		profile->chains[profile->tails[i].stack].nr = 1;
	profile->chains[0].nr = 0;

	add_function(profile, "[user]", "[user]", FUNCTION_USER);
	add_function(profile, "[no stack]", "[unknown]", FUNCTION_OTHER);
	add_function(profile, "[cut]", "[unknown]", FUNCTION_OTHER);
	add_function(profile, "[unknown]", "[unknown]", FUNCTION_OTHER);
	add_function(profile, "--", "[unknown]", FUNCTION_OTHER);
	for (uint32_t i = 1; i < nr_symbols; i++) {
		const struct data_symbol *symbol =
			stackid_data_symbol(profile->data, i);

		add_function(profile, symbol->name, symbol->module,
			     kind_of(symbol));
	}
	profile->bare = collect_bare(profile);
	add_bare_functions(profile);
	add_tail_functions(profile);
	for (uint32_t i = 1; i < profile->nr_chains; i++) {
		if (profile->chains[i].nr)
			fill_chain(profile, i);
	}
	if (profile->callees || profile->max_depth < STACKID_MAX_DEPTH)
		cut_chains(profile);
	join_chains(profile);
	sort_functions(profile);
}

static int compare_functions(const struct profile_function *x,
			     const struct profile_function *y)
{
	int order = strcmp(x->name, y->name);

	return order ? order : strcmp(x->module, y->module);
}

static void renumber(struct profile *profile, struct profile_function *functions,
		     uint32_t nr_functions, uint32_t *place)
{
	move_chains(profile, place);
	for (uint32_t i = 0; i < NR_PSEUDO; i++)
		profile->pseudo[i] = place[profile->pseudo[i]];
	free(place);
	free(profile->functions);
	profile->functions = functions;
	profile->nr_functions = nr_functions;
}

void stackid_profile_unite(struct profile *a, struct profile *b)
{
	size_t room = (size_t)a->nr_functions + b->nr_functions;
	struct profile_function *all =
		stackid_memory_resize(NULL, room, sizeof(*all));
	struct profile_function *copy;
	uint32_t *place_a = stackid_memory_resize(NULL, a->nr_functions,
						  sizeof(*place_a));
	uint32_t *place_b = stackid_memory_resize(NULL, b->nr_functions,
						  sizeof(*place_b));
	uint32_t i = 0, k = 0, nr = 0;

	while (i < a->nr_functions || k < b->nr_functions) {
		int order = i == a->nr_functions ? 1 :
			    k == b->nr_functions ? -1 :
			    compare_functions(&a->functions[i],
					      &b->functions[k]);

		all[nr] = order <= 0 ? a->functions[i] : b->functions[k];
		if (order <= 0)
			place_a[i++] = nr;
		if (order >= 0)
			place_b[k++] = nr;
		nr++;
	}
	copy = stackid_memory_resize(NULL, nr, sizeof(*copy));
	memcpy(copy, all, nr * sizeof(*copy));
	renumber(a, all, nr, place_a);
	renumber(b, copy, nr, place_b);
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

uint32_t stackid_profile_nr_functions(const struct profile *profile)
{
	return profile->nr_functions;
}

const struct profile_function *
stackid_profile_function(const struct profile *profile, uint32_t i)
{
	return &profile->functions[i];
}

const uint32_t *stackid_profile_stack(const struct profile *profile,
				      const struct profile_cell *cell,
				      uint32_t *nr)
{
	*nr = 1;
	if (cell->kind == DATA_HIT_USER)
		return &profile->pseudo[PSEUDO_USER];
	if (!cell->chain)
		return &profile->pseudo[PSEUDO_NO_STACK];
	*nr = profile->chains[cell->chain].nr;
	return profile->chains[cell->chain].functions;
}
