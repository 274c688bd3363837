// SPDX-License-Identifier: GPL-2.0
/* Records as columns, encoding 1 of a chunk, and back. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "columns.h"
#include "memory.h"
#include "records.h"

#define WHAT_BITS	50
#define HEAD_BITS	26
#define TABLE_BITS	DATA_GUESS_BITS

#define LOW_BITS(nr)	((1ULL << (nr)) - 1)

/**
 * struct guesser - what is expected of the next record; the same on both sides
 * @last:       what a thread's last record was
 * @next:       what followed it the last time
 * @after:      what followed this CPU's last record the last time
 * @pid_after:  the thread that followed this thread's same record
 * @pid_beside: the thread that followed this thread
 * @what, @pid, @time: of the last record
 */
struct guesser {
	uint64_t last[1 << TABLE_BITS];
	uint64_t next[1 << TABLE_BITS];
	uint64_t after[1 << TABLE_BITS];
	uint32_t pid_after[1 << TABLE_BITS];
	uint32_t pid_beside[1 << TABLE_BITS];
	uint64_t what;
	uint64_t time;
	uint32_t pid;
};

struct columns {
	struct guesser guesser;
	struct data_columns head;
	uint8_t *buffer;
	size_t room;
};

static inline unsigned int slot_of(uint64_t x)
{
	return (x * DATA_GUESS_FACTOR) >> (64 - TABLE_BITS);
}

static inline void find_pids(struct guesser *guesser, uint32_t *pids[2])
{
	pids[0] = &guesser->pid_after[slot_of(guesser->what ^
					      (uint64_t)guesser->pid << 40)];
	pids[1] = &guesser->pid_beside[slot_of(guesser->pid)];
}

static inline void find_whats(struct guesser *guesser, uint32_t pid,
			      uint64_t *whats[3])
{
	whats[1] = &guesser->last[slot_of(pid)];
	whats[0] = &guesser->next[slot_of(*whats[1] ^ (uint64_t)pid << 40)];
	whats[2] = &guesser->after[slot_of(guesser->what)];
}

static inline void learn(struct guesser *guesser, uint32_t pid,
			 uint32_t *pids[2], uint64_t what, uint64_t *whats[3])
{
	if (pid != guesser->pid)
		*pids[0] = *pids[1] = pid;
	*whats[0] = what;
	*whats[1] = what;
	*whats[2] = what;
	guesser->pid = pid;
	guesser->what = what;
}

struct columns *stackid_columns_create(void)
{
	return stackid_memory_zalloc(1, sizeof(struct columns));
}

void stackid_columns_destroy(struct columns *columns)
{
	free(columns->buffer);
	free(columns);
}

/* What a record may take of each column but REST. */
static const unsigned char widest[DATA_NR_COLUMNS] = {
	[DATA_COLUMN_TOKEN] = 1, [DATA_COLUMN_TIME_0] = 1,
	[DATA_COLUMN_TIME_1] = 1, [DATA_COLUMN_TIME_2] = 1,
	[DATA_COLUMN_TIME_FAR] = 5, [DATA_COLUMN_PID_0] = 1,
	[DATA_COLUMN_PID_1] = 1, [DATA_COLUMN_PID_2] = 1,
	[DATA_COLUMN_ID_0] = 1, [DATA_COLUMN_ID_1] = 1,
	[DATA_COLUMN_ID_2] = 1, [DATA_COLUMN_HEAD] = 4,
};

static void place_columns(struct columns *columns, size_t size,
			  uint8_t *starts[DATA_NR_COLUMNS])
{
	size_t most = size / sizeof(struct stackid_record);
	size_t need = size, at = 0;

	for (int i = 0; i < DATA_NR_COLUMNS; i++)
		need += most * widest[i];
	if (need > columns->room) {
		free(columns->buffer);
		columns->buffer = stackid_memory_zalloc(need, 1);
		columns->room = need;
	}
	for (int i = 0; i < DATA_NR_COLUMNS; i++) {
		starts[i] = columns->buffer + at;
		at += most * widest[i];
	}
}

static inline void put_bytes(uint8_t **to, uint64_t bits, unsigned int nr)
{
	while (nr--) {
		*(*to)++ = bits;
		bits >>= 8;
	}
}

static inline unsigned int put_time(uint8_t **to, uint64_t delta)
{
	*to[DATA_COLUMN_TIME_0]++ = delta;
	*to[DATA_COLUMN_TIME_1]++ = delta >> 8;
	if (!(delta >> 16))
		return DATA_TIME_NEAR;
	if (!(delta >> 24)) {
		*to[DATA_COLUMN_TIME_2]++ = delta >> 16;
		return DATA_TIME_MIDDLE;
	}
	put_bytes(&to[DATA_COLUMN_TIME_FAR], delta >> 16, 5);
	return DATA_TIME_FAR;
}

static inline unsigned int put_pid(uint8_t **to, const struct guesser *guesser,
				   uint32_t pid, uint32_t *const pids[2])
{
	if (pid == guesser->pid)
		return DATA_PID_SAME;
	if (pid == *pids[0])
		return DATA_PID_AFTER;
	if (pid == *pids[1])
		return DATA_PID_BESIDE;
	*to[DATA_COLUMN_PID_0]++ = pid;
	*to[DATA_COLUMN_PID_1]++ = pid >> 8;
	*to[DATA_COLUMN_PID_2]++ = pid >> 16;
	return DATA_PID_LITERAL;
}

static inline unsigned int put_what(uint8_t **to, uint64_t what,
				    uint64_t *const whats[3])
{
	uint32_t id = what >> HEAD_BITS;

	if (what == *whats[0])
		return DATA_WHAT_NEXT;
	if (what == *whats[1])
		return DATA_WHAT_LAST;
	if (what == *whats[2])
		return DATA_WHAT_AFTER;
	*to[DATA_COLUMN_ID_0]++ = id;
	*to[DATA_COLUMN_ID_1]++ = id >> 8;
	*to[DATA_COLUMN_ID_2]++ = id >> 16;
	if (!((what ^ *whats[1]) & LOW_BITS(HEAD_BITS)))
		return DATA_WHAT_ID;
	put_bytes(&to[DATA_COLUMN_HEAD], what & LOW_BITS(HEAD_BITS), 4);
	return DATA_WHAT_LITERAL;
}

static inline void put_record(uint8_t **to, struct guesser *guesser,
			      const struct stackid_record *record)
{
	uint64_t what = record->w0 & LOW_BITS(WHAT_BITS);
	uint64_t time = stackid_rec_time_bits(record);
	uint32_t pid = stackid_rec_pid(record);
	unsigned int token;
	uint64_t *whats[3];
	uint32_t *pids[2];

	find_pids(guesser, pids);
	find_whats(guesser, pid, whats);
	token = put_pid(to, guesser, pid, pids);
	token |= put_what(to, what, whats);
	token |= put_time(to, (time - guesser->time) &
			      LOW_BITS(STACKID_TIME_BITS));
	*to[DATA_COLUMN_TOKEN]++ = token;
	guesser->time = time;
	learn(guesser, pid, pids, what, whats);
}

bool stackid_columns_encode(struct columns *columns, const void *records,
			    size_t size, struct iovec pieces[COLUMNS_PIECES])
{
	uint8_t *starts[DATA_NR_COLUMNS], *to[DATA_NR_COLUMNS];
	const char *end = (const char *)records + size;
	const char *p = records;

	place_columns(columns, size, starts);
	memcpy(to, starts, sizeof(to));
	memset(&columns->guesser, 0, sizeof(columns->guesser));
	while (p < end) {
		const struct stackid_record *record = (const void *)p;
		size_t left = end - p, whole;

		if (left < sizeof(record->w0))
			return false;
		whole = stackid_rec_size(record);
		if (!whole || whole > left)
			return false;
		p += whole;
		if (stackid_rec_type(record) == STACKID_REC_PAD)
			continue;
		if (whole < sizeof(*record))
			return false;
		put_record(to, &columns->guesser, record);
		if (whole > sizeof(*record)) {
			whole -= sizeof(*record);
			memcpy(to[DATA_COLUMN_REST], record + 1, whole);
			to[DATA_COLUMN_REST] += whole;
		}
	}

	pieces[0] = (struct iovec) { &columns->head, sizeof(columns->head) };
	for (int i = 0; i < DATA_NR_COLUMNS; i++) {
		pieces[1 + i] = (struct iovec) { starts[i], to[i] - starts[i] };
		columns->head.sizes[i] = to[i] - starts[i];
	}
	return true;
}

/**
 * struct source - columns that are being read
 * @wrong: one of them ended too early, or said what cannot be
 */
struct source {
	const uint8_t *from[DATA_NR_COLUMNS];
	const uint8_t *end[DATA_NR_COLUMNS];
	bool wrong;
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

static uint64_t get_time(struct source *source, unsigned int token)
{
	uint64_t delta = get(source, DATA_COLUMN_TIME_0, 1);

	delta |= get(source, DATA_COLUMN_TIME_1, 1) << 8;
	switch (token & DATA_TIME_MASK) {
	case DATA_TIME_NEAR:
		break;
	case DATA_TIME_MIDDLE:
		delta |= get(source, DATA_COLUMN_TIME_2, 1) << 16;
		break;
	case DATA_TIME_FAR:
		delta |= get(source, DATA_COLUMN_TIME_FAR, 5) << 16;
		break;
	default:
		source->wrong = true;
	}
	return delta;
}

static uint32_t get_pid(struct source *source, unsigned int token,
			const struct guesser *guesser, uint32_t *const pids[2])
{
	uint32_t pid;

	switch (token & DATA_PID_MASK) {
	case DATA_PID_SAME:
		return guesser->pid;
	case DATA_PID_AFTER:
		return *pids[0];
	case DATA_PID_BESIDE:
		return *pids[1];
	}
	pid = get(source, DATA_COLUMN_PID_0, 1);
	pid |= get(source, DATA_COLUMN_PID_1, 1) << 8;
	pid |= get(source, DATA_COLUMN_PID_2, 1) << 16;
	return pid & LOW_BITS(STACKID_PID_BITS);
}

static uint64_t get_what(struct source *source, unsigned int token,
			 uint64_t *const whats[3])
{
	uint64_t what;

	switch (token & DATA_WHAT_MASK) {
	case DATA_WHAT_NEXT:
		return *whats[0];
	case DATA_WHAT_LAST:
		return *whats[1];
	case DATA_WHAT_AFTER:
		return *whats[2];
	case DATA_WHAT_ID:
		what = *whats[1];
		break;
	case DATA_WHAT_LITERAL:
		what = get(source, DATA_COLUMN_HEAD, 4);
		break;
	default:
		source->wrong = true;
		return 0;
	}
	what &= LOW_BITS(HEAD_BITS);
	what |= get(source, DATA_COLUMN_ID_0, 1) << HEAD_BITS;
	what |= get(source, DATA_COLUMN_ID_1, 1) << (HEAD_BITS + 8);
	what |= get(source, DATA_COLUMN_ID_2, 1) << (HEAD_BITS + 16);
	return what;
}

static void get_record(struct source *source, struct guesser *guesser,
		       struct stackid_record *record)
{
	unsigned int token = get(source, DATA_COLUMN_TOKEN, 1);
	uint64_t *whats[3], what;
	uint32_t *pids[2], pid;

	find_pids(guesser, pids);
	pid = get_pid(source, token, guesser, pids);
	find_whats(guesser, pid, whats);
	what = get_what(source, token, whats);
	guesser->time += get_time(source, token);
	guesser->time &= LOW_BITS(STACKID_TIME_BITS);
	record->w0 = guesser->time >> STACKID_TIME_LOW_BITS << WHAT_BITS | what;
	record->w1 = guesser->time << STACKID_PID_BITS | pid;
	learn(guesser, pid, pids, what, whats);
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

/* Into exactly @room bytes, all columns being used up. */
static bool decode(struct source *source, struct guesser *guesser, char *to,
		   size_t room)
{
	size_t rest = source->end[DATA_COLUMN_REST] -
		      source->from[DATA_COLUMN_REST];

	for (size_t at = 0; at < room;) {
		struct stackid_record *record = (void *)(to + at);
		size_t whole;

		if (room - at < sizeof(*record))
			return false;
		get_record(source, guesser, record);
		whole = stackid_rec_size(record);
		if (source->wrong || whole < sizeof(*record) ||
		    whole - sizeof(*record) > rest)
			return false;
		at += whole;
		whole -= sizeof(*record);
		memcpy(record + 1, source->from[DATA_COLUMN_REST], whole);
		source->from[DATA_COLUMN_REST] += whole;
		rest -= whole;
	}
	for (int i = 0; i < DATA_NR_COLUMNS; i++) {
		if (source->from[i] != source->end[i])
			return false;
	}
	return true;
}

void *stackid_columns_decode(const void *payload, size_t payload_size,
			     size_t *size)
{
	struct guesser *guesser;
	struct source source;
	char *records;

	if (!open_source(&source, payload, payload_size))
		return NULL;
	*size = (source.end[DATA_COLUMN_TOKEN] -
		 source.from[DATA_COLUMN_TOKEN]) *
		sizeof(struct stackid_record) +
		(source.end[DATA_COLUMN_REST] - source.from[DATA_COLUMN_REST]);
	/* A payload may say anything, so having no memory for it is no end. */
	records = malloc(*size ? *size : 1);
	guesser = stackid_memory_zalloc(1, sizeof(*guesser));
	if (records && !decode(&source, guesser, records, *size)) {
		free(records);
		records = NULL;
	}
	free(guesser);
	return records;
}
