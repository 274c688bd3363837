// SPDX-License-Identifier: GPL-2.0
/* What a data file says about PCs: two hash tables with open addressing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "hash.h"
#include "symbols.h"

#define UNKNOWN "[unknown]"

/* An empty slot has no generation: those count from 1. */
struct symbol_slot {
	uint64_t generation;
	uint64_t pc;
	uint32_t symbol;
	uint32_t exact:1;
	uint32_t offset:31;
};

static uint32_t *find_name(const struct symbols *symbols, const char *name,
			   const char *module)
{
	size_t i = stackid_hash_u64((uintptr_t)name ^
				    stackid_hash_u64((uintptr_t)module));

	for (;; i++) {
		uint32_t *slot = &symbols->names[i & (symbols->nr_names - 1)];
		const struct data_symbol *symbol = &symbols->symbols[*slot];

		if (!*slot || (symbol->name == name &&
			       symbol->module == module))
			return slot;
	}
}

static void double_names(struct symbols *symbols)
{
	free(symbols->names);
	symbols->nr_names *= 2;
	symbols->names = stackid_memory_zalloc(symbols->nr_names,
					       sizeof(*symbols->names));
	for (size_t i = 1; i < symbols->nr_symbols; i++)
		*find_name(symbols, symbols->symbols[i].name,
			   symbols->symbols[i].module) = i;
}

static uint32_t add_symbol(struct symbols *symbols, const char *name,
			   const char *module)
{
	char dso[DATA_MAX_MODULE + sizeof("[]")];
	uint32_t *slot;

	/* It would be a row without a name. */
	if (!*name)
		return 0;
	if (*module)
		snprintf(dso, sizeof(dso), "[%s]", module);
	else
		snprintf(dso, sizeof(dso), "[kernel.kallsyms]");
	name = stackid_strings_intern(&symbols->strings, name);
	module = stackid_strings_intern(&symbols->strings, dso);

	slot = find_name(symbols, name, module);
	if (*slot)
		return *slot;
	if (symbols->nr_symbols >= symbols->nr_names / 2) {
		double_names(symbols);
		slot = find_name(symbols, name, module);
	}
	symbols->symbols = stackid_array_grow(symbols->symbols,
					      symbols->nr_symbols,
					      &symbols->symbols_room,
					      sizeof(*symbols->symbols));
	symbols->symbols[symbols->nr_symbols] = (struct data_symbol) {
		.name = name,
		.module = module,
	};
	return *slot = symbols->nr_symbols++;
}

static struct symbol_slot *find_pc(const struct symbols *symbols,
				   uint64_t generation, uint64_t pc,
				   bool exact)
{
	size_t i = stackid_hash_u64(stackid_hash_u64(generation << 1 | exact) ^
				    pc);

	for (;; i++) {
		struct symbol_slot *slot =
			&symbols->slots[i & (symbols->nr_slots - 1)];

		if (!slot->generation || (slot->pc == pc &&
					  slot->generation == generation &&
					  slot->exact == exact))
			return slot;
	}
}

static void double_slots(struct symbols *symbols)
{
	struct symbol_slot *old = symbols->slots;
	size_t nr_old = symbols->nr_slots;

	symbols->nr_slots *= 2;
	symbols->slots = stackid_memory_zalloc(symbols->nr_slots,
					       sizeof(*symbols->slots));
	for (size_t i = 0; i < nr_old; i++) {
		if (old[i].generation)
			*find_pc(symbols, old[i].generation, old[i].pc,
				 old[i].exact) = old[i];
	}
	free(old);
}

void stackid_symbols_init(struct symbols *symbols)
{
	memset(symbols, 0, sizeof(*symbols));
	stackid_strings_init(&symbols->strings);
	symbols->nr_slots = 1024;
	symbols->slots = stackid_memory_zalloc(symbols->nr_slots,
					       sizeof(*symbols->slots));
	symbols->nr_names = 1024;
	symbols->names = stackid_memory_zalloc(symbols->nr_names,
					       sizeof(*symbols->names));
	symbols->symbols = stackid_array_grow(NULL, 0, &symbols->symbols_room,
					      sizeof(*symbols->symbols));
	symbols->nr_symbols = 1;
	symbols->symbols[0].name = stackid_strings_intern(&symbols->strings,
							  UNKNOWN);
	symbols->symbols[0].module = symbols->symbols[0].name;
}

void stackid_symbols_exit(struct symbols *symbols)
{
	stackid_strings_exit(&symbols->strings);
	free(symbols->symbols);
	free(symbols->slots);
	free(symbols->names);
}

static void add_pc(struct symbols *symbols, uint64_t generation,
		   const struct data_symbol_pc *pc, uint32_t symbol)
{
	struct symbol_slot *slot;

	if (symbols->nr_pcs >= symbols->nr_slots / 2)
		double_slots(symbols);
	slot = find_pc(symbols, generation, pc->pc, pc->exact);
	if (!slot->generation)
		symbols->nr_pcs++;
	slot->generation = generation;
	slot->pc = pc->pc;
	slot->exact = pc->exact;
	slot->symbol = symbol;
	slot->offset = symbol ? pc->offset : 0;
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

void stackid_symbols_find(const struct symbols *symbols, uint64_t generation,
			  uint64_t pc, bool exact, struct data_frame *frame)
{
	const struct symbol_slot *slot = find_pc(symbols, generation, pc,
						 exact);

	frame->pc = pc;
	frame->symbol = slot->generation ? slot->symbol : 0;
	frame->offset = slot->generation ? slot->offset : 0;
}
