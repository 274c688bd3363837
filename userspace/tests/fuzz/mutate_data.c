// SPDX-License-Identifier: GPL-2.0
/* Data files that are changed inside of their sections and then put right. */
#include <stdlib.h>
#include <string.h>

#include "../../lib/array.h"
#include "../../lib/data/columns.h"
#include "../../lib/data/columns_decode.h"
#include "../../lib/memory.h"
#include "../canned.h"
#include "mutate_data.h"
#include "mutate_records.h"
#include "parts.h"

/* Some bytes of @size, in rows of @row: one goes, comes twice, or has another number. */
static size_t mutate_rows(uint8_t *rows, size_t size, size_t room, size_t row,
			  struct dice *dice)
{
	size_t nr = size / row, at;
	uint64_t number;

	if (!nr)
		return LLVMFuzzerMutate(rows, size, room);
	at = roll(dice, nr) * row;
	switch (roll(dice, 6)) {
	case 0:
		memmove(rows + at, rows + at + row, size - at - row);
		return size - row;
	case 1:
		if (room - size < row)
			return size;
		memmove(rows + at + row, rows + at, size - at);
		return size + row;
	case 2:
		memcpy(rows + at, rows + roll(dice, nr) * row, row);
		return size;
	case 3:
		LLVMFuzzerMutate(rows + at, row, row);
		return size;
	default:
		number = roll_number(dice);
		at += roll(dice, row / 4) * 4;
		memcpy(rows + at, &number, 4);
		return size;
	}
}

static void mutate_symbols(struct part *part, struct dice *dice)
{
	struct data_symbols head;
	size_t pcs, symbols, strings, all;
	uint8_t *at;

	if (part->size < sizeof(head)) {
		part->size = sizeof(head);
		memset(part->payload, 0, sizeof(head));
		return;
	}
	memcpy(&head, part->payload, sizeof(head));
	pcs = (size_t)head.nr_pcs * sizeof(struct data_symbol_pc);
	symbols = (size_t)head.nr_symbols * sizeof(struct data_symbol_entry);
	strings = head.strings_size;
	all = sizeof(head) + pcs + symbols + strings;
	if (all != part->size || !roll(dice, 8)) {
		part->size = LLVMFuzzerMutate(part->payload, part->size,
					      PART_ROOM);
		return;
	}
	/* One table of the three; those behind it move. */
	at = part->payload + sizeof(head);
	switch (roll(dice, 3)) {
	case 0: {
		uint8_t *behind = malloc(PART_ROOM);
		size_t room = PART_ROOM - all + pcs, now;

		memcpy(behind, at + pcs, symbols + strings);
		now = mutate_rows(at, pcs, room, sizeof(struct data_symbol_pc),
				  dice) / sizeof(struct data_symbol_pc);
		head.nr_pcs = now;
		now *= sizeof(struct data_symbol_pc);
		memcpy(at + now, behind, symbols + strings);
		part->size = all - pcs + now;
		free(behind);
		break;
	}
	case 1:
		at += pcs;
		if (symbols) {
			uint64_t number = roll(dice, 2) ? roll_number(dice) :
					  roll(dice, strings + 1);

			memcpy(at + roll(dice, symbols / 4) * 4, &number, 4);
		}
		break;
	default:
		at += pcs + symbols;
		head.strings_size = LLVMFuzzerMutate(at, strings,
						     PART_ROOM - all + strings);
		part->size = all - strings + head.strings_size;
	}
	memcpy(part->payload, &head, sizeof(head));
}

/* Definitions: an event's inline stack is a block as well, and its mutator knows them. */
static void mutate_stacks(struct part *part, struct dice *dice)
{
	part->size = mutate_definitions(part->payload, part->size, PART_ROOM,
					dice);
}

static void mutate_text(struct part *part, struct dice *dice)
{
	char number[24];
	char *digits;
	size_t at, old, new;

	/* A number becomes another one. */
	for (int i = 0; part->size && i < 8 && roll(dice, 2); i++) {
		at = roll(dice, part->size);
		digits = (char *)part->payload + at;
		old = strspn(digits, "0123456789");
		if (!old || at + old >= part->size)
			continue;
		new = snprintf(number, sizeof(number), roll(dice, 2) ? "%llu" :
			       "%lld", (unsigned long long)roll_number(dice));
		if (part->size - old + new >= PART_ROOM)
			continue;
		memmove(digits + new, digits + old, part->size - at - old);
		memcpy(digits, number, new);
		part->size += new - old;
		return;
	}
	/* strspn() above ends at a NUL at the latest. */
	part->size = LLVMFuzzerMutate(part->payload, part->size, PART_ROOM - 1);
	part->payload[part->size] = '\0';
}

/* A column longer or shorter, and the sizes of all right. */
static void mutate_columns(struct part *part, struct dice *dice)
{
	struct data_columns head;
	unsigned int column = roll(dice, DATA_NR_COLUMNS);
	size_t start = sizeof(head), size, behind;
	uint8_t *at, *rest;

	if (part->size < sizeof(head))
		return;
	memcpy(&head, part->payload, sizeof(head));
	for (unsigned int i = 0; i < column; i++)
		start += head.sizes[i];
	size = head.sizes[column];
	if (start > part->size || size > part->size - start) {
		part->size = LLVMFuzzerMutate(part->payload, part->size,
					      PART_ROOM);
		return;
	}
	at = part->payload + start;
	behind = part->size - start - size;
	rest = malloc(behind + 1);
	memcpy(rest, at + size, behind);
	head.sizes[column] = LLVMFuzzerMutate(at, size,
					      PART_ROOM - part->size + size);
	memcpy(at + head.sizes[column], rest, behind);
	free(rest);
	part->size += head.sizes[column] - size;
	if (column == DATA_COLUMN_TIME_0 && roll(dice, 4))
		part->head.count = head.sizes[column];
	memcpy(part->payload, &head, sizeof(head));
}

bool put_records(struct part *part, const void *records, size_t size)
{
	static struct columns *columns;
	size_t packed_size;
	char *packed;

	if (!columns)
		columns = stackid_columns_create();
	if (!canned_fill(columns, records, size)) {
		stackid_columns_begin(columns, 0);
		return false;
	}
	packed = canned_join(columns, &packed_size);
	if (packed_size <= PART_ROOM) {
		memcpy(part->payload, packed, packed_size);
		part->size = packed_size;
		part->head.encoding = DATA_COLUMNS;
		part->head.count = stackid_columns_count(columns);
	}
	free(packed);
	return packed_size <= PART_ROOM;
}

static void mutate_chunk(struct part *part, struct dice *dice)
{
	static uint8_t room[PART_ROOM];
	size_t size = 0;
	void *records = NULL;

	if (part->size)
		records = stackid_columns_decode(part->payload, part->size,
						 part->head.count, &size);
	if (records && size <= PART_ROOM)
		memcpy(room, records, size);
	else
		size = 0;
	free(records);
	if (part->size && !roll(dice, size ? 4 : 2)) {
		mutate_columns(part, dice);
		return;
	}
	for (int times = 1 + roll(dice, 4); times; times--)
		size = mutate_records(room, size, sizeof(room) / 2,
				      part->head.time, dice);
	put_records(part, room, size);
}

static void mutate_head(struct part *part, struct dice *dice)
{
	struct data_section *head = &part->head;

	switch (roll(dice, 7)) {
	case 0:
		head->type = roll(dice, 12);
		break;
	case 1:
		head->encoding = roll(dice, 3);
		break;
	case 2:
		head->cpu = roll(dice, 2) ? roll(dice, 4) : roll_number(dice);
		break;
	case 3:
		head->generation = roll(dice, 2) ? roll(dice, 4) :
						   roll_number(dice);
		break;
	case 4:
		head->first_time = roll_number(dice);
		break;
	case 5:
		head->time = roll(dice, 2) ? head->time + roll(dice, 1000) :
					     roll_number(dice);
		break;
	default:
		head->count = roll_number(dice);
	}
}

static void mutate_part(struct part *part, struct dice *dice)
{
	if (!roll(dice, 16)) {
		mutate_head(part, dice);
		return;
	}
	switch (part->head.type) {
	case DATA_CHUNK:
		mutate_chunk(part, dice);
		break;
	case DATA_STACKS:
		mutate_stacks(part, dice);
		break;
	case DATA_SYMBOLS:
		mutate_symbols(part, dice);
		break;
	case DATA_TASKS:
		part->size = mutate_rows(part->payload, part->size, PART_ROOM,
					 sizeof(struct data_task), dice);
		break;
	default:
		mutate_text(part, dice);
	}
}

/* One part comes, goes, comes twice or moves. */
static void mutate_order(struct parts *parts, struct dice *dice)
{
	unsigned int place = roll(dice, parts->nr);
	struct part *part, copy;

	switch (parts->nr ? roll(dice, 4) : 1) {
	case 0:
		parts_remove(parts, place);
		break;
	case 1:
		part = parts_add(parts, place);
		if (!part)
			break;
		part->head.type = roll(dice, DATA_END + 1);
		part->head.cpu = roll(dice, 2) ? DATA_NO_CPU : roll(dice, 3);
		part->head.generation = roll(dice, 3);
		mutate_part(part, dice);
		break;
	case 2:
		copy = parts->at[place];
		part = parts_add(parts, roll(dice, parts->nr + 1));
		if (!part)
			break;
		part->head = copy.head;
		part->size = copy.size;
		memcpy(part->payload, copy.payload, copy.size);
		break;
	default:
		part = &parts->at[roll(dice, parts->nr)];
		copy = parts->at[place];
		parts->at[place] = *part;
		*part = copy;
	}
}

size_t mutate_data(uint8_t *data, size_t size, size_t room, struct dice *dice)
{
	static struct parts parts;
	bool count = roll(dice, 64);

	parts_take(&parts, data, size);
	if (!parts.nr || !roll(dice, 12))
		mutate_order(&parts, dice);
	else
		mutate_part(&parts.at[roll(dice, parts.nr)], dice);
	if (!roll(dice, 16))
		parts.header.reserved = roll(dice, 64) |
					(roll(dice, 4) ? 0 : roll(dice, 1024) << 8);
	size = parts_join(&parts, data, room, count);
	parts_free(&parts);
	return size;
}
