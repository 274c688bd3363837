// SPDX-License-Identifier: GPL-2.0
/* Functions by the lines of their source. */
#include <stdlib.h>

#include "../array.h"
#include "../hash.h"
#include "../memory.h"
#include "profile_lines.h"

/* @name, @module, @file: equal ones are equal pointers */
struct line_function {
	const char *name;
	const char *module;
	const char *file;
	uint32_t line;
	uint32_t function;
};

void stackid_profile_lines_exit(struct profile_lines *lines)
{
	stackid_strings_exit(&lines->names);
	stackid_slots_free(&lines->slots);
	free(lines->at);
}

uint32_t stackid_profile_lines_count(struct profile_lines *lines,
				     const struct data_frame *frame)
{
	const struct debug_place *places;

	return lines->lines ?
	       stackid_debug_lines_find(lines->lines, frame, &places) : 0;
}

static bool same(const struct line_function *a, const struct line_function *b)
{
	return a->name == b->name && a->module == b->module &&
	       a->file == b->file && a->line == b->line;
}

static uint32_t find(struct profile_lines *lines, struct line_function key,
		     enum profile_function_kind kind,
		     const struct line_maker *maker)
{
	uint64_t hash = stackid_hash_u64((uintptr_t)key.name);
	uint32_t number;
	size_t step = 0;
	char *text;

	hash = stackid_hash_mix(hash, (uintptr_t)key.module);
	hash = stackid_hash_mix(hash, (uintptr_t)key.file + key.line);
	while ((number = stackid_slots_next(&lines->slots, hash, &step))) {
		if (same(&lines->at[number - 1], &key))
			return lines->at[number - 1].function;
	}
	text = stackid_memory_print("%s %s:%u", key.name, key.file, key.line);
	key.function = maker->add(maker->context,
				  stackid_strings_intern(&lines->names, text),
				  key.module, kind);
	free(text);
	stackid_array_reserve(lines->at, lines->nr, lines->room);
	lines->at[lines->nr++] = key;
	stackid_slots_add(&lines->slots, hash, lines->nr);
	return key.function;
}

void stackid_profile_lines_fill(struct profile_lines *lines,
				const struct data_frame *frame,
				const struct profile_function *function,
				const struct line_maker *maker, uint32_t *to)
{
	/* Adding a function moves the others. */
	const struct profile_function outer = *function;
	const struct debug_place *places;
	unsigned int nr = stackid_debug_lines_find(lines->lines, frame,
						   &places);

	while (nr--) {
		struct line_function key = {
			.name = places[nr].function,
			.module = outer.module,
			.file = places[nr].file,
			.line = places[nr].line,
		};

		if (!key.name)
			key.name = outer.name;
		*to++ = find(lines, key, outer.kind, maker);
	}
}
