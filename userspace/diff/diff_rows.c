// SPDX-License-Identifier: GPL-2.0
/* The rows of one event's comparison. */
#include <stdlib.h>
#include <string.h>

#include "../lib/array.h"
#include "../lib/hash.h"
#include "diff_rows.h"

static const struct profile_function *function_of(const struct diff *diff,
						  uint32_t function)
{
	return stackid_profile_function(diff->comparison.sides[0].profile,
					function);
}

static bool same_row(const struct diff_row *a, const struct diff_row *b)
{
	return a->text == b->text && a->nr == b->nr &&
	       !memcmp(a->functions, b->functions, a->nr * sizeof(*a->functions));
}

static struct diff_row *find_row(struct diff_rows *rows,
				 const struct diff_row *key)
{
	uint64_t hash = stackid_hash_bytes(key->functions,
					   key->nr * sizeof(*key->functions),
					   (uintptr_t)key->text);
	uint32_t number;
	size_t step = 0;

	while ((number = stackid_slots_next(&rows->slots, hash, &step))) {
		if (same_row(&rows->at[number - 1], key))
			return &rows->at[number - 1];
	}
	stackid_array_reserve(rows->at, rows->nr, rows->room);
	rows->at[rows->nr++] = *key;
	stackid_slots_add(&rows->slots, hash, rows->nr);
	return &rows->at[rows->nr - 1];
}

/* @cell: from 1 on over both sides, as what calls itself counts once. */
static void add(struct diff_rows *rows, const struct diff_row *key,
		unsigned int side, uint64_t cell, uint64_t weight)
{
	struct diff_row *row = find_row(rows, key);

	if (row->last_cell == cell)
		return;
	row->last_cell = cell;
	row->weight[side] = stackid_profile_add_weights(row->weight[side],
							weight);
	if (key->level < row->level)
		row->level = key->level;
}

static const char *module_of(struct diff_rows *rows, uint32_t function)
{
	return stackid_strings_intern(&rows->texts,
				      function_of(rows->diff, function)->module);
}

static void add_cell(struct diff_rows *rows, unsigned int side, uint64_t number,
		     const struct profile_cell *cell)
{
	const struct diff *diff = rows->diff;
	uint32_t nr;
	struct profile *profile = diff->comparison.sides[side].profile;
	const uint32_t *stack = stackid_profile_stack(profile, cell, &nr);
	struct diff_row key = { .functions = stack };

	switch (diff->key) {
	case DIFF_COMM:
		key.text = stackid_strings_intern(&rows->texts,
						  stackid_profile_who(profile, cell)->comm);
		add(rows, &key, side, number, cell->weight);
		return;
	case DIFF_STACK:
		key.nr = nr;
		add(rows, &key, side, number, cell->weight);
		return;
	default:
		break;
	}
	for (uint32_t i = diff->children ? 0 : nr - 1; i < nr; i++) {
		key.level = i;
		if (diff->key == DIFF_MODULE) {
			key.text = module_of(rows, stack[i]);
		} else {
			key.functions = &stack[i];
			key.nr = 1;
		}
		add(rows, &key, side, number, cell->weight);
	}
}

static int compare_128(unsigned __int128 a, unsigned __int128 b)
{
	return (a > b) - (a < b);
}

static int compare_texts(const struct diff_row *x, const struct diff_row *y)
{
	if (x->text)
		return strcmp(x->text, y->text);
	/* Numbered in the order of their names. */
	for (uint32_t i = 0; i < x->nr && i < y->nr; i++) {
		if (x->functions[i] != y->functions[i])
			return x->functions[i] < y->functions[i] ? -1 : 1;
	}
	return (x->nr > y->nr) - (x->nr < y->nr);
}

/* qsort_r()'s third argument. */
static int compare_rows(const void *a, const void *b, void *context)
{
	unsigned __int128 change[2], less[2];
	const struct diff_row *rows[2] = { a, b };
	const struct diff *diff = context;
	int order;

	for (int i = 0; i < 2; i++) {
		unsigned __int128 old = diff_scaled(diff, 0, rows[i]->weight[0]);
		unsigned __int128 new = diff_scaled(diff, 1, rows[i]->weight[1]);

		change[i] = old > new ? old - new : new - old;
		less[i] = old < new ? old : new;
	}
	order = compare_128(change[1], change[0]);
	/*
	 * What calls the changed function has changed as much, but of more: the
	 * change is in that with the greater ratio.
	 */
	if (!order)
		order = compare_128(less[0], less[1]);
	if (!order)
		order = (rows[0]->level > rows[1]->level) -
			(rows[0]->level < rows[1]->level);
	return order ? order : compare_texts(rows[0], rows[1]);
}

static void drop_same(struct diff_rows *rows)
{
	size_t nr = 0;

	for (size_t i = 0; i < rows->nr; i++) {
		const struct diff_row *row = &rows->at[i];

		if (diff_scaled(rows->diff, 0, row->weight[0]) !=
		    diff_scaled(rows->diff, 1, row->weight[1]))
			rows->at[nr++] = *row;
	}
	rows->nr = nr;
}

void stackid_diff_rows_make(struct diff_rows *rows, const struct diff *diff,
			    const struct comparison_event *event)
{
	uint64_t number = 0;

	*rows = (struct diff_rows) { .diff = diff };
	for (unsigned int side = 0; side < 2; side++) {
		const struct profile *profile =
			diff->comparison.sides[side].profile;
		size_t nr = stackid_profile_nr_cells(profile);

		for (size_t i = 0; i < nr; i++) {
			const struct profile_cell *cell =
				stackid_profile_cell(profile, i);

			number++;
			if (cell->event == event->number[side])
				add_cell(rows, side, number, cell);
		}
	}
	drop_same(rows);
	if (rows->nr)
		qsort_r(rows->at, rows->nr, sizeof(*rows->at), compare_rows,
			(void *)diff);
}

void stackid_diff_rows_free(struct diff_rows *rows)
{
	free(rows->at);
	stackid_slots_free(&rows->slots);
	stackid_strings_exit(&rows->texts);
}
