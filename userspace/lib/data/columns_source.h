/* SPDX-License-Identifier: GPL-2.0 */
/* Columns that are being read.  The format is in data.h. */
#ifndef STACKID_COLUMNS_SOURCE_H
#define STACKID_COLUMNS_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "columns_kind.h"
#include "data.h"

/**
 * struct columns_source - where reading is in each column
 * @wrong:    one of them ended too early, or said what cannot be
 * @kinds:    those so far
 * @nr_kinds: the next one's number
 * @kind:     the last record's
 * @run:      records that still come as expected
 */
struct columns_source {
	const uint8_t *from[DATA_NR_COLUMNS];
	const uint8_t *end[DATA_NR_COLUMNS];
	bool wrong;
	struct kind *kinds;
	unsigned int nr_kinds;
	struct kind *kind;
	size_t run;
};

/* @kinds: zeroed, and one more than @count, but DATA_NR_KINDS at most. */
bool stackid_columns_source_open(struct columns_source *source,
				 const void *payload, size_t size,
				 size_t count);

/* The kind that a NEW token makes; it replaces what was at its place. */
struct kind *stackid_columns_source_new(struct columns_source *source,
					unsigned int token);

/* Nothing is left of any column or run, and nothing was wrong. */
bool stackid_columns_source_is_done(const struct columns_source *source);

static inline size_t columns_nr_kinds(size_t count)
{
	return count < DATA_NR_KINDS ? count + 1 : DATA_NR_KINDS;
}

static inline size_t columns_left(const struct columns_source *source,
				  enum data_column column)
{
	return source->end[column] - source->from[column];
}

/* 0 after the end of a column. */
static inline uint64_t columns_get(struct columns_source *source,
				   enum data_column column, unsigned int nr)
{
	uint64_t bits = 0;

	if (columns_left(source, column) < nr) {
		source->wrong = true;
		return 0;
	}
	for (unsigned int i = 0; i < nr; i++)
		bits |= (uint64_t)*source->from[column]++ << 8 * i;
	return bits;
}

/* The number that the token KNOWN needs; DATA_NR_KINDS after the end. */
static inline unsigned int columns_peek_known(const struct columns_source *source)
{
	if (!columns_left(source, DATA_COLUMN_KIND_0) ||
	    !columns_left(source, DATA_COLUMN_KIND_1))
		return DATA_NR_KINDS;
	return *source->from[DATA_COLUMN_KIND_0] |
	       *source->from[DATA_COLUMN_KIND_1] << 8;
}

static inline void columns_take_known(struct columns_source *source)
{
	source->from[DATA_COLUMN_KIND_0]++;
	source->from[DATA_COLUMN_KIND_1]++;
}

static inline void columns_get_run(struct columns_source *source)
{
	unsigned int more;

	source->run = 0;
	do {
		more = columns_get(source, DATA_COLUMN_RUN, 1);
		source->run += more;
	} while (more == DATA_FURTHER);
}

/*
 * The kind of a record that has a token; the run behind it is in .run then.  *@is_new
 * where nothing is left of what had its number before.
 */
static inline struct kind *columns_get_token(struct columns_source *source,
					     bool *is_new)
{
	struct kind *kind = source->kind, *next = source->kinds;
	unsigned int token, number;

	token = columns_get(source, DATA_COLUMN_TOKEN, 1);
	*is_new = (token & DATA_TOKEN_MASK) == DATA_TOKEN_NEW;
	switch (token & DATA_TOKEN_MASK) {
	case DATA_TOKEN_OTHER:
		next += kind->other;
		expect(source->kinds, kind, next);
		break;
	case DATA_TOKEN_KNOWN:
		number = columns_peek_known(source);
		if (number >= source->nr_kinds) {
			source->wrong = true;
			break;
		}
		columns_take_known(source);
		next += number;
		expect(source->kinds, kind, next);
		break;
	case DATA_TOKEN_NEW:
		next = stackid_columns_source_new(source, token);
		break;
	default:
		source->wrong = true;
	}
	columns_get_run(source);
	return next;
}

#endif /* STACKID_COLUMNS_SOURCE_H */
