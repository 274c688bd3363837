// SPDX-License-Identifier: GPL-2.0
/* The symbols of a perf.data. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/array.h"
#include "../lib/hash.h"
#include "export_perf.h"

static uint64_t start_of(const struct data_frame *frame)
{
	/* One without a symbol stands for itself. */
	return frame->symbol ? frame->pc - frame->offset : frame->pc;
}

static void meet(struct perf_data *perf, const struct data_frame *frame)
{
	struct perf_symbols *symbols = &perf->symbols;
	struct perf_symbol key = {
		.start = start_of(frame), .symbol = frame->symbol,
	};
	uint64_t hash = stackid_hash_mix(stackid_hash_u64(key.start),
					 key.symbol);
	uint32_t offset = frame->symbol ? frame->offset : 0;
	uint32_t number;
	size_t step = 0;

	while ((number = stackid_slots_next(&symbols->slots, hash, &step))) {
		struct perf_symbol *old = &symbols->at[number - 1];

		if (old->start != key.start || old->symbol != key.symbol)
			continue;
		if (offset > old->end)
			old->end = offset;
		return;
	}
	key.end = offset;
	stackid_array_reserve(symbols->at, symbols->nr, symbols->room);
	symbols->at[symbols->nr++] = key;
	stackid_slots_add(&symbols->slots, hash, symbols->nr);
	stackid_slots_add(&symbols->starts, stackid_hash_u64(key.start),
			  symbols->nr);
}

static bool begins_at(const struct perf_data *perf, uint64_t pc)
{
	const struct perf_symbols *symbols = &perf->symbols;
	uint64_t hash = stackid_hash_u64(pc);
	uint32_t number;
	size_t step = 0;

	while ((number = stackid_slots_next(&symbols->starts, hash, &step))) {
		if (symbols->at[number - 1].start == pc)
			return true;
	}
	return false;
}

uint64_t stackid_perf_pc(const struct perf_data *perf,
			 const struct data_frame *frame)
{
	return frame->symbol && frame->offset && begins_at(perf, frame->pc) ?
	       frame->pc - 1 : frame->pc;
}

bool stackid_perf_meet_stack(struct perf_data *perf, uint32_t index)
{
	const struct data_stack *stack;

	if (index >= perf->nr_stacks) {
		uint32_t nr = 2 * (index + 1);

		perf->stacks = stackid_memory_resize(perf->stacks, nr, 1);
		memset(perf->stacks + perf->nr_stacks, PERF_STACK_NEW,
		       nr - perf->nr_stacks);
		perf->nr_stacks = nr;
	}
	if (perf->stacks[index] != PERF_STACK_NEW)
		return false;
	stack = stackid_data_stack(perf->export->data, index);
	for (uint32_t i = 0; i < stack->nr; i++)
		meet(perf, stackid_data_frame(stack, i));
	return true;
}

const char *stackid_perf_module(const struct perf_data *perf, uint64_t address)
{
	uint32_t i;

	if (address - perf->kernel_base < perf->kernel_size)
		return "";
	i = stackid_export_modules_find(&perf->modules, address);
	return i == EXPORT_NOWHERE ? NULL :
	       stackid_data_module(perf->export->data, i)->name;
}

const char *stackid_perf_pseudo_name(enum perf_pseudo pseudo)
{
	static const char * const names[PERF_NR_PSEUDO] = {
		"[user]", "[no stack]", "[cut]", "[unknown]",
	};

	return names[pseudo];
}

static int compare_symbols(const void *a, const void *b)
{
	const struct perf_symbol *x = a;
	const struct perf_symbol *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

static void print_symbol(const struct perf_data *perf, FILE *out,
			 const struct perf_symbol *symbol)
{
	const char *module = stackid_perf_module(perf, symbol->start);

	/* Those that lie nowhere have a record of their own. */
	if (!module)
		return;
	fprintf(out, "%016" PRIx64 " t ", symbol->start);
	if (symbol->symbol)
		fputs(stackid_data_symbol(perf->export->data,
					  symbol->symbol)->name, out);
	else
		fprintf(out, "0x%" PRIx64, symbol->start);
	if (*module)
		fprintf(out, "\t[%s]", module);
	fputc('\n', out);
}

void stackid_perf_print_kallsyms(const struct perf_data *perf, FILE *out)
{
	struct perf_symbol *at = perf->symbols.at;

	/* What says that the kernel lies where it lay. */
	fprintf(out, "%016" PRIx64 " T _text\n", perf->kernel_base);
	if (perf->symbols.nr)
		qsort(at, perf->symbols.nr, sizeof(*at), compare_symbols);
	for (uint32_t i = 0; i < perf->symbols.nr; i++)
		print_symbol(perf, out, &at[i]);
}

void stackid_perf_free_symbols(struct perf_data *perf)
{
	free(perf->symbols.at);
	stackid_slots_free(&perf->symbols.slots);
	stackid_slots_free(&perf->symbols.starts);
	free(perf->stacks);
}
