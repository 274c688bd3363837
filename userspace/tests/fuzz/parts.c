// SPDX-License-Identifier: GPL-2.0
/* A data file in its parts. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "../../lib/data/pack.h"
#include "../../lib/memory.h"
#include "parts.h"

/* A zstd frame of one raw block, so that an input shows what is in it. */
struct raw_frame {
	uint32_t magic;
	uint8_t descriptor;
	uint32_t size;
	uint8_t block[3];
} __attribute__((packed));

#define FRAME_MAGIC		0xfd2fb528
/* A single segment, and 4 bytes for its size; no checksum. */
#define FRAME_DESCRIPTOR	0xa0
#define LAST_BLOCK		1

struct part *parts_add(struct parts *parts, unsigned int place)
{
	struct part *part = &parts->at[place];

	if (parts->nr == MAX_PARTS)
		return NULL;
	memmove(part + 1, part, (parts->nr++ - place) * sizeof(*part));
	*part = (struct part) {
		.head.cpu = DATA_NO_CPU,
		.payload = stackid_memory_zalloc(PART_ROOM, 1),
	};
	return part;
}

void parts_remove(struct parts *parts, unsigned int place)
{
	free(parts->at[place].payload);
	memmove(&parts->at[place], &parts->at[place + 1],
		(--parts->nr - place) * sizeof(parts->at[0]));
}

void parts_free(struct parts *parts)
{
	for (unsigned int i = 0; i < parts->nr; i++)
		free(parts->at[i].payload);
	parts->nr = 0;
}

void parts_take(struct parts *parts, const uint8_t *data, size_t size)
{
	static struct unpacker *unpacker;
	size_t at = sizeof(parts->header);

	if (!unpacker)
		unpacker = stackid_unpacker_create();
	*parts = (struct parts) { };
	if (size >= at)
		memcpy(&parts->header, data, at);
	while (at + sizeof(struct data_section) <= size) {
		struct data_section head;
		struct part *part;

		memcpy(&head, data + at, sizeof(head));
		if (head.magic != DATA_SECTION_MAGIC ||
		    head.stored_size > size - at - sizeof(head)) {
			at += 8;
			continue;
		}
		at += sizeof(head);
		if (head.raw_size <= PART_ROOM) {
			part = parts_add(parts, parts->nr);
			if (!part)
				return;
			part->head = head;
			part->size = head.raw_size;
			if (!stackid_unpack(unpacker, data + at,
					    head.stored_size, part->payload,
					    part->size))
				parts_remove(parts, parts->nr - 1);
		}
		at += (head.stored_size + 7) & ~7ULL;
	}
}

static size_t put_frame(uint8_t *to, const struct part *part)
{
	uint32_t block = part->size << 3 | LAST_BLOCK;
	struct raw_frame frame = {
		.magic = FRAME_MAGIC,
		.descriptor = FRAME_DESCRIPTOR,
		.size = part->size,
		.block = { block, block >> 8, block >> 16 },
	};

	memcpy(to, &frame, sizeof(frame));
	memcpy(to + sizeof(frame), part->payload, part->size);
	return sizeof(frame) + part->size;
}

size_t parts_join(struct parts *parts, uint8_t *data, size_t room, bool count)
{
	struct data_file_header *header = &parts->header;
	size_t at = sizeof(*header);

	memcpy(header->magic, DATA_MAGIC, sizeof(header->magic));
	header->version = DATA_VERSION;
	header->byte_order = DATA_BYTE_ORDER;
	header->crc = crc32(0, (void *)header,
			    offsetof(struct data_file_header, crc));
	if (room < at)
		return 0;
	memcpy(data, header, at);
	for (unsigned int i = 0; i < parts->nr; i++) {
		struct part *part = &parts->at[i];
		struct data_section *head = &part->head;

		if (room - at < sizeof(*head) + sizeof(struct raw_frame) +
				part->size + 8)
			break;
		head->magic = DATA_SECTION_MAGIC;
		head->raw_size = part->size;
		if (count)
			head->sequence = i;
		head->stored_size = put_frame(data + at + sizeof(*head), part);
		head->crc = crc32(0, (void *)head,
				  offsetof(struct data_section, crc));
		memcpy(data + at, head, sizeof(*head));
		at += sizeof(*head) + head->stored_size;
		while (at % 8)
			data[at++] = 0;
	}
	return at;
}
