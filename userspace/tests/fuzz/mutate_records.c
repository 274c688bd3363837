// SPDX-License-Identifier: GPL-2.0
/* Records and definitions that are changed one by one. */
#include <string.h>

#include <stackid.h>

#include "../canned.h"
#include "mutate_records.h"

/* Where pieces begin and end; the piece at @at is @size bytes. */
struct piece {
	size_t at;
	size_t size;
};

static size_t record_size(const uint8_t *at)
{
	struct stackid_record record = { };

	memcpy(&record.w0, at, sizeof(record.w0));
	return stackid_rec_size(&record);
}

static size_t definition_size(const uint8_t *at)
{
	const struct stackid_def *def = (const void *)at;

	return def->size;
}

/* One of the pieces; of no size if there is none, or they end there. */
static struct piece choose(const uint8_t *data, size_t size,
			   size_t (*size_of)(const uint8_t *at),
			   struct dice *dice)
{
	struct piece chosen = { .size = 0 };
	unsigned int nr = 0;

	for (size_t at = 0; at + 16 <= size;) {
		size_t whole = size_of(data + at);

		if (whole < 16 || whole % 8 || whole > size - at)
			break;
		/* Each of those so far with the same chance. */
		if (!roll(dice, ++nr))
			chosen = (struct piece) { at, whole };
		at += whole;
	}
	return chosen;
}

static void cut(uint8_t *data, size_t *size, const struct piece *piece)
{
	memmove(data + piece->at, data + piece->at + piece->size,
		*size - piece->at - piece->size);
	*size -= piece->size;
}

static bool insert(uint8_t *data, size_t *size, size_t room, size_t at,
		   const void *piece, size_t piece_size)
{
	if (room < *size || room - *size < piece_size)
		return false;
	memmove(data + at + piece_size, data + at, *size - at);
	memcpy(data + at, piece, piece_size);
	*size += piece_size;
	return true;
}

static void roll_stack(struct canned_stack *stack, struct dice *dice)
{
	*stack = (struct canned_stack) {
		.nr = roll(dice, 8),
		.flags = roll(dice, 2) ? 0 : roll(dice, 16),
		.depth = roll(dice, 4) ? 0 : roll(dice, 200),
		.digest = roll_number(dice),
		.marks = roll_number(dice),
	};
	for (unsigned int i = 0; i < stack->nr; i++)
		stack->pcs[i] = 0xffffffff81000000ULL + roll(dice, 64) * 0x10;
}

/* A record as the kernel would write it, near @time. */
static void make_record(struct canned *canned, uint64_t time, struct dice *dice)
{
	static const char *const names[] = { "", "ext4", "sixteen-bytes-is", "\033[m" };
	uint64_t generation = roll(dice, 4);
	struct canned_stack stack;
	struct canned_hit hit = {
		.type = STACKID_REC_EVENT + roll(dice, 3),
		.generation = generation,
		.event = roll(dice, 4),
		.id = roll(dice, 8),
		.pid = roll(dice, 6),
		.time = roll(dice, 4) ? time - roll(dice, 1000) :
					time + roll_number(dice),
		.nr_values = roll(dice, 2) ? 0 : roll(dice, 5),
	};

	for (unsigned int i = 0; i < hit.nr_values; i++)
		hit.values[i] = roll_number(dice);
	roll_stack(&stack, dice);
	switch (roll(dice, 8)) {
	case 0:
		canned_number(canned, STACKID_REC_LOST, generation, hit.time,
			      roll_number(dice));
		break;
	case 1:
		canned_number(canned, STACKID_REC_GENERATION, generation,
			      hit.time, generation);
		break;
	case 2:
		canned_task(canned, generation, hit.time, roll(dice, 6),
			    roll(dice, 6), roll(dice, 6), names[roll(dice, 4)]);
		break;
	case 3:
		canned_module(canned, generation, hit.time, roll(dice, 4),
			      names[roll(dice, 4)]);
		break;
	default:
		canned_event(canned, &hit, hit.type == STACKID_REC_EVENT_STACK ?
				   &stack : NULL);
	}
}

/* A field of its head, or what is behind that. */
static void change_record(uint8_t *at, size_t size, struct dice *dice)
{
	struct stackid_record record;
	uint64_t number = roll_number(dice);

	memcpy(&record, at, sizeof(record));
	switch (roll(dice, 9)) {
	case 0:
		record.w0 ^= 1ULL << roll(dice, 64);
		break;
	case 1:
		record.w1 ^= 1ULL << roll(dice, 64);
		break;
	case 2:
		record.w0 = (record.w0 & ~0xfULL) | roll(dice, 16);
		break;
	case 3:
		/* What is told of great ones takes much memory. */
		if (roll(dice, 64))
			number &= 0x3ff;
		record.w0 = (record.w0 & ~(0xffffffULL << 26)) |
			    (number & 0xffffff) << 26;
		break;
	case 4:
		record.w0 = (record.w0 & ~(0x3ffULL << 16)) |
			    (number & 0x3ff) << 16;
		break;
	case 5:
		record.w1 += number << STACKID_PID_BITS;
		break;
	case 6:
		record.w1 = (record.w1 & ~0x3fffffULL) | (number & 0x3fffff);
		break;
	default:
		if (size > sizeof(record))
			LLVMFuzzerMutate(at + sizeof(record),
					 size - sizeof(record),
					 size - sizeof(record));
		return;
	}
	memcpy(at, &record, sizeof(record));
}

size_t mutate_records(uint8_t *records, size_t size, size_t room, uint64_t time,
		      struct dice *dice)
{
	static struct canned canned;
	struct piece piece = choose(records, size, record_size, dice);
	uint8_t copy[256 * 8];

	switch (piece.size ? roll(dice, 8) : 0) {
	case 0:
	case 1:
		canned_clear(&canned);
		make_record(&canned, time, dice);
		insert(records, &size, room, piece.at, canned.data, canned.size);
		break;
	case 2:
		cut(records, &size, &piece);
		break;
	case 3:
		memcpy(copy, records + piece.at, piece.size);
		for (int times = 1 + roll(dice, 4); times; times--)
			insert(records, &size, room, piece.at, copy, piece.size);
		break;
	case 4:
		memcpy(copy, records + piece.at, piece.size);
		cut(records, &size, &piece);
		insert(records, &size, room,
		       choose(records, size, record_size, dice).at, copy,
		       piece.size);
		break;
	default:
		change_record(records + piece.at, piece.size, dice);
	}
	return size;
}

/* The block's head, and sizes that go with it. */
static void change_definition(uint8_t *definitions, size_t *size, size_t room,
			      const struct piece *piece, struct dice *dice)
{
	struct {
		struct stackid_def def;
		struct stackid_stack block;
		uint8_t rest[8 * 300];
	} whole = { };
	size_t known = piece->size < sizeof(whole) ? piece->size : sizeof(whole);

	memcpy(&whole, definitions + piece->at, known);
	switch (roll(dice, 6)) {
	case 0:
		whole.block.nr = roll(dice, 2) ? roll(dice, 10) : roll(dice, 256);
		break;
	case 1:
		whole.block.flags = roll(dice, 16);
		break;
	case 2:
		whole.block.depth = roll_number(dice);
		break;
	case 3:
		whole.def.id = roll_number(dice);
		break;
	case 4:
		whole.def.type = roll(dice, 5);
		break;
	default:
		LLVMFuzzerMutate(whole.rest, sizeof(whole.rest),
				 sizeof(whole.rest));
	}
	if (whole.block.nr > 128 && roll(dice, 8))
		whole.block.nr %= 129;
	whole.def.size = sizeof(whole.def) + stackid_stack_size(&whole.block);
	if (whole.def.size > sizeof(whole))
		return;
	cut(definitions, size, piece);
	insert(definitions, size, room, piece->at, &whole, whole.def.size);
}

size_t mutate_definitions(uint8_t *definitions, size_t size, size_t room,
			  struct dice *dice)
{
	static struct canned canned;
	struct piece piece = choose(definitions, size, definition_size, dice);
	struct canned_stack stack;

	switch (piece.size >= 24 ? roll(dice, 6) : 0) {
	case 0:
		canned_clear(&canned);
		roll_stack(&stack, dice);
		canned_definition(&canned, roll(dice, 8), &stack);
		insert(definitions, &size, room, piece.at, canned.data,
		       canned.size);
		break;
	case 1:
		cut(definitions, &size, &piece);
		break;
	case 2:
		size = LLVMFuzzerMutate(definitions, size, room);
		break;
	default:
		change_definition(definitions, &size, room, &piece, dice);
	}
	return size;
}
