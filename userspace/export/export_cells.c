// SPDX-License-Identifier: GPL-2.0
/* What the events add up to. */

#include <stdlib.h>
#include <string.h>

#include "../lib/array.h"
#include "../lib/hash.h"
#include "export_cells.h"

static uint64_t hash_cell(const struct export_cell *cell)
{
	uint64_t where = (uint64_t)cell->kind << 48 |
			 (uint64_t)cell->event << 32 | cell->stack;
	/* Equal names are equal pointers. */
	uint64_t hash = stackid_hash_mix(stackid_hash_u64(where),
					 (uintptr_t)cell->comm);

	return stackid_hash_mix(hash, cell->tgid);
}

static struct export_cell *find_cell(struct export_cells *cells,
				     const struct export_cell *key)
{
	uint64_t hash = hash_cell(key);
	struct export_cell *cell;
	uint32_t number;
	size_t step = 0;

	while ((number = stackid_slots_next(&cells->slots, hash, &step))) {
		cell = &cells->at[number - 1];
		if (cell->stack == key->stack && cell->event == key->event &&
		    cell->kind == key->kind && cell->comm == key->comm &&
		    cell->tgid == key->tgid)
			return cell;
	}
	stackid_array_reserve(cells->at, cells->nr, cells->room);
	cell = &cells->at[cells->nr++];
	*cell = *key;
	cell->hits = 0;
	memset(cell->sums, 0, sizeof(cell->sums));
	stackid_slots_add(&cells->slots, hash, cells->nr);
	return cell;
}

int64_t stackid_export_add(int64_t a, int64_t b)
{
	int64_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return b < 0 ? INT64_MIN : INT64_MAX;
	return sum;
}

static bool is_signed(const struct data_event_name *name, unsigned int value)
{
	return value < name->nr_values && name->values[value].is_signed;
}

static void add(struct export_cells *cells, struct reading *reading,
		const struct data_event *event)
{
	const struct data_event_name *name =
		stackid_reading_event(reading, event->event);
	struct export_cell key = {
		.comm = event->comm,
		.tgid = event->tgid,
		.stack = event->stack,
		.event = event->event,
		.kind = event->kind,
	};
	struct export_cell *cell = find_cell(cells, &key);

	cell->hits++;
	for (unsigned int i = 0; i < event->nr_values; i++) {
		uint64_t value = event->values[i];

		if (!is_signed(name, i) && value > INT64_MAX)
			value = INT64_MAX;
		if (cells->positive && (int64_t)value < 0)
			value = 0;
		cell->sums[i] = stackid_export_add(cell->sums[i], value);
	}
	if (event->nr_values > cells->nr_values[event->event])
		cells->nr_values[event->event] = event->nr_values;
}

void stackid_export_cells_add(struct export_cells *cells,
			      const struct export_cell *from)
{
	struct export_cell *cell = find_cell(cells, from);

	cell->hits += from->hits;
	for (unsigned int i = 0; i < STACKID_MAX_VALUES; i++)
		cell->sums[i] = stackid_export_add(cell->sums[i],
						   from->sums[i]);
}

int stackid_export_cells_fill(struct export_cells *cells,
			      const struct export *export)
{
	struct data_event event;

	while (stackid_reading_next(export->reading, &event)) {
		if (event.kind != DATA_LOST)
			add(cells, export->reading, &event);
	}
	if (cells->nr)
		return EXIT_OK;
	stackid_reading_complain_empty(export->reading);
	return EXIT_FAILED;
}

void stackid_export_cells_free(struct export_cells *cells)
{
	free(cells->at);
	stackid_slots_free(&cells->slots);
}

const char *stackid_export_value_name(struct reading *reading,
				      unsigned int event, unsigned int value)
{
	const struct data_event_name *name =
		stackid_reading_event(reading, event);

	return value < name->nr_values ? name->values[value].name : "value";
}

const char *stackid_export_value_unit(const char *name)
{
	return strstr(name, "bytes") ? "bytes" : "count";
}
