// SPDX-License-Identifier: GPL-2.0
/* How often which line of a function was hit. */
#include <stdlib.h>
#include <string.h>

#include "../lib/array.h"
#include "../lib/memory.h"
#include "annotate_lines.h"

/* Its lines are few, and the same again and again. */
static struct annotate_line *find_line(struct annotate_lines *lines,
				       const struct debug_place *place)
{
	struct annotate_line *line;

	for (size_t i = 0; i < lines->nr; i++) {
		line = &lines->at[i];
		if (line->line == place->line && line->file == place->file)
			return line;
	}
	stackid_array_reserve(lines->at, lines->nr, lines->room);
	line = &lines->at[lines->nr++];
	*line = (struct annotate_line) {
		.file = place->file,
		.line = place->line,
	};
	return line;
}

/* @cell: a number that no other cell has */
static void add_place(struct annotate_lines *lines, uint32_t cell,
		      const struct debug_place *place, uint64_t weight,
		      bool self)
{
	struct annotate_line *line = find_line(lines, place);

	if (line->last != cell)
		line->total += weight;
	line->last = cell;
	if (self)
		line->self += weight;
}

/*
 * A frame, and what was inlined into it: which of these are the function's.  Returns
 * whether any is; *@placed is set where its line is known.
 */
static bool add_frame(struct annotate_lines *lines, struct debug_lines *debug,
		      const struct data_frame *frame,
		      const struct data_symbol *symbol, uint32_t cell,
		      uint64_t weight, bool innermost, bool *placed)
{
	const struct debug_place *places;
	unsigned int nr = stackid_debug_lines_find(debug, frame, &places);
	bool any = !nr && !strcmp(symbol->name, lines->function);

	if (any && innermost)
		lines->self += weight;
	for (unsigned int i = 0; i < nr; i++) {
		const char *name = places[i].function;

		if (strcmp(name ? name : symbol->name, lines->function))
			continue;
		add_place(lines, cell, &places[i], weight, innermost && !i);
		if (innermost && !i)
			lines->self += weight;
		*placed = true;
		any = true;
	}
	if (any && !lines->module)
		lines->module = symbol->module;
	lines->elsewhere |= any && symbol->module != lines->module;
	return any;
}

static void add_stack(struct annotate_lines *lines, struct data_reader *data,
		      struct debug_lines *debug, uint32_t index, uint32_t cell,
		      uint64_t weight)
{
	const struct data_stack *stack = stackid_data_stack(data, index);
	bool any = false, placed = false;

	for (unsigned int i = 0; i < stack->nr; i++) {
		const struct data_frame *frame = stackid_data_frame(stack, i);

		any |= add_frame(lines, debug, frame,
				 stackid_data_symbol(data, frame->symbol), cell,
				 weight, !i, &placed);
	}
	if (any)
		lines->total += weight;
	if (any && !placed)
		lines->unplaced += weight;
}

static int compare_lines(const void *a, const void *b)
{
	const struct annotate_line *x = a, *y = b;
	int order = x->file == y->file ? 0 : strcmp(x->file, y->file);

	return order ? order : (x->line > y->line) - (x->line < y->line);
}

void stackid_annotate_lines_fill(struct annotate_lines *lines,
				 struct data_reader *data,
				 const struct profile *profile,
				 struct debug_lines *debug)
{
	size_t nr = stackid_profile_nr_cells(profile);

	for (size_t i = 0; i < nr; i++) {
		const struct profile_cell *cell = stackid_profile_cell(profile,
								       i);

		lines->whole += cell->weight;
		if (cell->stack)
			add_stack(lines, data, debug, cell->stack, i + 1,
				  cell->weight);
	}
	if (lines->nr)
		qsort(lines->at, lines->nr, sizeof(*lines->at), compare_lines);
}

void stackid_annotate_lines_free(struct annotate_lines *lines)
{
	free(lines->at);
}

const char *stackid_annotate_hottest(struct data_reader *data,
				     const struct profile *profile)
{
	uint32_t nr = stackid_data_nr_symbols(data), most = 0;
	uint64_t *hits = stackid_memory_zalloc(nr, sizeof(*hits));

	for (size_t i = 0; i < stackid_profile_nr_cells(profile); i++) {
		const struct profile_cell *cell = stackid_profile_cell(profile,
								       i);
		const struct data_stack *stack;

		if (!cell->stack)
			continue;
		stack = stackid_data_stack(data, cell->stack);
		if (stack->nr)
			hits[stackid_data_frame(stack, 0)->symbol] += cell->weight;
	}
	/* Symbol 0 is no function. */
	for (uint32_t i = 1; i < nr; i++) {
		if (hits[i] > (most ? hits[most] : 0))
			most = i;
	}
	free(hits);
	return most ? stackid_data_symbol(data, most)->name : NULL;
}
