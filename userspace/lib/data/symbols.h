/* SPDX-License-Identifier: GPL-2.0 */
/* What a data file says about PCs. */
#ifndef STACKID_SYMBOLS_H
#define STACKID_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../slots.h"
#include "../strings.h"
#include "data.h"

struct symbol_pc;

/**
 * struct symbols - PCs of all generations, and the symbols in which they lie
 * @symbols: by index; 0 is "[unknown]"
 * @names:   from (name, module) pointers to indices
 * @pcs:     where each lies
 * @slots:   from (generation, pc, exact) to places in @pcs + 1
 */
struct symbols {
	struct strings strings;
	struct data_symbol *symbols;
	size_t nr_symbols;
	size_t symbols_room;
	struct slots names;
	struct symbol_pc *pcs;
	size_t nr_pcs;
	size_t pcs_room;
	struct slots slots;
};

void stackid_symbols_init(struct symbols *symbols);
void stackid_symbols_exit(struct symbols *symbols);

/* A SYMBOLS payload.  False if it contradicts itself. */
bool stackid_symbols_add(struct symbols *symbols, uint64_t generation,
			 const void *payload, size_t size);

/* Index and offset of a PC; 0 and 0 if the file does not know it. */
void stackid_symbols_find(const struct symbols *symbols, uint64_t generation,
			  uint64_t pc, bool exact, struct data_frame *frame);

#endif /* STACKID_SYMBOLS_H */
