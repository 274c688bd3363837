// SPDX-License-Identifier: GPL-2.0
/*
 * Valgrind's format of profiles with calls: its manual, chapter "Callgrind Format
 * Specification".  A cost is a number from 0 on; each event and each of its values has
 * one.
 */

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/array.h"
#include "../lib/hash.h"
#include "../lib/memory.h"
#include "export_calls.h"
#include "export_cells.h"
#include "export_places.h"

/* @name: of one word; @title: as it is */
struct column {
	char *name;
	char *title;
};

/*
 * A function of a module, or, outermost on each stack, the name of its thread, as if
 * that called the others: what nobody calls has no inclusive cost with some readers.
 */
struct function {
	const char *name;
	const char *module;
	bool was_named;
};

enum function_kind {
	KIND_SYMBOL,
	KIND_PLACE,
	KIND_THREAD,
};

/**
 * struct callgrind - an export that goes on
 * @columns:        those that are written, from number 1 on
 * @column_of:      by event, 0 being its hits and then its values
 * @functions:      by number - 1
 * @function_slots: from their kinds and numbers there
 * @modules:        those whose names were written
 * @costs:          of a line, by column - 1
 */
struct callgrind {
	const struct export *export;
	FILE *out;
	struct export_cells cells;
	struct export_places places;
	struct export_calls calls;
	struct column *columns;
	size_t nr_columns;
	size_t columns_room;
	uint32_t column_of[STACKID_MAX_EVENT + 1][1 + STACKID_MAX_VALUES];
	struct function *functions;
	uint32_t nr_functions;
	size_t functions_room;
	struct slots function_slots;
	struct strings modules;
	uint64_t *costs;
	uint64_t *totals;
};

/* Others split a line of names at blanks, and a list of them at commas. */
static char *name_of(const char *title)
{
	char *name = stackid_memory_strdup(title);

	for (char *c = name; *c; c++) {
		if (!isalnum((unsigned char)*c))
			*c = '_';
	}
	return name;
}

static uint32_t add_column(struct callgrind *callgrind, unsigned int event,
			   unsigned int which)
{
	struct reading *reading = callgrind->export->reading;
	const char *name = stackid_reading_event(reading, event)->name;
	struct column column = {
		.title = which ?
			 stackid_memory_print("%s:%s", name,
					      stackid_export_value_name(reading,
									event,
									which - 1)) :
			 stackid_memory_strdup(name),
	};

	column.name = name_of(column.title);
	stackid_array_reserve(callgrind->columns, callgrind->nr_columns,
			      callgrind->columns_room);
	callgrind->columns[callgrind->nr_columns++] = column;
	return callgrind->nr_columns;
}

/* Names that became the same get numbers. */
static void part_names(struct callgrind *callgrind)
{
	struct strings names = { };

	for (size_t i = 0; i < callgrind->nr_columns; i++) {
		struct column *column = &callgrind->columns[i];
		size_t nr = names.nr;
		char *name;

		stackid_strings_intern(&names, column->name);
		if (names.nr > nr)
			continue;
		name = stackid_memory_print("%s_%zu", column->name, i + 1);
		free(column->name);
		column->name = name;
		stackid_strings_intern(&names, name);
	}
	stackid_strings_exit(&names);
}

/* Whether --weight asks for it: readers sort by the first column. */
static bool comes_first(const struct callgrind *callgrind, unsigned int event,
			unsigned int which)
{
	const struct export *export = callgrind->export;
	const char *weight = export->options->reading.weight;

	if (!export->weigh || !which)
		return !export->weigh && !which;
	return !strcmp(weight, "value") ? which == 1 :
	       !strcmp(stackid_export_value_name(export->reading, event,
						 which - 1), weight);
}

static void find_columns(struct callgrind *callgrind)
{
	bool has_hits[STACKID_MAX_EVENT + 1] = { };

	for (size_t i = 0; i < callgrind->cells.nr; i++)
		has_hits[callgrind->cells.at[i].event] = true;
	for (int first = 1; first >= 0; first--) {
		for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
			unsigned int nr = callgrind->cells.nr_values[i];

			for (unsigned int k = 0; has_hits[i] && k <= nr; k++) {
				if (comes_first(callgrind, i, k) == first)
					callgrind->column_of[i][k] =
						add_column(callgrind, i, k);
			}
		}
	}
	part_names(callgrind);
	callgrind->costs = stackid_memory_zalloc(callgrind->nr_columns,
						 sizeof(uint64_t));
	callgrind->totals = stackid_memory_zalloc(callgrind->nr_columns,
						  sizeof(uint64_t));
}

/* @number: of its kind; the numbers differ in their lower 30 bits */
static uint32_t find_function(struct callgrind *callgrind,
			      enum function_kind kind, uint32_t number,
			      const char *name, const char *module)
{
	uint64_t hash = stackid_hash_u32(kind << 30 | number);
	uint32_t found = stackid_slots_get(&callgrind->function_slots, hash);

	if (found)
		return found;
	stackid_array_reserve(callgrind->functions, callgrind->nr_functions,
			      callgrind->functions_room);
	callgrind->functions[callgrind->nr_functions++] = (struct function) {
		.name = name, .module = module,
	};
	stackid_slots_set(&callgrind->function_slots, hash,
			  callgrind->nr_functions);
	return callgrind->nr_functions;
}

static uint32_t function_of(struct callgrind *callgrind, uint32_t number)
{
	const struct export_places *places = &callgrind->places;
	const struct export_place *place = &places->at[number - 1];
	const struct data_symbol *symbol;

	if (!place->symbol)
		return find_function(callgrind, KIND_PLACE, number,
				     places->strings.texts[places->functions[place->function - 1]],
				     "[unknown]");
	symbol = stackid_data_symbol(callgrind->export->data, place->symbol);
	return find_function(callgrind, KIND_SYMBOL, place->symbol,
			     symbol->name, symbol->module);
}

static uint32_t thread_of(struct callgrind *callgrind, const char *comm)
{
	return find_function(callgrind, KIND_THREAD,
			     stackid_export_text(&callgrind->places, comm),
			     comm, "[thread]");
}

static void add_cell(struct callgrind *callgrind,
		     const struct export_cell *cell)
{
	uint64_t sums[1 + STACKID_MAX_VALUES] = { cell->hits };
	unsigned int nr_sums = 1 + callgrind->cells.nr_values[cell->event];
	const uint32_t *columns = callgrind->column_of[cell->event];
	uint32_t functions[EXPORT_MAX_FRAMES + 1];
	uint32_t nr = stackid_export_stack(&callgrind->places, cell->kind,
					   cell->stack, functions);

	for (uint32_t i = 0; i < nr; i++)
		functions[i] = function_of(callgrind, functions[i]);
	functions[nr++] = thread_of(callgrind, cell->comm);
	for (unsigned int i = 0; i < nr_sums; i++) {
		uint64_t *total = &callgrind->totals[columns[i] - 1];

		if (i)
			sums[i] = cell->sums[i - 1];
		if (__builtin_add_overflow(*total, sums[i], total))
			*total = UINT64_MAX;
	}
	stackid_export_calls_add(&callgrind->calls, functions, nr, columns,
				 sums, nr_sums, cell->hits);
}

static void print_head(struct callgrind *callgrind)
{
	const struct export *export = callgrind->export;
	const char *command = stackid_data_meta(export->data, "command");
	char *loss = stackid_reading_loss(export->reading);

	fprintf(callgrind->out,
		"# callgrind format\nversion: 1\ncreator: stackid " STACKID_VERSION "\n");
	if (command)
		fprintf(callgrind->out, "cmd: %s\n", command);
	fprintf(callgrind->out, "desc: Losses: %s\npositions: line\n", loss);
	for (size_t i = 0; i < callgrind->nr_columns; i++)
		fprintf(callgrind->out, "event: %s : %s\n",
			callgrind->columns[i].name, callgrind->columns[i].title);
	fputs("events:", callgrind->out);
	for (size_t i = 0; i < callgrind->nr_columns; i++)
		fprintf(callgrind->out, " %s", callgrind->columns[i].name);
	fputc('\n', callgrind->out);
	free(loss);
}

static void print_costs(const struct callgrind *callgrind, const char *head,
			const uint64_t *costs)
{
	fputs(head, callgrind->out);
	for (size_t i = 0; i < callgrind->nr_columns; i++)
		fprintf(callgrind->out, " %" PRIu64, costs[i]);
	fputc('\n', callgrind->out);
}

/* "fl=(1) [ext4]" or "fl=(1)"; the same with other words. */
static void print_name(struct callgrind *callgrind, const char *what,
		       const char *word, uint32_t number, const char *name)
{
	fprintf(callgrind->out, "%s%s=(%" PRIu32 ")%s%s\n", what, word, number,
		name ? " " : "", name ? name : "");
}

/* A name is written the first time only; a module stands for file and object. */
static void print_function(struct callgrind *callgrind, uint32_t number,
			   const char *what)
{
	struct function *function = &callgrind->functions[number - 1];
	size_t nr = callgrind->modules.nr;
	const char *module = NULL;
	uint32_t i;

	stackid_strings_number(&callgrind->modules, function->module, &i);
	if (callgrind->modules.nr > nr)
		module = function->module;
	print_name(callgrind, what, "ob", i + 1, module);
	print_name(callgrind, what, "fl", i + 1, module);
	print_name(callgrind, what, "fn", number,
		   function->was_named ? NULL : function->name);
	function->was_named = true;
}

/* One call, or what a function costs itself: the entries from @i on; where the next is. */
static size_t print_call(struct callgrind *callgrind, size_t i)
{
	const struct export_calls *calls = &callgrind->calls;
	struct export_call first = calls->at[i];

	memset(callgrind->costs, 0,
	       callgrind->nr_columns * sizeof(*callgrind->costs));
	for (; i < calls->nr && calls->at[i].caller == first.caller &&
	     calls->at[i].callee == first.callee; i++) {
		if (calls->at[i].column != EXPORT_CALLS_HITS)
			callgrind->costs[calls->at[i].column - 1] =
				calls->at[i].sum;
	}
	if (first.callee) {
		print_function(callgrind, first.callee, "c");
		fprintf(callgrind->out, "calls=%" PRIu64 " 0\n", first.sum);
	}
	print_costs(callgrind, "0", callgrind->costs);
	return i;
}

static void print_calls(struct callgrind *callgrind)
{
	const struct export_calls *calls = &callgrind->calls;
	uint32_t last = 0;

	for (size_t i = 0; i < calls->nr;) {
		uint32_t caller = calls->at[i].caller;

		if (caller != last) {
			fputc('\n', callgrind->out);
			print_function(callgrind, caller, "");
		}
		last = caller;
		i = print_call(callgrind, i);
	}
}

static void free_all(struct callgrind *callgrind)
{
	for (size_t i = 0; i < callgrind->nr_columns; i++) {
		free(callgrind->columns[i].name);
		free(callgrind->columns[i].title);
	}
	free(callgrind->columns);
	free(callgrind->costs);
	free(callgrind->totals);
	free(callgrind->functions);
	stackid_slots_free(&callgrind->function_slots);
	stackid_strings_exit(&callgrind->modules);
	stackid_export_calls_free(&callgrind->calls);
	stackid_export_cells_free(&callgrind->cells);
	stackid_export_places_exit(&callgrind->places);
	free(callgrind);
}

static int write_callgrind(struct export *export)
{
	struct callgrind *callgrind =
		stackid_memory_zalloc(1, sizeof(*callgrind));
	int result;

	callgrind->export = export;
	callgrind->out = export->out;
	callgrind->cells.positive = true;
	result = stackid_export_cells_fill(&callgrind->cells, export);
	stackid_export_places_init(&callgrind->places, export->data);
	if (result == EXIT_OK) {
		find_columns(callgrind);
		for (size_t i = 0; i < callgrind->cells.nr; i++)
			add_cell(callgrind, &callgrind->cells.at[i]);
		stackid_export_calls_sort(&callgrind->calls);
		print_head(callgrind);
		print_costs(callgrind, "summary:", callgrind->totals);
		print_calls(callgrind);
		print_costs(callgrind, "\ntotals:", callgrind->totals);
	}
	free_all(callgrind);
	return result;
}

const struct export_format stackid_export_callgrind = {
	.name = "callgrind",
	.to = EXPORT_TO_TEXT,
	.in_one_go = true,
	.write = write_callgrind,
};
