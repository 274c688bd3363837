/* SPDX-License-Identifier: GPL-2.0 */
/* What a data file says about PCs. */
#ifndef STACKID_SYMBOLS_H
#define STACKID_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stackid.h>

#include "../slots.h"
#include "../strings.h"
#include "data.h"

struct symbol_pc;

/**
 * struct symbols - PCs of all generations, and the symbols in which they lie
 * @symbols: by index; 0 is "[unknown]"
 * @names:   from (name, module) pointers to indices
 * @pcs:     where each lies, also those of stacks that the file does not know; in pieces,
 *           so that none moves
 * @slots:   from (generation, pc, exact) to places in @pcs + 1
 */
struct symbols {
	struct strings strings;
	struct data_symbol *symbols;
	size_t nr_symbols;
	size_t symbols_room;
	struct slots names;
	struct symbol_pc **pcs;
	size_t nr_pcs;
	size_t pieces_room;
	struct slots slots;
};

void stackid_symbols_init(struct symbols *symbols);
void stackid_symbols_exit(struct symbols *symbols);

/* A SYMBOLS payload.  False if it contradicts itself. */
bool stackid_symbols_add(struct symbols *symbols, uint64_t generation,
			 const void *payload, size_t size);

/* Of each PC of @block, the outermost last. */
void stackid_symbols_places(struct symbols *symbols, uint64_t generation,
			    const struct stackid_stack *block,
			    uint32_t *places);

/*
 * The place of a PC; its symbol is 0 if the file does not know it, or not yet.  With
 * what stackid_symbols_at() gives it stays until the end.
 */
uint32_t stackid_symbols_place(struct symbols *symbols, uint64_t generation,
			       uint64_t pc, bool exact);
const struct data_frame *stackid_symbols_at(const struct symbols *symbols,
					    uint32_t place);

#endif /* STACKID_SYMBOLS_H */
