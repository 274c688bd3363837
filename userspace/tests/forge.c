// SPDX-License-Identifier: GPL-2.0
/* Data files section by section, with heads that say anything. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <stackid.h>

#include "../lib/data/columns.h"
#include "../lib/memory.h"
#include "canned.h"
#include "forge.h"

#define START	1000000000000ULL

static void put(struct forge *forge, const void *data, size_t size)
{
	if (size && write(forge->fd, data, size) != (ssize_t)size) {
		perror("make_hostile");
		exit(1);
	}
}

void forge_begin(struct forge *forge, int fd)
{
	struct data_file_header header = {
		.magic = DATA_MAGIC,
		.version = DATA_VERSION,
		.byte_order = DATA_BYTE_ORDER,
	};

	*forge = (struct forge) { .fd = fd };
	header.crc = crc32(0, (void *)&header,
			   offsetof(struct data_file_header, crc));
	put(forge, &header, sizeof(header));
}

/* As a stream, because what a few bytes stand for may be gigabytes. */
static char *pack(const void *payload, size_t size, size_t times,
		  size_t *packed_size)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();
	size_t room = ZSTD_compressBound(size) + 65536 + times * 64;
	char *packed = stackid_memory_zalloc(room, 1);
	ZSTD_outBuffer out = { packed, room, 0 };

	ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
	for (size_t i = 0; i < times; i++) {
		ZSTD_inBuffer in = { payload, size, 0 };

		while (in.pos < in.size)
			ZSTD_compressStream2(context, &out, &in,
					     ZSTD_e_continue);
	}
	ZSTD_compressStream2(context, &out, &(ZSTD_inBuffer) { "", 0, 0 },
			     ZSTD_e_end);
	ZSTD_freeCCtx(context);
	*packed_size = out.pos;
	return packed;
}

void forge_section(struct forge *forge, struct data_section head,
		   const void *payload, size_t size, size_t times)
{
	static const char zeros[8];
	size_t packed_size;
	char *packed = pack(payload, size, times, &packed_size);

	head.magic = DATA_SECTION_MAGIC;
	head.sequence = forge->sequence++;
	head.stored_size = packed_size;
	head.raw_size = size * times;
	head.crc = crc32(0, (void *)&head, offsetof(struct data_section, crc));
	put(forge, &head, sizeof(head));
	put(forge, packed, packed_size);
	put(forge, zeros, -packed_size & 7);
	free(packed);
}

void forge_plain(struct forge *forge, enum data_section_type type,
		 uint64_t generation, const void *payload, size_t size)
{
	struct data_section head = {
		.type = type,
		.cpu = DATA_NO_CPU,
		.generation = generation,
	};

	forge_section(forge, head, payload, size, 1);
}

void forge_text(struct forge *forge, enum data_section_type type,
		const char *text)
{
	forge_plain(forge, type, 0, text, strlen(text));
}

void forge_hits(struct forge *forge, uint32_t cpu, uint64_t generation,
		uint32_t id, uint32_t pid, uint32_t nr)
{
	struct columns *columns = stackid_columns_create();
	struct data_section head = {
		.type = DATA_CHUNK,
		.encoding = DATA_COLUMNS,
		.cpu = cpu,
		.generation = generation,
		.first_time = START,
		.time = START + (uint64_t)nr * 65536,
		.count = nr,
	};
	uint64_t time = START, noise = nr;
	char *payload;
	size_t size;

	stackid_columns_begin(columns, 16 * (size_t)nr);
	for (uint32_t i = 0; i < nr; i++) {
		struct stackid_record record = {
			.w0 = STACKID_REC_EVENT | (generation & 0xf) << 4 |
			      2 << 8 | 1 << 16 | (uint64_t)id << 26,
			.w1 = (pid ? pid + i : 0) | time << STACKID_PID_BITS,
		};

		stackid_columns_add(columns, &record);
		/* Nothing that could be compressed. */
		noise = (noise ^ noise >> 30) * 0xbf58476d1ce4e5b9ULL + i;
		time += noise >> 48;
	}
	payload = canned_join(columns, &size);
	forge_section(forge, head, payload, size, 1);
	free(payload);
	stackid_columns_destroy(columns);
}
