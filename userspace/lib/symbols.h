/* SPDX-License-Identifier: GPL-2.0 */
/* What a data file says about PCs. */
#ifndef STACKID_SYMBOLS_H
#define STACKID_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data.h"
#include "strings.h"

struct symbol_slot;
struct symbol_names;

/**
 * struct symbols - PCs of all generations, and the symbols in which they lie
 * @symbols: by index; 0 is "[unknown]"
 * @slots:   hash of (generation, pc, exact)
 * @names:   hash of (name, module) pointers to indices
 */
struct symbols {
	struct strings strings;
	struct data_symbol *symbols;
	size_t nr_symbols;
	size_t symbols_room;
	struct symbol_slot *slots;
	size_t nr_slots;
	size_t nr_pcs;
	uint32_t *names;
	size_t nr_names;
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
