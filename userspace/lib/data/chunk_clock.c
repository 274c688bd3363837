// SPDX-License-Identifier: GPL-2.0
/* Sums of the differences that a chunk has instead of times. */
#include <string.h>

#include "chunk_clock.h"

/* Eight bytes at once: in words, as no compiler makes vectors of it at -O2. */
#define EACH_BYTE(x)	((x) * 0x0101010101010101ULL)
#define EVEN_BYTES	0x00ff00ff00ff00ffULL
/* A pair of bytes is at most 510: so many of them have room in 16 bits. */
#define MOST_PAIRS	128
/* An item of FAR_2. */
#define FAR_SIZE	4

/* Differences are modulo twice that, so this much is one back. */
#define HALF_ROUND	(1ULL << (STACKID_TIME_LOW_BITS - 1))

static uint64_t read_word(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

static uint64_t sum_of_16(uint64_t fours)
{
	return (fours & 0xffff) + (fours >> 16 & 0xffff) +
	       (fours >> 32 & 0xffff) + (fours >> 48);
}

static uint64_t sum(const uint8_t *p, size_t nr)
{
	uint64_t all = 0;

	while (nr >= 8) {
		size_t words = nr / 8 < MOST_PAIRS ? nr / 8 : MOST_PAIRS;
		uint64_t fours = 0;

		nr -= 8 * words;
		for (; words--; p += 8) {
			uint64_t word = read_word(p);

			fours += (word & EVEN_BYTES) + (word >> 8 & EVEN_BYTES);
		}
		all += sum_of_16(fours);
	}
	while (nr--)
		all += *p++;
	return all;
}

/* How many bytes are DATA_FURTHER, that is, all ones. */
static size_t count_further(const uint8_t *p, size_t nr)
{
	size_t all = 0;

	while (nr >= 8) {
		size_t words = nr / 8 < DATA_FURTHER ? nr / 8 : DATA_FURTHER;
		uint64_t found = 0;

		nr -= 8 * words;
		for (; words--; p += 8) {
			uint64_t not = ~read_word(p);

			/* Bit 7 of each byte that is not 0. */
			not |= (not & EACH_BYTE(0x7f)) + EACH_BYTE(0x7f);
			found += ~not >> 7 & EACH_BYTE(1);
		}
		all += sum_of_16((found & EVEN_BYTES) +
				 (found >> 8 & EVEN_BYTES));
	}
	while (nr--)
		all += *p++ == DATA_FURTHER;
	return all;
}

static uint64_t read_far(const uint8_t *p)
{
	return p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
	       (uint64_t)p[3] << 24;
}

/* Of the next of those for which TIME_1 had no room: what is above its low byte. */
static uint64_t next_far(struct chunk_clock *clock)
{
	uint64_t delta = (uint64_t)*clock->far_0++ << 8;
	uint64_t more = *clock->far_1++;

	if (more == DATA_FURTHER) {
		more = read_far(clock->far_2);
		clock->far_2 += FAR_SIZE;
	}
	return delta | more << 16;
}

static uint64_t next_delta(struct chunk_clock *clock)
{
	size_t i = clock->index++;

	if (clock->time_1[i] == DATA_FURTHER)
		return clock->time_0[i] | next_far(clock);
	return clock->time_0[i] | (uint64_t)clock->time_1[i] << 8;
}

/* Every byte has its place in FAR_0 to FAR_2, and there is none without. */
static bool columns_fit(const struct columns_source *source, size_t nr)
{
	size_t far = columns_left(source, DATA_COLUMN_FAR_0);
	size_t further;

	if (columns_left(source, DATA_COLUMN_TIME_0) != nr ||
	    columns_left(source, DATA_COLUMN_TIME_1) != nr ||
	    columns_left(source, DATA_COLUMN_FAR_1) != far ||
	    count_further(source->from[DATA_COLUMN_TIME_1], nr) != far)
		return false;
	further = count_further(source->from[DATA_COLUMN_FAR_1], far);
	return columns_left(source, DATA_COLUMN_FAR_2) ==
	       further * FAR_SIZE;
}

static bool goes_back(const struct chunk_clock *clock,
		      const struct columns_source *source)
{
	const uint8_t *p = clock->far_2;

	for (; p < source->end[DATA_COLUMN_FAR_2]; p += FAR_SIZE) {
		if (read_far(p) >= HALF_ROUND >> 16)
			return true;
	}
	return false;
}

bool stackid_chunk_clock_begin(struct chunk_clock *clock,
			       struct columns_source *source, size_t nr)
{
	static const enum data_column columns[] = {
		DATA_COLUMN_TIME_0, DATA_COLUMN_TIME_1, DATA_COLUMN_FAR_0,
		DATA_COLUMN_FAR_1, DATA_COLUMN_FAR_2,
	};

	if (!columns_fit(source, nr))
		return false;
	*clock = (struct chunk_clock) {
		.nr = nr,
		.time_0 = source->from[DATA_COLUMN_TIME_0],
		.time_1 = source->from[DATA_COLUMN_TIME_1],
		.far_0 = source->from[DATA_COLUMN_FAR_0],
		.far_1 = source->from[DATA_COLUMN_FAR_1],
		.far_2 = source->from[DATA_COLUMN_FAR_2],
	};
	/* The first one is no difference. */
	clock->time = next_delta(clock) & TIME_MASK;
	if (goes_back(clock, source))
		return false;
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		source->from[columns[i]] = source->end[columns[i]];
	return true;
}

void stackid_chunk_clock_advance(struct chunk_clock *clock, size_t index)
{
	const uint8_t *time_1 = clock->time_1 + clock->index;
	size_t nr = index - clock->index;
	size_t far;

	if (nr < 8) {
		while (clock->index < index)
			clock->time += next_delta(clock);
		return;
	}
	far = count_further(time_1, nr);
	clock->time += sum(clock->time_0 + clock->index, nr) +
		       ((sum(time_1, nr) - far * DATA_FURTHER) << 8);
	while (far--)
		clock->time += next_far(clock);
	clock->index = index;
}

void stackid_chunk_clock_find(struct chunk_clock *clock, uint64_t time)
{
	struct chunk_clock next;

	while (clock->nr - clock->index > CLOCK_STRIDE) {
		next = *clock;
		stackid_chunk_clock_advance(&next, clock->index + CLOCK_STRIDE);
		if (next.time >= time)
			break;
		*clock = next;
	}
	while (clock->index < clock->nr) {
		next = *clock;
		next.time += next_delta(&next);
		if (next.time >= time)
			break;
		*clock = next;
	}
}
