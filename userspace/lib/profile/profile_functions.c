// SPDX-License-Identifier: GPL-2.0
/*
 * A profile's functions: the stacks become arrays of their numbers once, at the
 * end.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../array.h"
#include "../hash.h"
#include "../memory.h"
#include "../patterns.h"
#include "profile_layout.h"

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

/* Those PCs that have no symbol, each once. */
static struct bare_pcs collect_bare(const struct profile *profile)
{
	uint32_t nr_frames = stackid_data_nr_frames(profile->data);
	struct bare_pcs bare = {};
	size_t max = 0, nr = 0;

	for (uint32_t i = 0; i < nr_frames; i++) {
		const struct data_frame *frame =
			stackid_data_frame_at(profile->data, i);

		if (frame->symbol)
			continue;
		stackid_array_reserve(bare.at, bare.nr, max);
		bare.at[bare.nr++].pc = frame->pc;
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

static uint32_t add_line_function(void *context, const char *name,
				  const char *module,
				  enum profile_function_kind kind)
{
	return add_function(context, name, module, kind);
}

/* The functions of a frame; the place behind them. */
static uint32_t *fill_frame(struct profile *profile,
			    const struct data_frame *frame, uint32_t *to)
{
	uint32_t nr = stackid_profile_lines_count(&profile->lines, frame);
	struct line_maker maker = { add_line_function, profile };

	*to = function_of(profile, frame);
	if (!nr)
		return to + 1;
	stackid_profile_lines_fill(&profile->lines, frame,
				   &profile->functions[*to], &maker, to);
	return to + nr;
}

static bool is_cut(const struct data_stack *stack)
{
	return stack->depth > stack->nr;
}

/* What stands where a stack has no frames. */
static uint32_t function_of_none(const struct data_stack *stack)
{
	if (is_cut(stack))
		return PSEUDO_CUT;
	return stack->undefined ? PSEUDO_UNKNOWN : PSEUDO_NO_STACK;
}

static void fill_chain(struct profile *profile, uint32_t index)
{
	const struct data_stack *stack =
		stackid_data_stack(profile->data, index);
	struct chain *chain = &profile->chains[index];
	uint32_t *to;

	chain->nr = stack->nr + is_cut(stack);
	for (uint32_t k = 0; profile->lines.lines && k < stack->nr; k++) {
		uint32_t nr = stackid_profile_lines_count(&profile->lines,
							  stackid_data_frame(stack, k));

		chain->nr += nr ? nr - 1 : 0;
	}
	/* A stack of no frames is as good as none. */
	if (!chain->nr)
		chain->nr = 1;
	chain->functions = stackid_pool_alloc(profile->chain_functions,
					      chain->nr * sizeof(*to));
	to = chain->functions;
	if (is_cut(stack) || !stack->nr)
		*to++ = function_of_none(stack);
	for (uint32_t k = stack->nr; k; k--)
		to = fill_frame(profile, stackid_data_frame(stack, k - 1), to);
}

/* What stackid_profile_set_depth() asks for. */
static void cut_chains(struct profile *profile)
{
	bool *is_root = stackid_memory_zalloc(profile->nr_functions,
					      sizeof(*is_root));
	uint64_t most = profile->max_depth;

	/* With what was inlined there may be more than any stack has, and "[cut]". */
	if (most > STACKID_MAX_DEPTH + 1)
		most = STACKID_MAX_DEPTH + 1;

	for (uint32_t i = 0; profile->callees && i < profile->nr_functions; i++)
		is_root[i] = stackid_patterns_match(profile->callees,
						    profile->functions[i].name);
	for (uint32_t i = 1; i < profile->nr_chains; i++) {
		struct chain *chain = &profile->chains[i];

		for (uint32_t k = 0; k < chain->nr; k++) {
			if (is_root[chain->functions[k]])
				chain->nr = k + 1;
		}
		if (chain->nr > most) {
			memmove(chain->functions,
				chain->functions + chain->nr - most,
				most * sizeof(*chain->functions));
			chain->nr = most;
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

		for (uint32_t k = 0; chain->functions && k < chain->nr; k++)
			chain->functions[k] = place[chain->functions[k]];
	}
}

/* Numbers all functions anew, in the order of their names. */
static void sort_functions(struct profile *profile, bool filled)
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
	for (uint32_t i = 0; i < NR_PSEUDO; i++)
		profile->pseudo[i] = place[i];
	free(profile->functions);
	profile->functions = sorted;
	free(ranks);
	profile->nr_places = nr;
	profile->place = place;
	if (!filled)
		return;
	move_chains(profile, place);
	free(place);
	profile->place = NULL;
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

static struct chain join_chain(struct profile *profile,
			       const struct profile_cell *cell)
{
	const struct tail *tail = &profile->tails[cell->tail - 1];
	uint32_t nr = cell->stack ? profile->chains[cell->stack].nr : 1;
	uint32_t nr_tail = tail->stack ? profile->chains[tail->stack].nr : 0;
	struct chain chain = { .nr = nr + 1 };

	if (nr_tail)
		chain.nr += nr_tail + 1;
	chain.functions = stackid_pool_alloc(profile->chain_functions,
					     chain.nr * sizeof(*chain.functions));
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

		if (!cell->tail) {
			cell->chain = cell->stack;
			continue;
		}
		profile->chains[profile->nr_chains] = join_chain(profile, cell);
		cell->chain = profile->nr_chains++;
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

/* Those that somebody hit. */
static void fill_chains(struct profile *profile)
{
	for (size_t i = 0; i < profile->nr_cells; i++)
		profile->chains[profile->cells[i].stack].nr = 1;
	for (size_t i = 0; i < profile->nr_tails; i++)
		profile->chains[profile->tails[i].stack].nr = 1;
	profile->chains[0].nr = 0;
	for (uint32_t i = 1; i < profile->nr_chains; i++) {
		if (profile->chains[i].nr)
			fill_chain(profile, i);
	}
}

void stackid_profile_finish(struct profile *profile)
{
	bool cuts = profile->callees || profile->lines.lines ||
		    profile->max_depth < STACKID_MAX_DEPTH;
	bool filled = cuts || profile->nr_tails;
	uint32_t nr_symbols = stackid_data_nr_symbols(profile->data);

	/* No cell comes any more. */
	stackid_slots_free(&profile->slots);
	profile->slots = (struct slots) { };
	profile->nr_chains = stackid_data_nr_stacks(profile->data) + 1;
	profile->chains = stackid_memory_zalloc(profile->nr_chains,
						sizeof(*profile->chains));
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
	if (filled)
		fill_chains(profile);
	if (cuts)
		cut_chains(profile);
	join_chains(profile);
	sort_functions(profile, filled);
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
	for (uint32_t i = 0; profile->place && i < profile->nr_places; i++)
		profile->place[i] = place[profile->place[i]];
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

uint32_t stackid_profile_nr_functions(const struct profile *profile)
{
	return profile->nr_functions;
}

const struct profile_function *
stackid_profile_function(const struct profile *profile, uint32_t i)
{
	return &profile->functions[i];
}

static void fill_late(struct profile *profile, uint32_t index)
{
	struct chain *chain = &profile->chains[index];

	fill_chain(profile, index);
	for (uint32_t i = 0; i < chain->nr; i++)
		chain->functions[i] = profile->place[chain->functions[i]];
}

const uint32_t *stackid_profile_stack(struct profile *profile,
				      const struct profile_cell *cell,
				      uint32_t *nr)
{
	*nr = 1;
	if (cell->kind == DATA_HIT_USER)
		return &profile->pseudo[PSEUDO_USER];
	if (!cell->chain)
		return &profile->pseudo[PSEUDO_NO_STACK];
	if (!profile->chains[cell->chain].functions)
		fill_late(profile, cell->chain);
	*nr = profile->chains[cell->chain].nr;
	return profile->chains[cell->chain].functions;
}

uint32_t stackid_profile_leaf(struct profile *profile,
			      const struct profile_cell *cell, uint32_t *nr)
{
	const struct data_stack *stack;
	const uint32_t *functions;

	if (cell->kind == DATA_HIT_USER || !cell->chain ||
	    profile->chains[cell->chain].functions) {
		functions = stackid_profile_stack(profile, cell, nr);
		return functions[*nr - 1];
	}
	stack = stackid_data_stack(profile->data, cell->stack);
	*nr = stack->nr + is_cut(stack);
	if (stack->nr)
		return profile->place[function_of(profile,
						  stackid_data_frame(stack, 0))];
	*nr = 1;
	return profile->place[function_of_none(stack)];
}
