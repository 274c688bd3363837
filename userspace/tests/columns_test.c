// SPDX-License-Identifier: GPL-2.0
/* Records as columns and back: the same bytes, and no crash whatever is read. */
#include <stdlib.h>
#include <string.h>

#include "../lib/data/columns.h"
#include "../lib/data/columns_decode.h"
#include "canned.h"
#include "test.h"

#define ROUNDS	200

/* Numbers that look random and are the same in every run. */
static uint64_t draw(uint64_t *state)
{
	uint64_t x = ++*state * 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

struct payload {
	char *data;
	size_t size;
	size_t count;
};

/* What a file would hold; NULL if it was refused. */
static struct payload encode(const void *records, size_t size)
{
	struct columns *columns = stackid_columns_create();
	struct payload payload = { };

	/* Twice, because nothing of one chunk may be left in the next. */
	if (canned_fill(columns, records, size) &&
	    canned_fill(columns, records, size)) {
		payload.count = stackid_columns_count(columns);
		payload.data = canned_join(columns, &payload.size);
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
	back = stackid_columns_decode(payload.data, payload.size,
				      payload.count, &size);
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
				.nr_values = (any >> 32 & 7 & round) % 5,
				.values = { any, any >> 1, 5, any & 7 },
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

/* The widths of a time, to both sides of where they change; and back in time. */
static void times_come_back(void)
{
	static const uint64_t edges[] = { 0xff00, 0xff0000 };
	struct canned canned = { };
	struct canned_hit hit = {
		.type = STACKID_REC_EVENT_USER,
		.generation = 1,
		.event = 1,
		.pid = 1,
		.time = 1,
	};

	for (int off = -1; off <= 1; off++) {
		for (unsigned int bit = 0; bit < 56; bit++) {
			hit.time += (1ULL << bit) + off;
			canned_event(&canned, &hit, NULL);
		}
		for (size_t i = 0; i < ARRAY_SIZE(edges); i++) {
			hit.time += edges[i] + off;
			canned_event(&canned, &hit, NULL);
			hit.time -= edges[i];
			canned_event(&canned, &hit, NULL);
		}
	}
	check_same(&canned);
	canned_free(&canned);
}

/* As many as a byte of RUN can count, and one more or less. */
static void runs_come_back(void)
{
	for (unsigned int length = 0; length < 1024; length++) {
		struct canned canned = { };
		struct canned_hit hit = { .type = STACKID_REC_EVENT };

		for (hit.event = 1; hit.event <= 2; hit.event++) {
			for (unsigned int i = 0; i <= length; i++)
				canned_event(&canned, &hit, NULL);
		}
		check_same(&canned);
		canned_free(&canned);
	}
}

/* More than have numbers; the last ones again, and the first ones. */
static void many_kinds_come_back(void)
{
	struct canned canned = { };

	/* As many as fit into a chunk; the first ones come again. */
	for (unsigned int i = 0; i < 24000; i++) {
		struct canned_hit hit = {
			.type = STACKID_REC_EVENT,
			.event = 1,
			.id = i / 2 % 10000,
			.pid = i % 2,
			.time = 100 * i,
		};

		canned_event(&canned, &hit, NULL);
		if (i % 3 == 0)
			canned_event(&canned, &hit, NULL);
	}
	check_same(&canned);
	canned_free(&canned);
}

/* How many bytes of it are repeated behind all of @before. */
static size_t repeated(const struct canned *before, const void *records,
		       size_t size)
{
	struct columns *columns = stackid_columns_create();

	CHECK(canned_fill(columns, before->data, before->size));
	size = stackid_columns_repeat(columns, records, size);
	stackid_columns_destroy(columns);
	return size;
}

static void only_what_was_looked_at_repeats(void)
{
	static const struct canned_stack stack = { .nr = 1, .pcs = { 1 } };
	struct canned_hit hit = { .type = STACKID_REC_EVENT, .event = 1 };
	/* Without a size, of no type and of a strange size. */
	const uint64_t wrong[][4] = { { 1 }, { }, { 0x0401 }, { 0x0309 } };
	struct canned one = { }, other = { }, none = { };
	size_t size;

	hit.id = 1;
	canned_event(&one, &hit, NULL);
	size = one.size;
	hit.nr_values = 1;
	canned_event(&one, &hit, NULL);
	CHECK_EQUAL(repeated(&none, one.data, one.size), 0);
	/* The last one may be cut off for all that is known: the longest has 48 bytes. */
	canned_pad(&one, 24);
	CHECK_EQUAL(repeated(&one, one.data, one.size), one.size - 24);
	CHECK_EQUAL(repeated(&one, one.data, size), 0);

	hit.id = 2;
	canned_event(&one, &hit, NULL);
	canned_pad(&one, 48);
	CHECK_EQUAL(repeated(&one, one.data, one.size), size + 24);
	hit.nr_values = 0;
	hit.pid = 1;
	hit.id = 1;
	canned_event(&other, &hit, NULL);
	canned_pad(&other, 16);
	CHECK_EQUAL(repeated(&one, other.data, other.size), 0);
	canned_clear(&other);

	canned_number(&other, STACKID_REC_LOST, 1, 1, 1);
	hit.type = STACKID_REC_EVENT_STACK;
	hit.id = 0;
	canned_event(&other, &hit, &stack);
	canned_task(&other, 1, 1, 1, 1, 1, "x");
	canned_module(&other, 1, 1, STACKID_MODULE_LOADED, "x");
	for (size_t at = 0; at < other.size;) {
		const struct stackid_record *record =
			(const void *)(other.data + at);

		CHECK_EQUAL(repeated(&other, record, other.size - at), 0);
		at += stackid_rec_size(record);
	}
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		CHECK_EQUAL(repeated(&one, wrong[i], sizeof(wrong[i])), 0);
		CHECK_EQUAL(repeated(&none, wrong[i], sizeof(wrong[i])), 0);
	}
	canned_free(&one);
	canned_free(&other);
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
			.nr_values = i == 7 ? 3 : 0,
		};

		if (i == 5)
			hit.type = STACKID_REC_EVENT_STACK;
		canned_event(&canned, &hit, i == 5 ? &stack : NULL);
	}
	canned_task(&canned, 2, 1ULL << 40, 7, 7, 1, "somebody");
	return canned;
}

/* In a buffer of its own size, so that a tool that looks sees every step beside. */
static bool reads(const char *data, size_t size, size_t count)
{
	char *copy = malloc(size ? size : 1);
	size_t records_size;
	void *records;
	bool right;

	if (size)
		memcpy(copy, data, size);
	records = stackid_columns_decode(copy, size, count, &records_size);
	right = records;
	free(records);
	free(copy);
	return right;
}

static void cut_payloads_are_refused(void)
{
	struct canned records = some_records();
	struct payload payload = encode(records.data, records.size);

	CHECK(reads(payload.data, payload.size, payload.count));
	for (size_t size = 0; size < payload.size; size++)
		CHECK(!reads(payload.data, size, payload.count));
	free(payload.data);
	canned_free(&records);
}

/* Every byte in every way: refused or not, it is survived. */
static void wrong_payloads_are_survived(void)
{
	struct canned records = some_records();
	struct payload payload = encode(records.data, records.size);
	struct data_columns *head = (void *)payload.data;
	size_t tokens = sizeof(*head) + head->sizes[DATA_COLUMN_RUN];
	unsigned int refused = 0;

	for (size_t at = 0; at < payload.size; at++) {
		for (unsigned int bits = 1; bits < 256; bits++) {
			payload.data[at] ^= bits;
			/* Wrong sizes, and tokens of no meaning, are seen. */
			if (!reads(payload.data, payload.size, payload.count))
				refused++;
			else
				CHECK(at >= sizeof(*head));
			payload.data[at] ^= bits;
		}
	}
	CHECK(refused > sizeof(*head) * 255);
	payload.data[tokens] |= 0x80;
	CHECK(!reads(payload.data, payload.size, payload.count));
	free(payload.data);
	canned_free(&records);
}

static const struct test tests[] = {
	TEST(random_records_come_back),
	TEST(likely_records_come_back),
	TEST(extreme_records_come_back),
	TEST(times_come_back),
	TEST(runs_come_back),
	TEST(many_kinds_come_back),
	TEST(only_what_was_looked_at_repeats),
	TEST(cut_payloads_are_refused),
	TEST(wrong_payloads_are_survived),
};

int main(void)
{
	return test_main(tests, ARRAY_SIZE(tests));
}
