// SPDX-License-Identifier: GPL-2.0
/* The recorder's side of symbols. */
#include <stdlib.h>
#include <string.h>

#include "../array.h"
#include "../data/records.h"
#include "../hash.h"
#include "../slots.h"
#include "../strings.h"
#include "kallsyms.h"
#include "symbolizer.h"

#define KALLSYMS_PATH	"/proc/kallsyms"
#define MODULES_PATH	"/proc/modules"

/* Names are interned. */
struct seen_pc {
	uint64_t generation;
	struct data_resolved resolved;
};

/**
 * struct symbolizer - see symbolizer.h
 * @current: the newest whole snapshot
 * @older:   the one before: what a module was called that came and went between
 *           two snapshots, or whose last stacks are read after it has gone
 * @coming:  the one that is being read
 * @again:   modules changed while it was being read
 * @pcs:     all that have been looked up
 * @slots:   from (generation, pc, exact) to places in @pcs + 1
 * @nr_written: those of @pcs that are in the file; what follows is not yet
 */
struct symbolizer {
	struct kallsyms *current;
	struct kallsyms *older;
	struct kallsyms *coming;
	bool again;
	struct strings strings;
	struct seen_pc *pcs;
	size_t nr;
	size_t room;
	size_t nr_written;
	struct slots slots;
};

struct symbolizer *stackid_symbolizer_create(void)
{
	struct kallsyms *kallsyms;
	struct symbolizer *symbolizer;
	int more;

	kallsyms = stackid_kallsyms_begin(KALLSYMS_PATH, MODULES_PATH);
	if (!kallsyms)
		return NULL;
	while ((more = stackid_kallsyms_step(kallsyms)) > 0)
		;
	if (more < 0) {
		stackid_kallsyms_destroy(kallsyms);
		return NULL;
	}
	symbolizer = stackid_memory_zalloc(1, sizeof(*symbolizer));
	symbolizer->current = kallsyms;
	return symbolizer;
}

void stackid_symbolizer_destroy(struct symbolizer *symbolizer)
{
	if (!symbolizer)
		return;
	stackid_kallsyms_destroy(symbolizer->current);
	stackid_kallsyms_destroy(symbolizer->older);
	stackid_kallsyms_destroy(symbolizer->coming);
	stackid_strings_exit(&symbolizer->strings);
	stackid_slots_free(&symbolizer->slots);
	free(symbolizer->pcs);
	free(symbolizer);
}

bool stackid_symbolizer_blind(const struct symbolizer *symbolizer)
{
	return stackid_kallsyms_hidden(symbolizer->current);
}

const char *stackid_symbolizer_nearest(const struct symbolizer *symbolizer,
				       const char *name)
{
	return stackid_kallsyms_nearest(symbolizer->current, name);
}

void stackid_symbolizer_kernel(const struct symbolizer *symbolizer,
			       uint64_t *start, uint64_t *end)
{
	stackid_kallsyms_kernel(symbolizer->current, start, end);
}

void stackid_symbolizer_refresh(struct symbolizer *symbolizer)
{
	if (symbolizer->coming)
		symbolizer->again = true;
	else
		symbolizer->coming = stackid_kallsyms_begin(KALLSYMS_PATH,
							    MODULES_PATH);
}

bool stackid_symbolizer_step(struct symbolizer *symbolizer)
{
	int more;

	if (!symbolizer->coming)
		return false;
	more = stackid_kallsyms_step(symbolizer->coming);
	if (more > 0)
		return true;
	if (more < 0) {
		stackid_kallsyms_destroy(symbolizer->coming);
	} else {
		stackid_kallsyms_destroy(symbolizer->older);
		symbolizer->older = symbolizer->current;
		symbolizer->current = symbolizer->coming;
	}
	symbolizer->coming = NULL;
	if (symbolizer->again) {
		symbolizer->again = false;
		stackid_symbolizer_refresh(symbolizer);
		return symbolizer->coming;
	}
	return false;
}

static void resolve(struct symbolizer *symbolizer,
		    struct data_resolved *resolved)
{
	uint64_t address = resolved->pc - !resolved->exact;
	struct kernel_symbol symbol;

	if (!stackid_kallsyms_find(symbolizer->current, address, &symbol) &&
	    !(symbolizer->older &&
	      stackid_kallsyms_find(symbolizer->older, address, &symbol)))
		return;
	resolved->start = symbol.start;
	resolved->name = stackid_strings_intern(&symbolizer->strings,
						symbol.name);
	resolved->module = stackid_strings_intern(&symbolizer->strings,
						  symbol.module);
}

static void add_pc(struct symbolizer *symbolizer, uint64_t generation,
		   uint64_t pc, bool exact)
{
	uint64_t hash = stackid_hash_mix(stackid_hash_u64(generation << 1 | exact),
					 pc);
	struct seen_pc *seen;
	uint32_t number;
	size_t step = 0;

	while ((number = stackid_slots_next(&symbolizer->slots, hash, &step))) {
		seen = &symbolizer->pcs[number - 1];
		if (seen->resolved.pc == pc && seen->generation == generation &&
		    seen->resolved.exact == exact)
			return;
	}
	stackid_array_reserve(symbolizer->pcs, symbolizer->nr,
			      symbolizer->room);
	seen = &symbolizer->pcs[symbolizer->nr++];
	stackid_slots_add(&symbolizer->slots, hash, symbolizer->nr);
	*seen = (struct seen_pc) {
		.generation = generation,
		.resolved.pc = pc,
		.resolved.exact = exact,
	};
	resolve(symbolizer, &seen->resolved);
}

void stackid_symbolizer_add(struct symbolizer *symbolizer, uint64_t generation,
			    const struct stackid_stack *block)
{
	for (unsigned int i = 0; i < block->nr; i++)
		add_pc(symbolizer, generation, stackid_block_pc(block, i),
		       stackid_stack_is_exact(block, i));
}

void stackid_symbolizer_forget(struct symbolizer *symbolizer)
{
	stackid_slots_free(&symbolizer->slots);
	symbolizer->slots = (struct slots) { };
	symbolizer->nr = 0;
	symbolizer->nr_written = 0;
}

/* The first generation after @last of which something is to be written, or 0. */
static uint64_t next_generation(const struct symbolizer *symbolizer,
				uint64_t last)
{
	uint64_t next = 0;

	for (size_t i = symbolizer->nr_written; i < symbolizer->nr; i++) {
		uint64_t generation = symbolizer->pcs[i].generation;

		if (generation > last && (!next || generation < next))
			next = generation;
	}
	return next;
}

static int write_generation(const struct symbolizer *symbolizer,
			    struct data_writer *writer, uint64_t generation)
{
	struct data_resolved *pcs;
	size_t nr = 0;
	int ret;

	pcs = stackid_memory_zalloc(symbolizer->nr - symbolizer->nr_written,
				    sizeof(*pcs));
	for (size_t i = symbolizer->nr_written; i < symbolizer->nr; i++) {
		if (symbolizer->pcs[i].generation == generation)
			pcs[nr++] = symbolizer->pcs[i].resolved;
	}
	ret = stackid_data_write_symbols(writer, generation, pcs, nr);
	free(pcs);
	return ret;
}

int stackid_symbolizer_write(struct symbolizer *symbolizer,
			     struct data_writer *writer)
{
	uint64_t generation = 0;
	int ret = 0;

	while ((generation = next_generation(symbolizer, generation)))
		ret |= write_generation(symbolizer, writer, generation);
	symbolizer->nr_written = symbolizer->nr;
	return ret;
}
