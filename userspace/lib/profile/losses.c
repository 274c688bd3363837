// SPDX-License-Identifier: GPL-2.0
/* When events of a data file may be missing. */
#include <stdlib.h>
#include <string.h>

#include "../array.h"
#include "../memory.h"
#include "losses.h"

/* Of a CPU: the time of its last record, and what its LOST records say. */
struct last {
	uint64_t time;
	uint64_t lost;
};

static void add(struct losses *losses, uint64_t from, uint64_t to)
{
	stackid_array_reserve(losses->at, losses->nr, losses->room);
	losses->at[losses->nr++] = (struct loss) { from, to };
}

static int compare(const void *a, const void *b)
{
	const struct loss *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

static void merge(struct losses *losses)
{
	size_t nr = 0;

	if (losses->nr)
		qsort(losses->at, losses->nr, sizeof(*losses->at), compare);
	for (size_t i = 0; i < losses->nr; i++) {
		struct loss *loss = &losses->at[i];

		if (nr && loss->from <= losses->at[nr - 1].to) {
			if (loss->to > losses->at[nr - 1].to)
				losses->at[nr - 1].to = loss->to;
		} else {
			losses->at[nr++] = *loss;
		}
	}
	losses->nr = nr;
}

static bool has_ledger(const struct data_reader *data, uint32_t cpu)
{
	const char *counter;
	uint64_t start, end;

	return stackid_data_ledger_at(data, cpu, 0, &counter, &start, &end);
}

void stackid_losses_find(struct losses *losses, struct data_reader *data)
{
	uint32_t nr_cpus = stackid_data_nr_cpus(data);
	bool whole = has_ledger(data, DATA_NO_CPU);
	struct data_event event;
	struct last *last;

	memset(losses, 0, sizeof(*losses));
	if (whole && !stackid_data_lost(data))
		return;
	losses->unplaced =
		stackid_data_ledger(data, DATA_NO_CPU, LEDGER_LOST_RECURSION) +
		stackid_data_ledger(data, DATA_NO_CPU, LEDGER_LOST_RCU);
	last = stackid_memory_zalloc(nr_cpus, sizeof(*last));
	while (stackid_data_next(data, &event)) {
		if (event.cpu >= nr_cpus)
			continue;
		if (event.kind == DATA_LOST) {
			add(losses, last[event.cpu].time, event.time);
			last[event.cpu].lost += event.lost;
		}
		last[event.cpu].time = event.time;
	}
	/* A ring that never had room again; and of a file that was cut off, all. */
	for (uint32_t cpu = 0; cpu < nr_cpus; cpu++) {
		if (!whole || stackid_data_ledger(data, cpu, LEDGER_LOST_FULL) >
			      last[cpu].lost)
			add(losses, last[cpu].time, UINT64_MAX);
	}
	free(last);
	merge(losses);
	stackid_data_rewind(data);
}

void stackid_losses_free(struct losses *losses)
{
	free(losses->at);
}

bool stackid_losses_between(const struct losses *losses, uint64_t from,
			    uint64_t to)
{
	size_t low = 0, high = losses->nr;

	/* The first that ends at @from or later. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (losses->at[middle].to < from)
			low = middle + 1;
		else
			high = middle;
	}
	return low < losses->nr && losses->at[low].from <= to;
}
