// SPDX-License-Identifier: GPL-2.0
/* Sets of numbers, as "0,2-5" names them. */
#include <string.h>

#include "array.h"
#include "complain.h"
#include "number.h"
#include "ranges.h"

/* One word of a list.  Where it is no number, *@end is at what is none. */
static bool read_range(const char *word, const char **end, struct range *range)
{
	if (!stackid_number_begins(word, end, &range->first))
		return false;
	range->last = range->first;
	if (**end == '-') {
		word = *end + 1;
		if (!stackid_number_begins(word, end, &range->last))
			return false;
	}
	if (!**end || **end == ',')
		return true;
	*end = word;
	return false;
}

int stackid_ranges_add(struct ranges *ranges, const char *list,
		       const char *what)
{
	const char *end;

	do {
		int length = strcspn(list, ",");
		struct range range;

		if (!read_range(list, &end, &range)) {
			if (what)
				stackid_complain("%s takes a number, not '%.*s'",
						 what, (int)strcspn(end, ","),
						 end);
			return -1;
		}
		if (range.last < range.first) {
			if (what)
				stackid_complain("%.*s ends before it begins",
						 length, list);
			return -1;
		}
		stackid_array_reserve(ranges->at, ranges->nr, ranges->room);
		ranges->at[ranges->nr++] = range;
		list = end + 1;
	} while (*end);
	return 0;
}

bool stackid_ranges_has(const struct ranges *ranges, uint64_t number)
{
	for (size_t i = 0; i < ranges->nr; i++) {
		if (number >= ranges->at[i].first &&
		    number <= ranges->at[i].last)
			return true;
	}
	return false;
}

uint64_t stackid_ranges_next(const struct ranges *ranges, uint64_t number)
{
	uint64_t next = UINT64_MAX;

	for (size_t i = 0; i < ranges->nr; i++) {
		const struct range *range = &ranges->at[i];

		if (range->last >= number && range->first < next)
			next = range->first > number ? range->first : number;
	}
	return next;
}
