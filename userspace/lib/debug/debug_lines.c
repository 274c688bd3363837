// SPDX-License-Identifier: GPL-2.0
/*
 * Where the frames of a data file are in the source.  Each module's file is opened once,
 * and each PC is looked up once.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../array.h"
#include "../complain.h"
#include "../hash.h"
#include "../memory.h"
#include "../slots.h"
#include "../strings.h"
#include "debug_file.h"
#include "debug_lines.h"

#define KERNEL "[kernel.kallsyms]"

/* What reading debug information takes beside the file, which may be compressed. */
#define MEMORY_PER_BYTE	8
#define MEMORY		(256ULL << 20)

/*
 * @name: as symbols have it, "[ext4]"
 * @learned: of how many stacks the object knows where functions lie
 */
struct debug_module {
	const char *name;
	struct debug_object *object;
	uint32_t learned;
};

/* A PC that was looked up: its @nr places from @first on. */
struct debug_pc {
	uint64_t pc;
	uint32_t symbol;
	uint32_t exact;
	uint32_t first;
	uint32_t nr;
};

/*
 * @texts: of the places, which therefore need no object; @missed: it was said where
 * debug information is looked for
 */
struct debug_lines {
	struct data_reader *data;
	const struct words *given;
	bool whole_paths;
	bool missed;
	struct strings texts;
	struct debug_module *modules;
	size_t nr_modules;
	size_t modules_room;
	struct slots module_slots;
	struct debug_pc *pcs;
	size_t nr_pcs;
	size_t pcs_room;
	struct slots pc_slots;
	struct debug_place *places;
	size_t nr_places;
	size_t places_room;
};

struct debug_lines *stackid_debug_lines_open(struct data_reader *data,
					     const struct words *given,
					     bool whole_paths)
{
	struct debug_lines *lines = stackid_memory_zalloc(1, sizeof(*lines));

	lines->data = data;
	lines->given = given;
	lines->whole_paths = whole_paths;
	return lines;
}

void stackid_debug_lines_close(struct debug_lines *lines)
{
	for (size_t i = 0; i < lines->nr_modules; i++) {
		if (lines->modules[i].object)
			stackid_debug_object_close(lines->modules[i].object);
	}
	stackid_strings_exit(&lines->texts);
	stackid_slots_free(&lines->module_slots);
	stackid_slots_free(&lines->pc_slots);
	free(lines->modules);
	free(lines->pcs);
	free(lines->places);
	free(lines);
}

/* "[ext4]" is "ext4" among the modules, but the kernel has its brackets there, too. */
static const char *build_id_of(const struct debug_lines *lines,
			       const char *symbols_module)
{
	size_t length = strlen(symbols_module);

	for (unsigned int i = 0; i < stackid_data_nr_modules(lines->data); i++) {
		const struct data_module *module =
			stackid_data_module(lines->data, i);

		if (!strcmp(module->name, symbols_module) ||
		    (strlen(module->name) + 2 == length &&
		     !memcmp(module->name, symbols_module + 1, length - 2)))
			return module->build_id;
	}
	return "-";
}

/* Ten modules may miss it; what to do about that need be said once. */
static void complain_missing(struct debug_lines *lines, const char *module,
			     const char *build_id)
{
	if (lines->missed)
		stackid_complain("no source lines of %s, either: build-id %s",
				 module, build_id);
	else
		stackid_complain("no source lines of %s: no debug information of build-id %s is in /usr/lib/debug, at debuginfod (DEBUGINFOD_URLS) or named by --debug; Debian has it in packages whose names end in -dbg",
				 module, build_id);
	lines->missed = true;
}

static struct debug_object *open_object(struct debug_lines *lines,
					const char *module)
{
	const char *build_id = build_id_of(lines, module);
	struct debug_object *object = NULL;
	struct stat st;
	char *name;
	int fd;

	if (!strcmp(module, "[unknown]"))
		return NULL;
	if (!strcmp(build_id, "-")) {
		stackid_complain("no source lines of %s: the recording has no build-id of it",
				 module);
		return NULL;
	}
	if (!strcmp(module, KERNEL))
		name = stackid_memory_strdup("kernel");
	else
		name = stackid_memory_print("%.*s", (int)strlen(module) - 2,
					    module + 1);
	fd = stackid_debug_file_find(lines->given, name, build_id);
	if (fd < 0)
		complain_missing(lines, module, build_id);
	if (fd >= 0 && !fstat(fd, &st)) {
		stackid_memory_allow(MEMORY + MEMORY_PER_BYTE * st.st_size);
		object = stackid_debug_object_open(name, fd);
		if (!object)
			stackid_complain("no source lines of %s: the file of build-id %s has no debug information; it was built without, or stripped",
					 module, build_id);
	}
	free(name);
	return object;
}

static struct debug_module *find_module(struct debug_lines *lines,
					const char *name)
{
	/* Equal names are equal pointers. */
	uint64_t hash = stackid_hash_u64((uintptr_t)name);
	struct debug_module *module;
	uint32_t number;
	size_t step = 0;

	while ((number = stackid_slots_next(&lines->module_slots, hash, &step))) {
		module = &lines->modules[number - 1];
		if (module->name == name)
			return module;
	}
	stackid_array_reserve(lines->modules, lines->nr_modules,
			      lines->modules_room);
	module = &lines->modules[lines->nr_modules++];
	*module = (struct debug_module) {
		.name = name,
		.object = open_object(lines, name),
	};
	stackid_slots_add(&lines->module_slots, hash, lines->nr_modules);
	return module;
}

/* From all functions of the stacks that are known by now. */
static void learn(struct debug_lines *lines, struct debug_module *module)
{
	uint32_t nr = stackid_data_nr_stacks(lines->data);

	for (; module->learned < nr; module->learned++) {
		const struct data_stack *stack =
			stackid_data_stack(lines->data, module->learned + 1);

		for (unsigned int i = 0; i < stack->nr; i++) {
			const struct data_frame *frame = stackid_data_frame(stack, i);
			const struct data_symbol *symbol =
				stackid_data_symbol(lines->data, frame->symbol);

			if (symbol->module == module->name)
				stackid_debug_object_learn(module->object,
							   symbol->name,
							   frame->pc -
							   frame->offset);
		}
	}
}

static const char *keep(struct debug_lines *lines, const char *text)
{
	return text ? stackid_strings_intern(&lines->texts, text) : NULL;
}

static void look_up(struct debug_lines *lines, const struct data_frame *frame,
		    struct debug_pc *pc)
{
	const struct data_symbol *symbol = stackid_data_symbol(lines->data,
							       frame->symbol);
	struct debug_module *module = find_module(lines, symbol->module);
	struct debug_place places[DEBUG_MAX_PLACES];
	uint64_t address, start = frame->pc - frame->offset;

	if (!module->object)
		return;
	if (stackid_debug_object_is_ambiguous(module->object, symbol->name))
		learn(lines, module);
	if (!stackid_debug_object_find(module->object, symbol->name, start,
				       &address))
		return;
	/* Behind a call the next line may have begun, or another function. */
	address += frame->offset;
	pc->nr = stackid_debug_object_places(module->object,
					     frame->exact ? address :
							    address - 1,
					     places);
	for (uint32_t i = 0; i < pc->nr; i++) {
		const char *file = places[i].file;

		if (!lines->whole_paths && strrchr(file, '/'))
			file = strrchr(file, '/') + 1;
		stackid_array_reserve(lines->places, lines->nr_places,
				      lines->places_room);
		lines->places[lines->nr_places++] = (struct debug_place) {
			.function = keep(lines, places[i].function),
			.file = keep(lines, file),
			.line = places[i].line,
		};
	}
}

static uint64_t hash_frame(const struct data_frame *frame)
{
	return stackid_hash_mix(stackid_hash_u64((uint64_t)frame->symbol << 1 |
						 frame->exact), frame->pc);
}

static const struct debug_pc *find_pc(struct debug_lines *lines,
				      const struct data_frame *frame)
{
	uint64_t hash = hash_frame(frame);
	struct debug_pc found;
	uint32_t number;
	size_t step = 0;

	while ((number = stackid_slots_next(&lines->pc_slots, hash, &step))) {
		const struct debug_pc *pc = &lines->pcs[number - 1];

		if (pc->pc == frame->pc && pc->symbol == frame->symbol &&
		    pc->exact == frame->exact)
			return pc;
	}
	found = (struct debug_pc) {
		.pc = frame->pc,
		.symbol = frame->symbol,
		.exact = frame->exact,
		.first = lines->nr_places,
	};
	look_up(lines, frame, &found);
	stackid_array_reserve(lines->pcs, lines->nr_pcs, lines->pcs_room);
	lines->pcs[lines->nr_pcs++] = found;
	stackid_slots_add(&lines->pc_slots, hash, lines->nr_pcs);
	return &lines->pcs[lines->nr_pcs - 1];
}

unsigned int stackid_debug_lines_find(struct debug_lines *lines,
				      const struct data_frame *frame,
				      const struct debug_place **places)
{
	const struct debug_pc *pc = find_pc(lines, frame);

	*places = &lines->places[pc->first];
	return pc->nr;
}
