// SPDX-License-Identifier: GPL-2.0
/* Columns as records. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../memory.h"
#include "columns_decode.h"
#include "columns_kind.h"
#include "data.h"
#include "records.h"

/* Its size is a byte, in words of 8. */
#define LARGEST_RECORD	(255 * 8)

/**
 * struct source - columns that are being read
 * @wrong:    one of them ended too early, or said what cannot be
 * @kinds:    those so far
 * @values:   theirs
 * @nr_kinds: the next one's number
 * @kind:     the last record's
 * @time:     the last record's
 * @run:      records that still come as expected
 */
struct source {
	const uint8_t *from[DATA_NR_COLUMNS];
	const uint8_t *end[DATA_NR_COLUMNS];
	bool wrong;
	struct kind *kinds;
	struct kind_values *values;
	unsigned int nr_kinds;
	struct kind *kind;
	uint64_t time;
	size_t run;
};

/* 0 after the end of a column. */
static uint64_t get(struct source *source, enum data_column column,
		    unsigned int nr)
{
	uint64_t bits = 0;

	if ((size_t)(source->end[column] - source->from[column]) < nr) {
		source->wrong = true;
		return 0;
	}
	for (unsigned int i = 0; i < nr; i++)
		bits |= (uint64_t)*source->from[column]++ << 8 * i;
	return bits;
}

static uint64_t get_time(struct source *source)
{
	uint64_t delta = get(source, DATA_COLUMN_TIME_0, 1);
	uint64_t more = get(source, DATA_COLUMN_TIME_1, 1);

	if (more != DATA_FURTHER)
		return delta | more << 8;
	delta |= get(source, DATA_COLUMN_FAR_0, 1) << 8;
	more = get(source, DATA_COLUMN_FAR_1, 1);
	if (more == DATA_FURTHER)
		more = get(source, DATA_COLUMN_FAR_2, 4);
	return delta | more << 16;
}

static void get_run(struct source *source)
{
	unsigned int more;

	source->run = 0;
	do {
		more = get(source, DATA_COLUMN_RUN, 1);
		source->run += more;
	} while (more == DATA_FURTHER);
}

static struct kind *get_new(struct source *source, unsigned int token)
{
	struct kind *kind = source->kind, *next = source->kinds;
	struct kind new = { .w0 = kind->w0, .pid = kind->pid };

	if (token & ~(DATA_TOKEN_NEW | DATA_NEW_PID | DATA_NEW_ID |
		      DATA_NEW_HEAD))
		source->wrong = true;
	if (token & DATA_NEW_PID) {
		new.pid = get(source, DATA_COLUMN_PID_0, 1);
		new.pid |= get(source, DATA_COLUMN_PID_1, 1) << 8;
		new.pid |= get(source, DATA_COLUMN_PID_2, 1) << 16;
		new.pid &= LOW_BITS(STACKID_PID_BITS);
	}
	if (token & DATA_NEW_ID) {
		new.w0 &= ~ID_MASK;
		new.w0 |= get(source, DATA_COLUMN_ID_0, 1) << ID_SHIFT;
		new.w0 |= get(source, DATA_COLUMN_ID_1, 1) << (ID_SHIFT + 8);
		new.w0 |= get(source, DATA_COLUMN_ID_2, 1) << (ID_SHIFT + 16);
	}
	if (token & DATA_NEW_HEAD) {
		uint64_t head = get(source, DATA_COLUMN_HEAD, 5);

		new.w0 &= ID_MASK;
		new.w0 |= head & LOW_BITS(ID_SHIFT);
		new.w0 |= head >> ID_SHIFT << HIGH_SHIFT;
	}
	if (source->nr_kinds < DATA_NR_KINDS)
		next = &source->kinds[source->nr_kinds++];
	expect(source->kinds, kind, next);
	*next = new;
	source->values[next - source->kinds] = (struct kind_values) { };
	return next;
}

static struct kind *get_kind(struct source *source)
{
	struct kind *kind = source->kind, *next = source->kinds;
	unsigned int token, number;

	if (source->run) {
		source->run--;
		return &next[kind->next];
	}
	token = get(source, DATA_COLUMN_TOKEN, 1);
	switch (token & DATA_TOKEN_MASK) {
	case DATA_TOKEN_OTHER:
		next += kind->other;
		expect(source->kinds, kind, next);
		break;
	case DATA_TOKEN_KNOWN:
		number = get(source, DATA_COLUMN_KIND_0, 1);
		number |= get(source, DATA_COLUMN_KIND_1, 1) << 8;
		if (number >= source->nr_kinds) {
			source->wrong = true;
			number = 0;
		}
		next += number;
		expect(source->kinds, kind, next);
		break;
	case DATA_TOKEN_NEW:
		next = get_new(source, token);
		break;
	default:
		source->wrong = true;
	}
	get_run(source);
	return next;
}

static void get_record(struct source *source, struct stackid_record *record)
{
	source->kind = get_kind(source);
	source->time = (source->time + get_time(source)) & TIME_MASK;
	record->w0 = source->kind->w0;
	record->w1 = source->time << STACKID_PID_BITS | source->kind->pid;
}

static bool open_source(struct source *source, const void *payload, size_t size)
{
	const struct data_columns *head = payload;
	const uint8_t *p = (const uint8_t *)(head + 1);
	size_t left = size - sizeof(*head);

	if (size < sizeof(*head))
		return false;
	for (int i = 0; i < DATA_NR_COLUMNS; i++) {
		if (head->sizes[i] > left)
			return false;
		source->from[i] = p;
		p += head->sizes[i];
		source->end[i] = p;
		left -= head->sizes[i];
	}
	source->wrong = left;
	return !left;
}

static uint64_t get_difference(struct source *source)
{
	uint64_t bits, difference = 0;
	unsigned int shift = 0;

	do {
		bits = get(source, DATA_COLUMN_VALUE, 1);
		if (shift >= VALUE_BITS * VALUE_MOST_BYTES)
			source->wrong = true;
		else
			difference |= (bits & (VALUE_MORE - 1)) << shift;
		shift += VALUE_BITS;
	} while (bits & VALUE_MORE && !source->wrong);
	return difference;
}

/* The values of a record without a stack; where what else follows goes. */
static char *get_values(struct source *source, struct stackid_record *record)
{
	uint64_t *last = source->values[source->kind - source->kinds].at;
	uint64_t *values = (uint64_t *)(record + 1);
	unsigned int nr = 0;

	if (!stackid_record_stack(record))
		nr = stackid_record_nr_values(record);
	for (unsigned int i = 0; i < nr; i++) {
		last[i] ^= get_difference(source);
		values[i] = last[i];
	}
	return (char *)(values + nr);
}

/* @count records into at most *@size bytes, all columns being used up. */
static bool decode(struct source *source, size_t count, char *to, size_t *size)
{
	char *const start = to, *const end = to + *size;

	get_run(source);
	while (count--) {
		struct stackid_record *record = (void *)to;
		size_t rest;
		char *after;

		if ((size_t)(end - to) < sizeof(*record))
			return false;
		get_record(source, record);
		if (source->wrong || stackid_rec_size(record) < sizeof(*record) ||
		    stackid_rec_size(record) > (size_t)(end - to))
			return false;
		after = get_values(source, record);
		to += stackid_rec_size(record);
		rest = to - after;
		if (rest > (size_t)(source->end[DATA_COLUMN_REST] -
				    source->from[DATA_COLUMN_REST]))
			return false;
		memcpy(after, source->from[DATA_COLUMN_REST], rest);
		source->from[DATA_COLUMN_REST] += rest;
	}
	*size = to - start;
	for (int i = 0; i < DATA_NR_COLUMNS; i++) {
		if (source->from[i] != source->end[i])
			return false;
	}
	return !source->wrong && !source->run;
}

void *stackid_columns_decode(const void *payload, size_t payload_size,
			     size_t count, size_t *size)
{
	struct source source = { .nr_kinds = 1 };
	/* Each record makes one at most. */
	size_t nr_kinds = count < DATA_NR_KINDS ? count + 1 : DATA_NR_KINDS;
	char *records;

	if (!open_source(&source, payload, payload_size) ||
	    (size_t)(source.end[DATA_COLUMN_TIME_0] -
		     source.from[DATA_COLUMN_TIME_0]) != count)
		return NULL;
	*size = count < DATA_MAX_CHUNK / LARGEST_RECORD ?
		count * LARGEST_RECORD : DATA_MAX_CHUNK;
	/* A payload may say anything, so having no memory for it is no end. */
	records = malloc(*size ? *size : 1);
	source.kinds = stackid_memory_zalloc(nr_kinds, sizeof(*source.kinds));
	source.values = stackid_memory_zalloc(nr_kinds, sizeof(*source.values));
	source.kind = source.kinds;
	if (records && !decode(&source, count, records, size)) {
		free(records);
		records = NULL;
	}
	/* It stays as long as the chunk is read; most are smaller. */
	if (records)
		records = stackid_memory_resize(records, *size ? *size : 1, 1);
	free(source.kinds);
	free(source.values);
	return records;
}
