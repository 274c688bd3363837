// SPDX-License-Identifier: GPL-2.0
/* What formats with tables refer to. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/array.h"
#include "../lib/hash.h"
#include "export_places.h"

static const char * const pseudo_names[EXPORT_NR_PSEUDO] = {
	"[user]", "[no stack]", "[cut]", "[unknown]",
};

static uint32_t add_mapping(struct export_places *places, uint32_t module)
{
	stackid_array_reserve(places->mappings, places->nr_mappings,
			      places->mappings_room);
	places->mappings[places->nr_mappings++] = module;
	places->mapping_of_module[module] = places->nr_mappings;
	return places->nr_mappings;
}

void stackid_export_places_init(struct export_places *places,
				struct data_reader *data)
{
	*places = (struct export_places) { .data = data };
	stackid_export_modules_init(&places->modules, data, false);
	places->mapping_of_module =
		stackid_memory_zalloc(stackid_data_nr_modules(data) + 1,
				      sizeof(*places->mapping_of_module));
	stackid_export_text(places, "");
	places->function_of_symbol =
		stackid_memory_zalloc(stackid_data_nr_symbols(data),
				      sizeof(*places->function_of_symbol));
	/* Readers take the first for the program that it all is about. */
	for (uint32_t i = 0; i < stackid_data_nr_modules(data); i++) {
		if (!strcmp(stackid_data_module(data, i)->name, EXPORT_KERNEL))
			add_mapping(places, i);
	}
}

void stackid_export_places_exit(struct export_places *places)
{
	stackid_strings_exit(&places->strings);
	stackid_slots_free(&places->slots);
	stackid_slots_free(&places->function_slots);
	free(places->functions);
	free(places->mappings);
	free(places->at);
	free(places->function_of_symbol);
	free(places->mapping_of_module);
	stackid_export_modules_exit(&places->modules);
}

uint32_t stackid_export_text(struct export_places *places, const char *text)
{
	uint32_t number;

	stackid_strings_number(&places->strings, text, &number);
	return number;
}

/* One for a name, whatever modules have functions of it. */
static uint32_t find_name(struct export_places *places, const char *name)
{
	uint32_t text = stackid_export_text(places, name);
	uint64_t hash = stackid_hash_u32(text);
	uint32_t number = stackid_slots_get(&places->function_slots, hash);

	if (number)
		return number;
	stackid_array_reserve(places->functions, places->nr_functions,
			      places->functions_room);
	places->functions[places->nr_functions++] = text;
	stackid_slots_set(&places->function_slots, hash, places->nr_functions);
	return places->nr_functions;
}

static uint32_t add_place(struct export_places *places,
			  const struct export_place *place)
{
	stackid_array_reserve(places->at, places->nr, places->room);
	places->at[places->nr] = *place;
	return ++places->nr;
}

static uint32_t find_mapping(struct export_places *places, uint64_t pc)
{
	/* A return address may lie just behind its function. */
	uint32_t i = stackid_export_modules_find(&places->modules, pc - 1);

	if (i == EXPORT_NOWHERE)
		return 0;
	return places->mapping_of_module[i] ?
	       places->mapping_of_module[i] : add_mapping(places, i);
}

static uint32_t find_function(struct export_places *places,
			      const struct data_frame *frame)
{
	uint32_t *function = &places->function_of_symbol[frame->symbol];
	char name[32];

	if (!frame->symbol) {
		snprintf(name, sizeof(name), "0x%" PRIx64, frame->pc);
		return find_name(places, name);
	}
	if (!*function)
		*function = find_name(places,
				      stackid_data_symbol(places->data,
							  frame->symbol)->name);
	return *function;
}

static uint32_t find_place(struct export_places *places,
			   const struct data_frame *frame)
{
	uint64_t hash = stackid_hash_mix(stackid_hash_u64(frame->pc),
					 frame->symbol);
	struct export_place place = {
		.pc = frame->pc, .symbol = frame->symbol,
	};
	uint32_t number;
	size_t step = 0;

	while ((number = stackid_slots_next(&places->slots, hash, &step))) {
		const struct export_place *old = &places->at[number - 1];

		if (old->pc == frame->pc && old->symbol == frame->symbol)
			return number;
	}
	place.function = find_function(places, frame);
	place.mapping = find_mapping(places, frame->pc);
	number = add_place(places, &place);
	stackid_slots_add(&places->slots, hash, number);
	return number;
}

static uint32_t find_pseudo(struct export_places *places,
			    enum export_pseudo pseudo)
{
	uint32_t *number = &places->pseudo[pseudo];
	struct export_place place = { };

	if (!*number) {
		place.function = find_name(places, pseudo_names[pseudo]);
		*number = add_place(places, &place);
	}
	return *number;
}

uint32_t stackid_export_stack(struct export_places *places, unsigned int kind,
			      uint32_t index,
			      uint32_t numbers[EXPORT_MAX_FRAMES])
{
	const struct data_stack *stack;
	uint32_t nr;

	numbers[0] = 0;
	if (kind == DATA_HIT_USER)
		numbers[0] = find_pseudo(places, EXPORT_USER);
	else if (!index)
		numbers[0] = find_pseudo(places, EXPORT_NO_STACK);
	if (numbers[0])
		return 1;
	stack = stackid_data_stack(places->data, index);
	for (nr = 0; nr < stack->nr && nr < EXPORT_MAX_FRAMES - 1; nr++)
		numbers[nr] = find_place(places, stackid_data_frame(stack, nr));
	if (stack->depth > stack->nr)
		numbers[nr++] = find_pseudo(places, EXPORT_CUT);
	else if (!nr)
		numbers[nr++] = find_pseudo(places, stack->undefined ?
					    EXPORT_UNKNOWN : EXPORT_NO_STACK);
	return nr;
}
