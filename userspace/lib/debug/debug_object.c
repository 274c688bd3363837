// SPDX-License-Identifier: GPL-2.0
/* A file with debug information, by elfutils. */
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../array.h"
#include "../memory.h"
#include "debug_file.h"
#include "debug_object.h"

/* Of the kernel there is one, of a module one for each section and each time it came. */
#define MAX_MOVES	1024

/* @section: 0 where all sections have moved together */
struct debug_symbol {
	const char *name;
	uint64_t address;
	uint32_t section;
};

/* How far a section has moved: recorded address less the file's. */
struct debug_move {
	uint64_t distance;
	uint32_t section;
};

struct debug_object {
	Dwfl *dwfl;
	Dwfl_Module *module;
	bool relocatable;
	/* In the order of their names. */
	struct debug_symbol *symbols;
	size_t nr_symbols;
	size_t symbols_room;
	struct debug_move *moves;
	size_t nr_moves;
	size_t moves_room;
};

static int compare_symbols(const void *a, const void *b)
{
	const struct debug_symbol *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : (x->address > y->address) -
			       (x->address < y->address);
}

static void read_symbols(struct debug_object *object)
{
	int nr = dwfl_module_getsymtab(object->module);
	size_t kept = 0;

	for (int i = 1; i < nr; i++) {
		GElf_Addr address;
		GElf_Word section;
		GElf_Sym sym;
		const char *name;
		unsigned int type;

		name = dwfl_module_getsym_info(object->module, i, &sym,
					       &address, &section, NULL, NULL);
		type = GELF_ST_TYPE(sym.st_info);
		if (!name || !*name || section == SHN_UNDEF ||
		    (type != STT_FUNC && type != STT_NOTYPE))
			continue;
		stackid_array_reserve(object->symbols, object->nr_symbols,
				      object->symbols_room);
		object->symbols[object->nr_symbols++] = (struct debug_symbol) {
			.name = name,
			.address = address,
			.section = object->relocatable ? section : 0,
		};
	}
	if (!object->nr_symbols)
		return;
	qsort(object->symbols, object->nr_symbols, sizeof(*object->symbols),
	      compare_symbols);
	for (size_t i = 0; i < object->nr_symbols; i++) {
		if (!i || compare_symbols(&object->symbols[i],
					  &object->symbols[kept - 1]))
			object->symbols[kept++] = object->symbols[i];
	}
	object->nr_symbols = kept;
}

struct debug_object *stackid_debug_object_open(const char *name, int fd)
{
	struct debug_object *object = stackid_memory_zalloc(1, sizeof(*object));
	GElf_Ehdr header;
	GElf_Addr bias;
	Elf *elf;

	object->dwfl = dwfl_begin(&stackid_debug_callbacks);
	if (object->dwfl) {
		dwfl_report_begin(object->dwfl);
		object->module = dwfl_report_offline(object->dwfl, name, name,
						     fd);
		dwfl_report_end(object->dwfl, NULL, NULL);
	}
	/* It takes the descriptor where it succeeds. */
	if (!object->module)
		close(fd);
	if (!object->module || !dwfl_module_getdwarf(object->module, &bias) ||
	    !dwfl_module_nextcu(object->module, NULL, &bias)) {
		stackid_debug_object_close(object);
		return NULL;
	}
	elf = dwfl_module_getelf(object->module, &bias);
	object->relocatable = elf && gelf_getehdr(elf, &header) &&
			      header.e_type == ET_REL;
	read_symbols(object);
	return object;
}

void stackid_debug_object_close(struct debug_object *object)
{
	dwfl_end(object->dwfl);
	free(object->symbols);
	free(object->moves);
	free(object);
}

/* The first of that name; *@nr says how many there are. */
static const struct debug_symbol *find_name(const struct debug_object *object,
					    const char *name, size_t *nr)
{
	size_t low = 0, high = object->nr_symbols;
	const struct debug_symbol *first;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(object->symbols[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	first = &object->symbols[low];
	for (*nr = 0; low + *nr < object->nr_symbols &&
	     !strcmp(first[*nr].name, name); ++*nr)
		;
	return first;
}

static bool has_moved(const struct debug_object *object,
		      const struct debug_symbol *symbol, uint64_t start)
{
	for (size_t i = 0; i < object->nr_moves; i++) {
		const struct debug_move *move = &object->moves[i];

		if (move->section == symbol->section &&
		    move->distance == start - symbol->address)
			return true;
	}
	return false;
}

void stackid_debug_object_learn(struct debug_object *object,
				const char *function, uint64_t start)
{
	const struct debug_symbol *symbol;
	size_t nr;

	symbol = find_name(object, function, &nr);
	if (nr != 1 || object->nr_moves == MAX_MOVES ||
	    has_moved(object, symbol, start))
		return;
	stackid_array_reserve(object->moves, object->nr_moves,
			      object->moves_room);
	object->moves[object->nr_moves++] = (struct debug_move) {
		.distance = start - symbol->address,
		.section = symbol->section,
	};
}

bool stackid_debug_object_is_ambiguous(const struct debug_object *object,
				       const char *function)
{
	size_t nr;

	find_name(object, function, &nr);
	return nr > 1;
}

bool stackid_debug_object_find(const struct debug_object *object,
			       const char *function, uint64_t start,
			       uint64_t *address)
{
	size_t nr;
	const struct debug_symbol *symbol = find_name(object, function, &nr);

	for (size_t i = 0; i < nr; i++) {
		if (nr > 1 && !has_moved(object, &symbol[i], start))
			continue;
		*address = symbol[i].address;
		return true;
	}
	return false;
}

static const char *file_of_call(Dwarf_Die *cu, Dwarf_Die *inlined)
{
	Dwarf_Attribute attribute;
	Dwarf_Files *files;
	Dwarf_Word number;
	size_t nr;

	if (dwarf_getsrcfiles(cu, &files, &nr) ||
	    dwarf_formudata(dwarf_attr(inlined, DW_AT_call_file, &attribute),
			    &number) || number >= nr)
		return NULL;
	return dwarf_filesrc(files, number, NULL, NULL);
}

static unsigned int line_of_call(Dwarf_Die *inlined)
{
	Dwarf_Attribute attribute;
	Dwarf_Word line;

	if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_line, &attribute),
			    &line))
		return 0;
	return line;
}

/* The calls around an address that were inlined: places[0] is filled. */
static unsigned int add_calls(Dwarf_Die *cu, Dwarf_Die *scopes, int nr_scopes,
			      struct debug_place *places)
{
	unsigned int nr = 1;

	for (int i = 0; i < nr_scopes && nr < DEBUG_MAX_PLACES; i++) {
		int tag = dwarf_tag(&scopes[i]);
		const char *file;

		if (tag == DW_TAG_subprogram)
			break;
		if (tag != DW_TAG_inlined_subroutine)
			continue;
		file = file_of_call(cu, &scopes[i]);
		if (!file)
			break;
		places[nr - 1].function = dwarf_diename(&scopes[i]);
		if (!places[nr - 1].function)
			places[nr - 1].function = "[inlined]";
		places[nr++] = (struct debug_place) {
			.file = file,
			.line = line_of_call(&scopes[i]),
		};
	}
	return nr;
}

unsigned int stackid_debug_object_places(const struct debug_object *object,
					 uint64_t address,
					 struct debug_place places[DEBUG_MAX_PLACES])
{
	Dwfl_Line *line = dwfl_module_getsrc(object->module, address);
	Dwarf_Die *scopes = NULL, *around = NULL, *cu;
	unsigned int nr = 1;
	Dwarf_Addr bias;
	int number, found;

	places[0] = (struct debug_place) { };
	if (line)
		places[0].file = dwfl_lineinfo(line, NULL, &number, NULL, NULL,
					       NULL);
	if (!places[0].file)
		return 0;
	places[0].line = number;
	cu = dwfl_module_addrdie(object->module, address, &bias);
	if (!cu || dwarf_getscopes(cu, address - bias, &scopes) <= 0)
		return 1;
	/* Those are as the source has them; around an address they are as in the code. */
	found = dwarf_getscopes_die(&scopes[0], &around);
	if (found > 0)
		nr = add_calls(cu, around, found, places);
	free(scopes);
	free(around);
	return nr;
}
