// SPDX-License-Identifier: GPL-2.0
/* The order of a table's rows. */

#include <stdlib.h>

#include <stackid.h>

#include "../lib/memory.h"
#include "report_ranks.h"

/* A stack may stand on another one, see stackid_profile_tail(). */
#define LEVEL_BITS	10
_Static_assert(3 * STACKID_MAX_DEPTH < 1 << LEVEL_BITS, "no level is as great");

/* What decides between most rows, apart from them: those are large. */
struct row_rank {
	uint64_t total;
	uint64_t self;
	uint64_t hint;
	uint32_t row;
	uint32_t level:LEVEL_BITS;
	uint32_t group:ROW_GROUP_BITS;
};

struct ranking {
	const struct report *report;
	const struct row *rows;
};

/* qsort_r()'s third argument. */
static int compare_ranks(const void *a, const void *b, void *context)
{
	const struct ranking *ranking = context;
	const struct row *rows = ranking->rows;
	const struct row_rank *x = a;
	const struct row_rank *y = b;

	if (ranking->report->options->sort.before)
		return stackid_row_compare(ranking->report, &rows[x->row],
					   &rows[y->row]);
	if (x->total != y->total)
		return x->total > y->total ? -1 : 1;
	if (x->level != y->level)
		return x->level < y->level ? -1 : 1;
	if (x->self != y->self)
		return x->self > y->self ? -1 : 1;
	if (x->hint != y->hint)
		return x->hint < y->hint ? -1 : 1;
	if (x->group && x->group == y->group)
		return x->row < y->row ? -1 : 1;
	return stackid_row_compare(ranking->report, &rows[x->row],
				   &rows[y->row]);
}

/* In place: there may be many, and they are large. */
static void move_rows(struct row *rows, size_t nr, struct row_rank *ranks)
{
	for (size_t i = 0; i < nr; i++) {
		struct row first = rows[i];
		size_t to = i, from;

		/* Around the circle that place @i is in, unless it has been done. */
		while ((from = ranks[to].row) != i) {
			rows[to] = rows[from];
			ranks[to].row = to;
			to = from;
		}
		rows[to] = first;
		ranks[to].row = to;
	}
}

void stackid_ranks_sort(const struct report *report, struct row *rows,
			size_t nr)
{
	struct row_rank *ranks = stackid_memory_resize(NULL, nr + 1,
						       sizeof(*ranks));
	struct ranking ranking = { .report = report, .rows = rows };

	for (size_t i = 0; i < nr; i++)
		ranks[i] = (struct row_rank) {
			.total = rows[i].total,
			.self = rows[i].self,
			.hint = stackid_row_hint(report, &rows[i]),
			.level = rows[i].level,
			.group = rows[i].group,
			.row = i,
		};
	qsort_r(ranks, nr, sizeof(*ranks), compare_ranks, &ranking);
	move_rows(rows, nr, ranks);
	free(ranks);
}
