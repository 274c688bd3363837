// SPDX-License-Identifier: GPL-2.0
/* The longest single waits. */
#include <stdlib.h>

#include "../lib/array.h"
#include "offcpu_longest.h"

/* Of two that are equally long the later one counts as shorter. */
static int compare(const void *a, const void *b)
{
	const struct wait *x = a, *y = b;
	uint64_t length_x = offcpu_whole(x), length_y = offcpu_whole(y);

	if (length_x != length_y)
		return length_x > length_y ? -1 : 1;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (x->left.pid > y->left.pid) - (x->left.pid < y->left.pid);
}

static void exchange(struct wait *a, struct wait *b)
{
	struct wait kept = *a;

	*a = *b;
	*b = kept;
}

static void sift_down(struct offcpu_longest *longest)
{
	size_t at = 0;

	for (;;) {
		size_t child = 2 * at + 1;

		if (child >= longest->nr)
			return;
		if (child + 1 < longest->nr &&
		    compare(&longest->at[child + 1], &longest->at[child]) > 0)
			child++;
		if (compare(&longest->at[child], &longest->at[at]) < 0)
			return;
		exchange(&longest->at[child], &longest->at[at]);
		at = child;
	}
}

void stackid_offcpu_longest_add(struct offcpu_longest *longest,
				const struct wait *wait)
{
	size_t at = longest->nr;

	if (longest->nr == longest->max) {
		if (!longest->max || compare(wait, &longest->at[0]) > 0)
			return;
		longest->at[0] = *wait;
		sift_down(longest);
		return;
	}
	stackid_array_reserve(longest->at, longest->nr, longest->room);
	longest->at[longest->nr++] = *wait;
	while (at && compare(&longest->at[at], &longest->at[(at - 1) / 2]) > 0) {
		exchange(&longest->at[at], &longest->at[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
}

void stackid_offcpu_longest_finish(struct offcpu_longest *longest)
{
	if (longest->nr)
		qsort(longest->at, longest->nr, sizeof(*longest->at), compare);
}

void stackid_offcpu_longest_free(struct offcpu_longest *longest)
{
	free(longest->at);
}
