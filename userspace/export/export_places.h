/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What formats with tables refer to: strings, functions, places in them, and the
 * modules that were mapped.  Each is numbered as it is met: strings from 0, which is
 * the empty one, the others from 1.
 */
#ifndef STACKID_EXPORT_PLACES_H
#define STACKID_EXPORT_PLACES_H

#include <stddef.h>
#include <stdint.h>

#include "../lib/slots.h"
#include "../lib/strings.h"
#include "export_format.h"
#include "export_modules.h"

/* What stands in a stack where no function is known. */
enum export_pseudo {
	EXPORT_USER,
	EXPORT_NO_STACK,
	EXPORT_CUT,
	EXPORT_UNKNOWN,
	EXPORT_NR_PSEUDO
};

/* @mapping: 0 if it lies in no module that the file has; @pc: 0 of a pseudo one */
struct export_place {
	uint64_t pc;
	uint32_t symbol;
	uint32_t function;
	uint32_t mapping;
};

/* @functions: by number - 1, their names' numbers; @mappings: the modules' likewise */
struct export_places {
	struct data_reader *data;
	struct export_modules modules;
	struct strings strings;
	uint32_t *functions;
	uint32_t nr_functions;
	size_t functions_room;
	struct slots function_slots;
	uint32_t *mappings;
	uint32_t nr_mappings;
	size_t mappings_room;
	struct export_place *at;
	uint32_t nr;
	size_t room;
	struct slots slots;
	uint32_t *function_of_symbol;
	uint32_t *mapping_of_module;
	uint32_t pseudo[EXPORT_NR_PSEUDO];
};

void stackid_export_places_init(struct export_places *places,
				struct data_reader *data);
void stackid_export_places_exit(struct export_places *places);

uint32_t stackid_export_text(struct export_places *places, const char *text);

/* More than there can be frames in a stack, with what stands behind the last one. */
#define EXPORT_MAX_FRAMES	256

/*
 * The places of a stack, innermost first: at least one.  @kind: as of an event;
 * returns how many they are.
 */
uint32_t stackid_export_stack(struct export_places *places, unsigned int kind,
			      uint32_t stack,
			      uint32_t numbers[EXPORT_MAX_FRAMES]);

#endif /* STACKID_EXPORT_PLACES_H */
