/* SPDX-License-Identifier: GPL-2.0 */
/* What a profile is made of, for profile_cells.c and profile_functions.c. */
#ifndef STACKID_PROFILE_LAYOUT_H
#define STACKID_PROFILE_LAYOUT_H

#include <stackid.h>

#include "../pool.h"
#include "../slots.h"
#include "../strings.h"
#include "profile.h"
#include "profile_lines.h"
#include "whos.h"

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

/* @functions: of one stack, outermost first; NULL where nobody has asked for it. */
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
	struct whos whos;

	struct profile_sum sums[STACKID_MAX_EVENT + 1];
	struct profile_sum others[STACKID_MAX_EVENT + 1];

	struct tail *tails;
	size_t nr_tails;
	size_t max_tails;
	/* To numbers of tails. */
	struct slots tail_slots;

	struct profile_lines lines;
	struct strings modules;
	struct profile_function *functions;
	uint32_t nr_functions;
	/*
	 * Once sorted, by numbers before that; NULL if all chains are filled.  Else each is
	 * when it is asked for, as a table of many stacks shows few.
	 */
	uint32_t *place;
	uint32_t nr_places;
	struct chain *chains;
	struct pool *chain_functions;
	uint32_t nr_chains;
	struct bare_pcs bare;
	uint32_t pseudo[NR_PSEUDO];
};

/* In profile_functions.c.  The number of a new one. */
uint32_t stackid_profile_add_function(struct profile *profile, const char *name,
				      const char *module,
				      enum profile_function_kind kind);
/* Before they are sorted. */
uint32_t stackid_profile_function_of(const struct profile *profile,
				     const struct data_frame *frame);

/* In profile_chains.c.  All that somebody hit. */
void stackid_chains_fill(struct profile *profile);
/* What stackid_profile_set_depth() asks for. */
void stackid_chains_cut(struct profile *profile);
/* Chains of their own for cells with tails, behind those of the stacks. */
void stackid_chains_join(struct profile *profile);
/* @place: by a function's number, its new one. */
void stackid_chains_move(struct profile *profile, const uint32_t *place);

#endif /* STACKID_PROFILE_LAYOUT_H */
