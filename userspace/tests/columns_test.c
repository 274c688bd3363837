// SPDX-License-Identifier: GPL-2.0
/* Records as columns and back: the same bytes, and no crash whatever is read. */
#include <stdlib.h>
#include <string.h>

#include "canned.h"
#include "columns.h"
#include "hash.h"
#include "test.h"

#define ROUNDS	200

/* Numbers that look random and are the same in every run. */
static uint64_t draw(uint64_t *state)
{
	return stackid_hash_u64(++*state);
}

struct payload {
	char *data;
	size_t size;
};

/* What a file would hold; NULL if it was refused. */
static struct payload encode(const void *records, size_t size)
{
	struct columns *columns = stackid_columns_create();
	struct iovec pieces[COLUMNS_PIECES];
	struct payload payload = { };

	if (stackid_columns_encode(columns, records, size, pieces)) {
		for (int i = 0; i < COLUMNS_PIECES; i++)
			payload.size += pieces[i].iov_len;
		payload.data = malloc(payload.size);
		payload.size = 0;
		for (int i = 0; i < COLUMNS_PIECES; i++) {
			if (!pieces[i].iov_len)
				continue;
			memcpy(payload.data + payload.size, pieces[i].iov_base,
			       pieces[i].iov_len);
			payload.size += pieces[i].iov_len;
		}
	}
	stackid_columns_destroy(columns);
	return payload;
}

static void check_same(const struct canned *records)
{
	struct payload payload = encode(records->data, records->size);
	size_t size = 0;
	char *back;

	CHECK(payload.data);
	if (!payload.data)
		return;
	back = stackid_columns_decode(payload.data, payload.size, &size);
	CHECK(back);
	CHECK_EQUAL(size, records->size);
	if (back && size && size == records->size)
		CHECK(!memcmp(back, records->data, size));
	free(back);
	free(payload.data);
}

/* @words as a whole: 2 of the head, and what follows. */
static void add_words(struct canned *canned, uint64_t w0, uint64_t w1,
		      unsigned int words, uint64_t *state)
{
	uint64_t record[255] = { (w0 & ~0xff00ULL) | words << 8, w1 };

	if (!(w0 & 0xf))
		record[0] |= STACKID_REC_EVENT;
	for (unsigned int i = 2; i < words; i++)
		record[i] = draw(state);
	canned_append(canned, record, 8 * words);
}

static void random_records_come_back(void)
{
	uint64_t state = 1;

	for (int round = 0; round < ROUNDS; round++) {
		struct canned canned = { };
		unsigned int nr = draw(&state) % 300;

		for (unsigned int i = 0; i < nr; i++) {
			uint64_t any = draw(&state);
			unsigned int words = 2;

			if (any % 5 == 0)
				words += (any >> 8) % 254;
			add_words(&canned, draw(&state), draw(&state), words,
				  &state);
		}
		check_same(&canned);
		canned_free(&canned);
	}
}

/* Few threads and stacks again and again, so that every token is used. */
static void likely_records_come_back(void)
{
	uint64_t state = 2;

	for (int round = 0; round < ROUNDS; round++) {
		struct canned canned = { };
		uint64_t time = draw(&state);

		for (unsigned int i = 0; i < 500; i++) {
			uint64_t any = draw(&state);
			struct canned_hit hit = {
				.type = STACKID_REC_EVENT,
				.generation = round + (any >> 60 == 7),
				.event = 1 + (any >> 4) % 2,
				.id = (any >> 8) % (1 + round % 8),
				.pid = (any >> 16) % (1 + round % 5),
				.has_value = any >> 32 & round & 1,
				.value = any,
			};

			time += (any >> 40) >> (any >> 24 & 31);
			hit.time = time;
			canned_event(&canned, &hit, NULL);
		}
		check_same(&canned);
		canned_free(&canned);
	}
}

static void extreme_records_come_back(void)
{
	const uint64_t extremes[] = {
		0, ~0ULL, 1ULL << 63, 1, 1ULL << 49, 1ULL << 50, 1ULL << 22,
		(1ULL << 22) - 1, 0x3ffffff, ~0x3ffffffULL,
	};
	struct canned canned = { };
	uint64_t state = 3;

	check_same(&canned);
	for (size_t i = 0; i < ARRAY_SIZE(extremes); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(extremes); j++) {
			add_words(&canned, extremes[i], extremes[j], 2, &state);
			add_words(&canned, extremes[j], extremes[i],
				  j % 2 ? 255 : 3, &state);
		}
	}
	check_same(&canned);
	canned_free(&canned);
}

/* The three widths of a time, to both sides of where they change. */
static void times_come_back(void)
{
	struct canned canned = { };
	uint64_t time = 1;

	for (unsigned int bit = 0; bit < 56; bit++) {
		for (int off = -1; off <= 1; off++) {
			struct canned_hit hit = {
				.type = STACKID_REC_EVENT_USER,
				.generation = 1,
				.event = 1,
				.pid = 1,
			};

			time += (1ULL << bit) + off;
			hit.time = time;
			canned_event(&canned, &hit, NULL);
		}
	}
	check_same(&canned);
	canned_free(&canned);
}

static void pads_are_left_out(void)
{
	struct canned with = { }, without = { };
	struct canned_hit hit = { .type = STACKID_REC_EVENT, .event = 1 };
	struct payload a, b;

	for (unsigned int i = 0; i < 10; i++) {
		hit.id = i % 3;
		hit.time += 1000;
		canned_event(&with, &hit, NULL);
		canned_event(&without, &hit, NULL);
		canned_pad(&with, 8 + 8 * i);
	}
	a = encode(with.data, with.size);
	b = encode(without.data, without.size);
	CHECK(a.data && b.data);
	CHECK_EQUAL(a.size, b.size);
	CHECK(!memcmp(a.data, b.data, b.size));
	free(a.data);
	free(b.data);
	canned_free(&with);
	canned_free(&without);
}

static void what_is_no_record_is_refused(void)
{
	const uint64_t wrong[][2] = {
		{ 0x0001, 0 },	/* no size */
		{ 0x0101, 0 },	/* 1 word */
		{ 0x0301, 0 },	/* more than there is */
		{ 0x0300, 0 },	/* a PAD of more than there is */
	};

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		CHECK(!encode(wrong[i], sizeof(wrong[i])).data);
	CHECK(!encode(wrong[1], 4).data);
}

static struct canned some_records(void)
{
	static const struct canned_stack stack = {
		.nr = 2, .pcs = { 0xffffffff81000010, 0xffffffff81000210 },
	};
	struct canned canned = { };

	canned_number(&canned, STACKID_REC_GENERATION, 2, 900, 2);
	for (unsigned int i = 0; i < 12; i++) {
		struct canned_hit hit = {
			.type = STACKID_REC_EVENT,
			.generation = 2,
			.event = 1 + i % 2,
			.id = i % 4,
			.pid = i % 3,
			.time = 1000 + (1ULL << 3 * i),
			.has_value = i == 7,
		};

		if (i == 5)
			hit.type = STACKID_REC_EVENT_STACK;
		canned_event(&canned, &hit, i == 5 ? &stack : NULL);
	}
	canned_task(&canned, 2, 1ULL << 40, 7, 7, 1, "somebody");
	return canned;
}

/* In a buffer of its own size, so that a tool that looks sees every step beside. */
static bool reads(const char *data, size_t size)
{
	char *copy = malloc(size ? size : 1);
	size_t records_size;
	void *records;

	memcpy(copy, data, size);
	records = stackid_columns_decode(copy, size, &records_size);
	free(records);
	free(copy);
	return records;
}

static void cut_payloads_are_refused(void)
{
	struct canned records = some_records();
	struct payload payload = encode(records.data, records.size);

	CHECK(reads(payload.data, payload.size));
	for (size_t size = 0; size < payload.size; size++)
		CHECK(!reads(payload.data, size));
	free(payload.data);
	canned_free(&records);
}

/* Every byte in every way: refused or not, it is survived. */
static void wrong_payloads_are_survived(void)
{
	struct canned records = some_records();
	struct payload payload = encode(records.data, records.size);
	struct data_columns *head = (void *)payload.data;
	size_t tokens = sizeof(*head);
	unsigned int refused = 0;

	for (size_t at = 0; at < payload.size; at++) {
		for (unsigned int bits = 1; bits < 256; bits++) {
			payload.data[at] ^= bits;
			/* Wrong sizes, and tokens of no meaning, are seen. */
			if (!reads(payload.data, payload.size))
				refused++;
			else
				CHECK(at >= tokens);
			payload.data[at] ^= bits;
		}
	}
	CHECK(refused > sizeof(*head) * 255);
	payload.data[tokens] |= 0x80;
	CHECK(!reads(payload.data, payload.size));
	free(payload.data);
	canned_free(&records);
}

static const struct test tests[] = {
	TEST(random_records_come_back),
	TEST(likely_records_come_back),
	TEST(extreme_records_come_back),
	TEST(times_come_back),
	TEST(pads_are_left_out),
	TEST(what_is_no_record_is_refused),
	TEST(cut_payloads_are_refused),
	TEST(wrong_payloads_are_survived),
};

int main(void)
{
	return test_main(tests, ARRAY_SIZE(tests));
}
