// SPDX-License-Identifier: GPL-2.0
/* The recorder's side of symbols. */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "hash.h"
#include "kallsyms.h"
#include "records.h"
#include "stacks.h"
#include "strings.h"
#include "symbolizer.h"

#define KALLSYMS_PATH	"/proc/kallsyms"
#define MODULES_PATH	"/proc/modules"

/* An empty slot has no generation.  Names are interned. */
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
 * @slots:   hash of (generation, pc, exact)
 * @fresh:   what has not been written yet
 */
struct symbolizer {
	struct kallsyms *current;
	struct kallsyms *older;
	struct kallsyms *coming;
	bool again;
	struct strings strings;
	struct seen_pc *slots;
	size_t nr_slots;
	size_t nr;
	struct seen_pc *fresh;
	size_t nr_fresh;
	size_t fresh_room;
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
	stackid_strings_init(&symbolizer->strings);
	symbolizer->nr_slots = 1024;
	symbolizer->slots = stackid_memory_zalloc(symbolizer->nr_slots,
						  sizeof(*symbolizer->slots));
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
	free(symbolizer->slots);
	free(symbolizer->fresh);
	free(symbolizer);
}

bool stackid_symbolizer_blind(const struct symbolizer *symbolizer)
{
	return stackid_kallsyms_hidden(symbolizer->current);
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

static struct seen_pc *find_slot(const struct symbolizer *symbolizer,
				 uint64_t generation, uint64_t pc, bool exact)
{
	size_t i = stackid_hash_u64(stackid_hash_u64(generation << 1 | exact) ^
				    pc);

	for (;; i++) {
		struct seen_pc *slot =
			&symbolizer->slots[i & (symbolizer->nr_slots - 1)];

		if (!slot->generation ||
		    (slot->generation == generation &&
		     slot->resolved.pc == pc && slot->resolved.exact == exact))
			return slot;
	}
}

static void double_slots(struct symbolizer *symbolizer)
{
	struct seen_pc *old = symbolizer->slots;
	size_t nr_old = symbolizer->nr_slots;

	symbolizer->nr_slots *= 2;
	symbolizer->slots = stackid_memory_zalloc(symbolizer->nr_slots,
						  sizeof(*old));
	for (size_t i = 0; i < nr_old; i++) {
		if (old[i].generation)
			*find_slot(symbolizer, old[i].generation,
				   old[i].resolved.pc,
				   old[i].resolved.exact) = old[i];
	}
	free(old);
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
	struct seen_pc *slot = find_slot(symbolizer, generation, pc, exact);

	if (slot->generation)
		return;
	if (symbolizer->nr >= symbolizer->nr_slots / 2) {
		double_slots(symbolizer);
		slot = find_slot(symbolizer, generation, pc, exact);
	}
	symbolizer->nr++;
	slot->generation = generation;
	slot->resolved.pc = pc;
	slot->resolved.exact = exact;
	resolve(symbolizer, &slot->resolved);

	symbolizer->fresh = stackid_array_grow(symbolizer->fresh,
					       symbolizer->nr_fresh,
					       &symbolizer->fresh_room,
					       sizeof(*symbolizer->fresh));
	symbolizer->fresh[symbolizer->nr_fresh++] = *slot;
}

void stackid_symbolizer_add(struct symbolizer *symbolizer, uint64_t generation,
			    const struct stackid_stack *block)
{
	for (unsigned int i = 0; i < block->nr; i++)
		add_pc(symbolizer, generation, stackid_block_pc(block, i),
		       stackid_stack_is_exact(block, i));
}

/* Writes the fresh ones of one generation and takes them out. */
static int write_generation(struct symbolizer *symbolizer,
			    struct data_writer *writer, uint64_t generation)
{
	struct data_resolved *pcs;
	size_t nr = 0, left = 0;
	int ret;

	pcs = stackid_memory_zalloc(symbolizer->nr_fresh, sizeof(*pcs));
	for (size_t i = 0; i < symbolizer->nr_fresh; i++) {
		if (symbolizer->fresh[i].generation == generation)
			pcs[nr++] = symbolizer->fresh[i].resolved;
		else
			symbolizer->fresh[left++] = symbolizer->fresh[i];
	}
	symbolizer->nr_fresh = left;
	ret = stackid_data_write_symbols(writer, generation, pcs, nr);
	free(pcs);
	return ret;
}

int stackid_symbolizer_write(struct symbolizer *symbolizer,
			     struct data_writer *writer)
{
	int ret = 0;

	while (symbolizer->nr_fresh)
		ret |= write_generation(symbolizer, writer,
					symbolizer->fresh[0].generation);
	return ret;
}
