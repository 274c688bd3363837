// SPDX-License-Identifier: GPL-2.0
/* Columns as records. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../memory.h"
#include "columns_decode.h"
#include "columns_source.h"
#include "records.h"

/* Its size is a byte, in words of 8. */
#define LARGEST_RECORD	(255 * 8)

/**
 * struct records_source - columns that become records
 * @values: of the kinds, by their numbers
 * @time:   the last record's
 */
struct records_source {
	struct columns_source columns;
	struct kind_values *values;
	uint64_t time;
};

static uint64_t get_time(struct columns_source *source)
{
	uint64_t delta = columns_get(source, DATA_COLUMN_TIME_0, 1);
	uint64_t more = columns_get(source, DATA_COLUMN_TIME_1, 1);

	if (more != DATA_FURTHER)
		return delta | more << 8;
	delta |= columns_get(source, DATA_COLUMN_FAR_0, 1) << 8;
	more = columns_get(source, DATA_COLUMN_FAR_1, 1);
	if (more == DATA_FURTHER)
		more = columns_get(source, DATA_COLUMN_FAR_2, 4);
	return delta | more << 16;
}

static struct kind *get_kind(struct records_source *source)
{
	struct columns_source *columns = &source->columns;
	struct kind *kind;
	bool is_new;

	if (columns->run) {
		columns->run--;
		return &columns->kinds[columns->kind->next];
	}
	kind = columns_get_token(columns, &is_new);
	if (is_new)
		source->values[kind - columns->kinds] =
			(struct kind_values) { };
	return kind;
}

static void get_record(struct records_source *source,
		       struct stackid_record *record)
{
	struct columns_source *columns = &source->columns;

	columns->kind = get_kind(source);
	source->time = (source->time + get_time(columns)) & TIME_MASK;
	record->w0 = columns->kind->w0;
	record->w1 = source->time << STACKID_PID_BITS | columns->kind->pid;
}

static uint64_t get_difference(struct columns_source *source)
{
	uint64_t bits, difference = 0;
	unsigned int shift = 0;

	do {
		bits = columns_get(source, DATA_COLUMN_VALUE, 1);
		if (shift >= VALUE_BITS * VALUE_MOST_BYTES)
			source->wrong = true;
		else
			difference |= (bits & (VALUE_MORE - 1)) << shift;
		shift += VALUE_BITS;
	} while (bits & VALUE_MORE && !source->wrong);
	return difference;
}

/* The values of a record without a stack; where what else follows goes. */
static char *get_values(struct records_source *source,
			struct stackid_record *record)
{
	struct columns_source *columns = &source->columns;
	uint64_t *last = source->values[columns->kind - columns->kinds].at;
	uint64_t *values = (uint64_t *)(record + 1);
	unsigned int nr = 0;

	if (!stackid_record_stack(record))
		nr = stackid_record_nr_values(record);
	for (unsigned int i = 0; i < nr; i++) {
		last[i] ^= get_difference(columns);
		values[i] = last[i];
	}
	return (char *)(values + nr);
}

/* @count records into at most *@size bytes, all columns being used up. */
static bool decode(struct records_source *source, size_t count, char *to,
		   size_t *size)
{
	struct columns_source *columns = &source->columns;
	char *const start = to, *const end = to + *size;

	columns_get_run(columns);
	while (count--) {
		struct stackid_record *record = (void *)to;
		size_t rest;
		char *after;

		if ((size_t)(end - to) < sizeof(*record))
			return false;
		get_record(source, record);
		if (columns->wrong ||
		    stackid_rec_size(record) < sizeof(*record) ||
		    stackid_rec_size(record) > (size_t)(end - to))
			return false;
		after = get_values(source, record);
		to += stackid_rec_size(record);
		rest = to - after;
		if (rest > columns_left(columns, DATA_COLUMN_REST))
			return false;
		memcpy(after, columns->from[DATA_COLUMN_REST], rest);
		columns->from[DATA_COLUMN_REST] += rest;
	}
	*size = to - start;
	return stackid_columns_source_is_done(columns);
}

void *stackid_columns_decode(const void *payload, size_t payload_size,
			     size_t count, size_t *size)
{
	/* Each record makes one at most. */
	size_t nr_kinds = columns_nr_kinds(count);
	struct records_source source = { };
	char *records;

	if (!stackid_columns_source_open(&source.columns, payload,
					 payload_size, count))
		return NULL;
	*size = count < DATA_MAX_CHUNK / LARGEST_RECORD ?
		count * LARGEST_RECORD : DATA_MAX_CHUNK;
	/* A payload may say anything, so having no memory for it is no end. */
	records = malloc(*size ? *size : 1);
	source.columns.kinds =
		stackid_memory_zalloc(nr_kinds, sizeof(*source.columns.kinds));
	source.columns.kind = source.columns.kinds;
	source.values = stackid_memory_zalloc(nr_kinds, sizeof(*source.values));
	if (records && !decode(&source, count, records, size)) {
		free(records);
		records = NULL;
	}
	/* It stays as long as the chunk is read; most are smaller. */
	if (records)
		records = stackid_memory_resize(records, *size ? *size : 1, 1);
	free(source.columns.kinds);
	free(source.values);
	return records;
}
