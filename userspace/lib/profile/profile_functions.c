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

uint32_t stackid_profile_add_function(struct profile *profile, const char *name,
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
		bare->function = stackid_profile_add_function(profile, bare->name, "[unknown]",
					      FUNCTION_OTHER);
	}
}

/* Function 0..NR_PSEUDO-1, then symbol 1 and so on, then the bare PCs. */
uint32_t stackid_profile_function_of(const struct profile *profile,
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
	stackid_chains_move(profile, place);
	free(place);
	profile->place = NULL;
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
			tail->function = stackid_profile_add_function(profile, tail->name,
						      "[unknown]",
						      FUNCTION_OTHER);
		}
		tail->function = profile->tails[number - 1].function;
	}
	stackid_slots_free(&slots);
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
	stackid_profile_add_function(profile, "[user]", "[user]", FUNCTION_USER);
	stackid_profile_add_function(profile, "[no stack]", "[unknown]", FUNCTION_OTHER);
	stackid_profile_add_function(profile, "[cut]", "[unknown]", FUNCTION_OTHER);
	stackid_profile_add_function(profile, "[unknown]", "[unknown]", FUNCTION_OTHER);
	stackid_profile_add_function(profile, "--", "[unknown]", FUNCTION_OTHER);
	for (uint32_t i = 1; i < nr_symbols; i++) {
		const struct data_symbol *symbol =
			stackid_data_symbol(profile->data, i);

		stackid_profile_add_function(profile, symbol->name, symbol->module,
			     kind_of(symbol));
	}
	profile->bare = collect_bare(profile);
	add_bare_functions(profile);
	add_tail_functions(profile);
	if (filled)
		stackid_chains_fill(profile);
	if (cuts)
		stackid_chains_cut(profile);
	stackid_chains_join(profile);
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
	stackid_chains_move(profile, place);
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
