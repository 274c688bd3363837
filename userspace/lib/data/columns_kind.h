/* SPDX-License-Identifier: GPL-2.0 */
/* What those who make columns and those who read them know of a record. */
#ifndef STACKID_COLUMNS_KIND_H
#define STACKID_COLUMNS_KIND_H

#include <stdint.h>
#include <stackid.h>

#define LOW_BITS(nr)	((1ULL << (nr)) - 1)
#define TIME_MASK	LOW_BITS(STACKID_TIME_LOW_BITS)
#define ID_SHIFT	26
#define ID_MASK		(LOW_BITS(STACKID_ID_BITS) << ID_SHIFT)
/* Above the id there are 14 bits of the time. */
#define HIGH_SHIFT	(ID_SHIFT + STACKID_ID_BITS)

/**
 * struct kind - what records have in common; see data.h
 * @next:  the kind expected after this one
 * @other: the one expected before that
 */
struct kind {
	uint64_t w0;
	uint32_t pid;
	uint16_t next;
	uint16_t other;
};

/* Of a value's difference, a byte has so many and says whether there are more. */
#define VALUE_BITS		7
#define VALUE_MORE		(1U << VALUE_BITS)
#define VALUE_MOST_BYTES	10

/* Those of the last one of a kind. */
struct kind_values {
	uint64_t at[STACKID_MAX_VALUES];
};

static inline void expect(struct kind *kinds, struct kind *kind,
			  struct kind *next)
{
	kind->other = kind->next;
	kind->next = next - kinds;
}

#endif /* STACKID_COLUMNS_KIND_H */
