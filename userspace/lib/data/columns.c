// SPDX-License-Identifier: GPL-2.0
/* Records as columns. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../memory.h"
#include "columns.h"
#include "columns_kind.h"
#include "records.h"

/*
 * Beside the pid of a kind: such records say something that their kind does not,
 * so that stackid_columns_repeat() must not take them.
 */
#define ONE_BY_ONE	(1U << 31)

/* Slots of a hash table that is at most half full. */
#define SLOT_BITS	(DATA_KIND_BITS + 1)
#define NR_SLOTS	(1U << SLOT_BITS)

/**
 * struct columns - a chunk in the making
 * @kinds:    those so far
 * @values:   theirs
 * @slots:    their numbers by their hashes, 0 where there is none
 * @nr_kinds: the next one's number
 * @kind:     the last record's
 * @time:     the last record's
 * @count:    records so far
 * @counted:  how many of them RUN and TOKEN stand for already
 * @starts, @to: of each column, where it begins and where it goes on
 */
struct columns {
	struct kind kinds[DATA_NR_KINDS];
	struct kind_values values[DATA_NR_KINDS];
	uint16_t slots[NR_SLOTS];
	unsigned int nr_kinds;
	struct kind *kind;
	uint64_t time;
	size_t count;
	size_t counted;
	uint8_t *starts[DATA_NR_COLUMNS];
	uint8_t *to[DATA_NR_COLUMNS];
	struct data_columns head;
	uint8_t *buffer;
	size_t room;
};

struct columns *stackid_columns_create(void)
{
	return stackid_memory_zalloc(1, sizeof(struct columns));
}

void stackid_columns_destroy(struct columns *columns)
{
	free(columns->buffer);
	free(columns);
}

/* What a record may take of each column but REST and VALUE. */
static const unsigned char widest[DATA_NR_COLUMNS] = {
	[DATA_COLUMN_RUN] = 2, [DATA_COLUMN_TOKEN] = 1,
	[DATA_COLUMN_KIND_0] = 1, [DATA_COLUMN_KIND_1] = 1,
	[DATA_COLUMN_PID_0] = 1, [DATA_COLUMN_PID_1] = 1,
	[DATA_COLUMN_PID_2] = 1, [DATA_COLUMN_ID_0] = 1,
	[DATA_COLUMN_ID_1] = 1, [DATA_COLUMN_ID_2] = 1,
	[DATA_COLUMN_HEAD] = 5, [DATA_COLUMN_TIME_1] = 1,
	[DATA_COLUMN_FAR_1] = 1, [DATA_COLUMN_FAR_2] = 4,
	[DATA_COLUMN_TIME_0] = 1, [DATA_COLUMN_FAR_0] = 1,
};

static size_t room_of(enum data_column column, size_t most, size_t size)
{
	switch (column) {
	case DATA_COLUMN_REST:
		return size;
	case DATA_COLUMN_VALUE:
		return size / 8 * VALUE_MOST_BYTES;
	default:
		return most * widest[column];
	}
}

/* The slot of a kind, or the free one where it belongs. */
static uint16_t *find_slot(struct columns *columns, uint64_t w0, uint32_t pid)
{
	uint64_t hash = (w0 ^ (uint64_t)pid << 40) * 0x9e3779b97f4a7c15ULL;

	for (unsigned int i = hash >> (64 - SLOT_BITS);; i++) {
		uint16_t *slot = &columns->slots[i % NR_SLOTS];
		struct kind *kind = &columns->kinds[*slot];

		if (!*slot || (kind->w0 == w0 &&
			       (kind->pid & ~ONE_BY_ONE) == pid))
			return slot;
	}
}

/*
 * The last ones first, so that each finds its slot as when it came.  It is far less
 * than clearing all slots.
 */
static void forget_kinds(struct columns *columns)
{
	while (columns->nr_kinds > 1) {
		struct kind *kind = &columns->kinds[--columns->nr_kinds];

		*find_slot(columns, kind->w0, kind->pid & ~ONE_BY_ONE) = 0;
	}
}

void stackid_columns_begin(struct columns *columns, size_t size)
{
	/* RUN has a byte even if there is no record. */
	size_t most = size / sizeof(struct stackid_record) + 1;
	size_t need = 0, at = 0;

	for (int i = 0; i < DATA_NR_COLUMNS; i++)
		need += room_of(i, most, size);
	if (need > columns->room) {
		free(columns->buffer);
		columns->buffer = stackid_memory_resize(NULL, need, 1);
		columns->room = need;
	}
	for (int i = 0; i < DATA_NR_COLUMNS; i++) {
		columns->starts[i] = columns->buffer + at;
		columns->to[i] = columns->starts[i];
		at += room_of(i, most, size);
	}

	forget_kinds(columns);
	columns->kinds[0] = (struct kind) { .pid = ONE_BY_ONE };
	columns->values[0] = (struct kind_values) { };
	columns->kind = columns->kinds;
	columns->nr_kinds = 1;
	columns->time = 0;
	columns->count = 0;
	columns->counted = 0;
}

static inline void put(struct columns *columns, enum data_column column,
		       uint64_t bits, unsigned int nr)
{
	while (nr--) {
		*columns->to[column]++ = bits;
		bits >>= 8;
	}
}

static void put_far(struct columns *columns, uint64_t delta)
{
	put(columns, DATA_COLUMN_FAR_0, delta >> 8, 1);
	if (delta >> 16 < DATA_FURTHER) {
		put(columns, DATA_COLUMN_FAR_1, delta >> 16, 1);
		return;
	}
	put(columns, DATA_COLUMN_FAR_1, DATA_FURTHER, 1);
	put(columns, DATA_COLUMN_FAR_2, delta >> 16, 4);
}

/* The byte of TIME_1. */
static inline uint8_t put_time(struct columns *columns, uint64_t delta)
{
	if (delta >> 8 < DATA_FURTHER)
		return delta >> 8;
	put_far(columns, delta & TIME_MASK);
	return DATA_FURTHER;
}

static void put_run(struct columns *columns)
{
	size_t run = columns->count - columns->counted;

	for (; run >= DATA_FURTHER; run -= DATA_FURTHER)
		put(columns, DATA_COLUMN_RUN, DATA_FURTHER, 1);
	put(columns, DATA_COLUMN_RUN, run, 1);
	/* The record itself has a token. */
	columns->counted = columns->count + 1;
}

static void put_token(struct columns *columns, unsigned int token)
{
	put_run(columns);
	put(columns, DATA_COLUMN_TOKEN, token, 1);
}

/* One that is no news, but not the one expected either. */
static void put_known(struct columns *columns, struct kind *next)
{
	struct kind *kind = columns->kind;
	unsigned int number = next - columns->kinds;

	if (number == kind->other) {
		put_token(columns, DATA_TOKEN_OTHER);
	} else {
		put_token(columns, DATA_TOKEN_KNOWN);
		put(columns, DATA_COLUMN_KIND_0, number, 1);
		put(columns, DATA_COLUMN_KIND_1, number >> 8, 1);
	}
	expect(columns->kinds, kind, next);
}

static bool is_repeatable(const struct stackid_record *record)
{
	size_t size = sizeof(*record) + 8 * stackid_record_nr_values(record);

	return stackid_record_is_hit(record) &&
	       !stackid_record_stack(record) &&
	       stackid_rec_size(record) == size;
}

static struct kind *put_new(struct columns *columns, uint16_t *slot,
			    const struct stackid_record *record)
{
	uint32_t pid = stackid_rec_pid(record);
	struct kind *kind = columns->kind, *next;
	uint64_t w0 = record->w0;
	unsigned int token = DATA_TOKEN_NEW;

	if (pid != (kind->pid & ~ONE_BY_ONE)) {
		token |= DATA_NEW_PID;
		put(columns, DATA_COLUMN_PID_0, pid, 1);
		put(columns, DATA_COLUMN_PID_1, pid >> 8, 1);
		put(columns, DATA_COLUMN_PID_2, pid >> 16, 1);
	}
	if ((w0 ^ kind->w0) & ID_MASK) {
		token |= DATA_NEW_ID;
		put(columns, DATA_COLUMN_ID_0, w0 >> ID_SHIFT, 1);
		put(columns, DATA_COLUMN_ID_1, w0 >> (ID_SHIFT + 8), 1);
		put(columns, DATA_COLUMN_ID_2, w0 >> (ID_SHIFT + 16), 1);
	}
	if ((w0 ^ kind->w0) & ~ID_MASK) {
		token |= DATA_NEW_HEAD;
		put(columns, DATA_COLUMN_HEAD, (w0 & LOW_BITS(ID_SHIFT)) |
		    w0 >> HIGH_SHIFT << ID_SHIFT, 5);
	}
	put_token(columns, token);

	if (columns->nr_kinds < DATA_NR_KINDS) {
		*slot = columns->nr_kinds;
		next = &columns->kinds[columns->nr_kinds++];
	} else {
		/* It is in no slot, so that nobody finds it. */
		next = columns->kinds;
	}
	expect(columns->kinds, kind, next);
	next->w0 = w0;
	next->pid = pid | (is_repeatable(record) ? 0 : ONE_BY_ONE);
	next->next = 0;
	next->other = 0;
	columns->values[next - columns->kinds] = (struct kind_values) { };
	return next;
}

static inline void put_values(struct columns *columns, const struct kind *kind,
			      const uint64_t *values, unsigned int nr)
{
	uint64_t *last = columns->values[kind - columns->kinds].at;

	for (unsigned int i = 0; i < nr; i++) {
		uint64_t difference = values[i] ^ last[i];

		last[i] = values[i];
		for (; difference >= VALUE_MORE; difference >>= VALUE_BITS)
			put(columns, DATA_COLUMN_VALUE, difference | VALUE_MORE,
			    1);
		put(columns, DATA_COLUMN_VALUE, difference, 1);
	}
}

size_t stackid_columns_repeat(struct columns *columns, const void *records,
			      size_t size)
{
	const size_t longest = sizeof(struct stackid_record) +
			       8 * STACKID_MAX_VALUES;
	uint8_t *time_0 = columns->starts[DATA_COLUMN_TIME_0];
	uint8_t *time_1 = columns->starts[DATA_COLUMN_TIME_1];
	struct kind *kinds = columns->kinds;
	struct kind *kind = columns->kind;
	uint64_t time = columns->time;
	size_t count = columns->count;
	const char *p = records, *last;

	if (size < longest)
		return 0;
	last = p + size - longest;
	while (p <= last) {
		const struct stackid_record *record = (const void *)p;
		struct kind *next = &kinds[kind->next];
		uint64_t now = record->w1 >> STACKID_PID_BITS;

		if (record->w0 != next->w0 ||
		    stackid_rec_pid(record) != next->pid) {
			next = &kinds[*find_slot(columns, record->w0,
						 stackid_rec_pid(record))];
			if (next == kinds || next->pid & ONE_BY_ONE)
				break;
			columns->kind = kind;
			columns->count = count;
			put_known(columns, next);
		}
		time_0[count] = now - time;
		time_1[count] = put_time(columns, now - time);
		count++;
		time = now;
		kind = next;
		p += sizeof(*record);
		if (stackid_record_has_values(record)) {
			unsigned int nr = stackid_record_nr_values(record);

			put_values(columns, next, (const uint64_t *)p, nr);
			p += 8 * nr;
		}
	}
	columns->kind = kind;
	columns->time = time;
	columns->count = count;
	return p - (const char *)records;
}

void stackid_columns_add(struct columns *columns,
			 const struct stackid_record *record)
{
	uint64_t now = record->w1 >> STACKID_PID_BITS;
	uint32_t pid = stackid_rec_pid(record);
	size_t rest = stackid_rec_size(record) - sizeof(*record);
	unsigned int nr_values = 0;
	struct kind *next = &columns->kinds[columns->kind->next];
	const char *p;

	if (record->w0 != next->w0 || pid != (next->pid & ~ONE_BY_ONE)) {
		uint16_t *slot = find_slot(columns, record->w0, pid);

		if (*slot) {
			next = &columns->kinds[*slot];
			put_known(columns, next);
		} else {
			next = put_new(columns, slot, record);
		}
	}
	columns->kind = next;
	columns->starts[DATA_COLUMN_TIME_0][columns->count] =
		now - columns->time;
	columns->starts[DATA_COLUMN_TIME_1][columns->count] =
		put_time(columns, now - columns->time);
	columns->time = now;
	columns->count++;
	p = (const char *)(record + 1);
	if (!stackid_record_stack(record))
		nr_values = stackid_record_nr_values(record);
	put_values(columns, next, (const uint64_t *)p, nr_values);
	p += 8 * nr_values;
	rest -= 8 * nr_values;
	memcpy(columns->to[DATA_COLUMN_REST], p, rest);
	columns->to[DATA_COLUMN_REST] += rest;
}

uint32_t stackid_columns_count(const struct columns *columns)
{
	return columns->count;
}

void stackid_columns_end(struct columns *columns,
			 struct iovec pieces[COLUMNS_PIECES])
{
	put_run(columns);
	columns->to[DATA_COLUMN_TIME_0] += columns->count;
	columns->to[DATA_COLUMN_TIME_1] += columns->count;
	pieces[0] = (struct iovec) { &columns->head, sizeof(columns->head) };
	for (int i = 0; i < DATA_NR_COLUMNS; i++) {
		size_t size = columns->to[i] - columns->starts[i];

		pieces[1 + i] = (struct iovec) { columns->starts[i], size };
		columns->head.sizes[i] = size;
	}
}
