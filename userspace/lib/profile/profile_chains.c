// SPDX-License-Identifier: GPL-2.0
/*
 * A profile's stacks as arrays of the numbers of functions.  They take as much memory as
 * the stacks, and a table shows few of them, so most are made when somebody asks.
 */

#include <stdlib.h>
#include <string.h>

#include "../memory.h"
#include "../patterns.h"
#include "profile_layout.h"

static uint32_t add_line_function(void *context, const char *name,
				  const char *module,
				  enum profile_function_kind kind)
{
	return stackid_profile_add_function(context, name, module, kind);
}

/* The functions of a frame; the place behind them. */
static uint32_t *fill_frame(struct profile *profile,
			    const struct data_frame *frame, uint32_t *to)
{
	uint32_t nr = stackid_profile_lines_count(&profile->lines, frame);
	struct line_maker maker = { add_line_function, profile };

	*to = stackid_profile_function_of(profile, frame);
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

/* In room for all of them. */
static void fill_functions(struct profile *profile,
			   const struct data_stack *stack, uint32_t *to)
{
	if (is_cut(stack) || !stack->nr)
		*to++ = function_of_none(stack);
	for (uint32_t k = stack->nr; k; k--)
		to = fill_frame(profile, stackid_data_frame(stack, k - 1), to);
}

/* But for what was inlined.  A stack of no frames is as good as none. */
static uint32_t count_functions(const struct data_stack *stack)
{
	return stack->nr || is_cut(stack) ? stack->nr + is_cut(stack) : 1;
}

static void fill_chain(struct profile *profile, uint32_t index)
{
	const struct data_stack *stack =
		stackid_data_stack(profile->data, index);
	struct chain *chain = &profile->chains[index];

	chain->nr = count_functions(stack);
	for (uint32_t k = 0; profile->lines.lines && k < stack->nr; k++) {
		uint32_t nr = stackid_profile_lines_count(&profile->lines,
							  stackid_data_frame(stack, k));

		chain->nr += nr ? nr - 1 : 0;
	}
	chain->functions = stackid_pool_alloc(profile->chain_functions,
					      chain->nr * sizeof(*chain->functions));
	fill_functions(profile, stack, chain->functions);
}

void stackid_chains_cut(struct profile *profile)
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

static void move_functions(uint32_t *functions, uint32_t nr,
			   const uint32_t *place)
{
	for (uint32_t i = 0; i < nr; i++)
		functions[i] = place[functions[i]];
}

void stackid_chains_move(struct profile *profile, const uint32_t *place)
{
	for (uint32_t i = 1; i < profile->nr_chains; i++) {
		struct chain *chain = &profile->chains[i];

		if (chain->functions)
			move_functions(chain->functions, chain->nr, place);
	}
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

void stackid_chains_join(struct profile *profile)
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

void stackid_chains_fill(struct profile *profile)
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

static void fill_late(struct profile *profile, uint32_t index)
{
	struct chain *chain = &profile->chains[index];

	fill_chain(profile, index);
	move_functions(chain->functions, chain->nr, profile->place);
}

/* Nobody has asked for the functions of its stack, of which there is one. */
static bool is_late(const struct profile *profile,
		    const struct profile_cell *cell)
{
	return cell->kind != DATA_HIT_USER && cell->chain &&
	       !profile->chains[cell->chain].functions;
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
	if (is_late(profile, cell))
		fill_late(profile, cell->chain);
	*nr = profile->chains[cell->chain].nr;
	return profile->chains[cell->chain].functions;
}

const uint32_t *stackid_profile_look(struct profile *profile,
				     const struct profile_cell *cell,
				     uint32_t room[PROFILE_MOST_FUNCTIONS],
				     uint32_t *nr)
{
	const struct data_stack *stack;

	if (!is_late(profile, cell))
		return stackid_profile_stack(profile, cell, nr);
	stack = stackid_data_stack(profile->data, cell->stack);
	*nr = count_functions(stack);
	fill_functions(profile, stack, room);
	move_functions(room, *nr, profile->place);
	return room;
}

uint32_t stackid_profile_leaf(struct profile *profile,
			      const struct profile_cell *cell, uint32_t *nr)
{
	const struct data_stack *stack;
	const uint32_t *functions;

	if (!is_late(profile, cell)) {
		functions = stackid_profile_stack(profile, cell, nr);
		return functions[*nr - 1];
	}
	stack = stackid_data_stack(profile->data, cell->stack);
	*nr = count_functions(stack);
	if (!stack->nr)
		return profile->place[function_of_none(stack)];
	return profile->place[stackid_profile_function_of(profile,
							  stackid_data_frame(stack, 0))];
}
