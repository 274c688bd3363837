// SPDX-License-Identifier: GPL-2.0
/* What a data file says about PCs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../array.h"
#include "../hash.h"
#include "records.h"
#include "symbols.h"

#define UNKNOWN "[unknown]"

/* PCs of a piece. */
#define PIECE_BITS	12
#define PIECE		(1U << PIECE_BITS)

struct symbol_pc {
	uint64_t generation;
	struct data_frame frame;
};

static uint32_t add_symbol(struct symbols *symbols, const char *name,
			   const char *module)
{
	char dso[DATA_MAX_MODULE + sizeof("[]")];
	size_t step = 0;
	uint32_t index;
	uint64_t hash;

	/* It would be a row without a name. */
	if (!*name)
		return 0;
	if (*module)
		snprintf(dso, sizeof(dso), "[%s]", module);
	else
		snprintf(dso, sizeof(dso), "[kernel.kallsyms]");
	name = stackid_strings_intern(&symbols->strings, name);
	module = stackid_strings_intern(&symbols->strings, dso);

	hash = stackid_hash_mix((uintptr_t)name, 0);
	hash = stackid_hash_mix(hash, (uintptr_t)module);
	while ((index = stackid_slots_next(&symbols->names, hash, &step))) {
		if (symbols->symbols[index].name == name &&
		    symbols->symbols[index].module == module)
			return index;
	}
	stackid_array_reserve(symbols->symbols, symbols->nr_symbols,
			      symbols->symbols_room);
	symbols->symbols[symbols->nr_symbols] = (struct data_symbol) {
		.name = name,
		.module = module,
	};
	stackid_slots_add(&symbols->names, hash, symbols->nr_symbols);
	return symbols->nr_symbols++;
}

static uint64_t hash_pc(uint64_t generation, uint64_t pc, bool exact)
{
	return stackid_hash_mix(stackid_hash_u64(generation << 1 | exact), pc);
}

static struct symbol_pc *pc_at(const struct symbols *symbols, uint32_t place)
{
	return &symbols->pcs[place >> PIECE_BITS][place & (PIECE - 1)];
}

/* Its place + 1; 0 if it has none. */
static uint32_t find_pc(const struct symbols *symbols, uint64_t generation,
			uint64_t pc, bool exact, uint64_t hash)
{
	uint32_t number;
	size_t step = 0;

	while ((number = stackid_slots_next(&symbols->slots, hash, &step))) {
		const struct symbol_pc *found = pc_at(symbols, number - 1);

		if (found->frame.pc == pc && found->generation == generation &&
		    found->frame.exact == exact)
			break;
	}
	return number;
}

static uint32_t place(struct symbols *symbols, uint64_t generation, uint64_t pc,
		      bool exact, uint64_t hash)
{
	uint32_t number = find_pc(symbols, generation, pc, exact, hash);
	size_t piece = symbols->nr_pcs >> PIECE_BITS;

	if (number)
		return number - 1;
	if (!(symbols->nr_pcs & (PIECE - 1))) {
		stackid_array_reserve(symbols->pcs, piece, symbols->pieces_room);
		symbols->pcs[piece] =
			stackid_memory_resize(NULL, PIECE, sizeof(**symbols->pcs));
	}
	*pc_at(symbols, symbols->nr_pcs) = (struct symbol_pc) {
		.generation = generation,
		.frame = { .pc = pc, .exact = exact },
	};
	stackid_slots_add(&symbols->slots, hash, ++symbols->nr_pcs);
	return symbols->nr_pcs - 1;
}

uint32_t stackid_symbols_place(struct symbols *symbols, uint64_t generation,
			       uint64_t pc, bool exact)
{
	return place(symbols, generation, pc, exact,
		     hash_pc(generation, pc, exact));
}

/*
 * A stack's PCs lie far from each other in a large table: so each round asks memory for
 * what the next one needs, of all of them, before any is waited for.
 */
void stackid_symbols_places(struct symbols *symbols, uint64_t generation,
			    const struct stackid_stack *block, uint32_t *places)
{
	uint64_t hashes[STACKID_MAX_DEPTH];
	unsigned int nr = block->nr;

	for (unsigned int i = 0; i < nr; i++) {
		hashes[i] = hash_pc(generation, stackid_block_pc(block, i),
				    stackid_stack_is_exact(block, i));
		stackid_slots_expect(&symbols->slots, hashes[i]);
	}
	for (unsigned int i = 0; i < nr; i++) {
		size_t step = 0;
		uint32_t number = stackid_slots_next(&symbols->slots, hashes[i],
						     &step);

		if (number)
			__builtin_prefetch(pc_at(symbols, number - 1));
	}
	for (unsigned int i = 0; i < nr; i++)
		places[i] = place(symbols, generation,
				  stackid_block_pc(block, i),
				  stackid_stack_is_exact(block, i), hashes[i]);
}

const struct data_frame *stackid_symbols_at(const struct symbols *symbols,
					    uint32_t place)
{
	return &pc_at(symbols, place)->frame;
}

void stackid_symbols_init(struct symbols *symbols)
{
	memset(symbols, 0, sizeof(*symbols));
	stackid_array_reserve(symbols->symbols, 0, symbols->symbols_room);
	symbols->nr_symbols = 1;
	symbols->symbols[0].name = stackid_strings_intern(&symbols->strings,
							  UNKNOWN);
	symbols->symbols[0].module = symbols->symbols[0].name;
}

void stackid_symbols_exit(struct symbols *symbols)
{
	stackid_strings_exit(&symbols->strings);
	stackid_slots_free(&symbols->names);
	stackid_slots_free(&symbols->slots);
	free(symbols->symbols);
	for (size_t i = 0; i < symbols->nr_pcs; i += PIECE)
		free(symbols->pcs[i >> PIECE_BITS]);
	free(symbols->pcs);
}

static void add_pc(struct symbols *symbols, uint64_t generation,
		   const struct data_symbol_pc *pc, uint32_t symbol)
{
	uint32_t place = stackid_symbols_place(symbols, generation, pc->pc,
					       pc->exact);
	struct data_frame *frame = &pc_at(symbols, place)->frame;

	frame->symbol = symbol;
	frame->offset = symbol ? pc->offset : 0;
}

bool stackid_symbols_add(struct symbols *symbols, uint64_t generation,
			 const void *payload, size_t size)
{
	const struct data_symbols *head = payload;
	const struct data_symbol_entry *entries;
	const struct data_symbol_pc *pcs;
	const char *strings;
	uint32_t *indices;

	if (!generation || size < sizeof(*head) ||
	    size != sizeof(*head) + (uint64_t)head->nr_pcs * sizeof(*pcs) +
		    (uint64_t)head->nr_symbols * sizeof(*entries) +
		    head->strings_size)
		return false;
	pcs = (const void *)(head + 1);
	entries = (const void *)(pcs + head->nr_pcs);
	strings = (const void *)(entries + head->nr_symbols);
	if (!head->strings_size || strings[head->strings_size - 1])
		return false;
	for (uint32_t i = 0; i < head->nr_symbols; i++) {
		/* The last string ends where all of them end. */
		if (entries[i].name >= head->strings_size ||
		    entries[i].module >= head->strings_size ||
		    strnlen(strings + entries[i].name,
			    DATA_MAX_NAME + 1) > DATA_MAX_NAME ||
		    strnlen(strings + entries[i].module,
			    DATA_MAX_MODULE + 1) > DATA_MAX_MODULE)
			return false;
	}
	for (uint32_t i = 0; i < head->nr_pcs; i++) {
		if (pcs[i].symbol != UINT32_MAX &&
		    pcs[i].symbol >= head->nr_symbols)
			return false;
	}

	indices = stackid_memory_zalloc(head->nr_symbols, sizeof(*indices));
	for (uint32_t i = 0; i < head->nr_symbols; i++)
		indices[i] = add_symbol(symbols, strings + entries[i].name,
					strings + entries[i].module);
	for (uint32_t i = 0; i < head->nr_pcs; i++)
		add_pc(symbols, generation, &pcs[i],
		       pcs[i].symbol == UINT32_MAX ? 0 :
						     indices[pcs[i].symbol]);
	free(indices);
	return true;
}
