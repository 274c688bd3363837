// SPDX-License-Identifier: GPL-2.0
/* Writing a data file, front to back.  The format is in data.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <unistd.h>
#include <zlib.h>

#include "../buffer.h"
#include "../complain.h"
#include "../memory.h"
#include "columns.h"
#include "data_write.h"
#include "pack.h"

/*
 * PCs of one SYMBOLS section, which is within its limit even if each has a symbol
 * and a module of its own with the longest of names.
 */
#define SYMBOLS_AT_ONCE	(DATA_MAX_SYMBOLS / 2048)

/* Taken from the disk before it is needed, so that it is not asked for each section. */
#define AHEAD		(1ULL << 20)

/**
 * struct data_writer - see data_write.h
 * @whole:   where the last whole section ends
 * @reserve: see stackid_data_keep_room(), or 0
 * @limit:   of the file's size, by ulimit
 * @room:    up to where there is room on the disk, if @reserve
 * @full:    no chunk is written any more
 * @ours:    the file can be cut
 */
struct data_writer {
	int fd;
	bool failed;
	bool full;
	bool ours;
	uint64_t whole;
	uint64_t reserve;
	uint64_t limit;
	uint64_t room;
	uint32_t sequence;
	uint64_t written;
	struct packer *packer;
	struct columns *columns;
	data_take *take;
	void *context;
};

static int fail(struct data_writer *writer, const char *what)
{
	if (!writer->failed)
		stackid_complain("cannot write the data file: %s", what);
	writer->failed = true;
	return -1;
}

/* 0, or -1 and errno. */
static int write_pieces(struct data_writer *writer, struct iovec *pieces,
			int nr)
{
	while (nr) {
		ssize_t done = writev(writer->fd, pieces, nr);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		writer->written += done;
		while (nr && (size_t)done >= pieces->iov_len) {
			done -= pieces->iov_len;
			pieces++;
			nr--;
		}
		if (nr) {
			pieces->iov_base = (char *)pieces->iov_base + done;
			pieces->iov_len -= done;
		}
	}
	return 0;
}

/* NULL after a complaint. */
static struct data_writer *create(int fd)
{
	struct data_writer *writer = stackid_memory_zalloc(1, sizeof(*writer));

	writer->fd = fd;
	writer->limit = UINT64_MAX;
	writer->columns = stackid_columns_create();
	writer->packer = stackid_packer_create();
	if (writer->packer)
		return writer;
	fail(writer, "no memory for zstd");
	stackid_data_destroy(writer);
	return NULL;
}

struct data_writer *stackid_data_create(int fd)
{
	struct data_file_header header = {
		.magic = DATA_MAGIC,
		.version = DATA_VERSION,
		.byte_order = DATA_BYTE_ORDER,
	};
	struct iovec piece = { &header, sizeof(header) };
	struct data_writer *writer = create(fd);

	if (!writer)
		return NULL;
	header.crc = crc32(0, (void *)&header,
			   offsetof(struct data_file_header, crc));
	if (!write_pieces(writer, &piece, 1)) {
		writer->whole = writer->written;
		return writer;
	}
	fail(writer, strerror(errno));
	stackid_data_destroy(writer);
	return NULL;
}

struct data_writer *stackid_data_resume(int fd, uint64_t position,
					uint32_t sequence)
{
	struct data_writer *writer = create(fd);

	if (!writer)
		return NULL;
	writer->written = position;
	writer->whole = position;
	writer->sequence = sequence;
	if (!ftruncate(fd, position) && lseek(fd, position, SEEK_SET) >= 0)
		return writer;
	fail(writer, strerror(errno));
	stackid_data_destroy(writer);
	return NULL;
}

struct data_writer *stackid_data_create_into(data_take *take, void *context)
{
	struct data_writer *writer = stackid_memory_zalloc(1, sizeof(*writer));

	writer->take = take;
	writer->context = context;
	return writer;
}

int stackid_data_destroy(struct data_writer *writer)
{
	int ret = writer->failed ? -1 : 0;

	/* What was asked for and not used; nothing is lost if it stays. */
	if (writer->room > writer->written)
		(void)!ftruncate(writer->fd, writer->written);
	if (!writer->take) {
		stackid_packer_destroy(writer->packer);
		stackid_columns_destroy(writer->columns);
	}
	free(writer);
	return ret;
}

/* The disk, somebody's part of it, or what a limit lets a file have. */
static bool is_full(int error)
{
	return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

/* For @size bytes, and the reserve behind them. */
static bool has_room(struct data_writer *writer, uint64_t size)
{
	uint64_t least = writer->written + size + writer->reserve;

	if (least > writer->limit)
		return false;
	if (!writer->reserve || least <= writer->room)
		return true;
	for (uint64_t ahead = AHEAD;; ahead = 0) {
		if (!fallocate(writer->fd, FALLOC_FL_KEEP_SIZE, writer->written,
			       least + ahead - writer->written)) {
			writer->room = least + ahead;
			return true;
		}
		if (!is_full(errno)) {
			/* It cannot be asked for, so it shows when it is written. */
			writer->reserve = 0;
			return true;
		}
		if (!ahead)
			return false;
	}
}

void stackid_data_keep_room(struct data_writer *writer, uint64_t bytes)
{
	struct rlimit limit;

	writer->ours = true;
	writer->reserve = bytes;
	if (!getrlimit(RLIMIT_FSIZE, &limit) && limit.rlim_cur != RLIM_INFINITY)
		writer->limit = limit.rlim_cur;
	if (!has_room(writer, 0))
		writer->full = true;
}

bool stackid_data_full(const struct data_writer *writer)
{
	return writer->full;
}

/* Half a section is none. */
static void cut(struct data_writer *writer)
{
	if (writer->ours && !ftruncate(writer->fd, writer->whole) &&
	    lseek(writer->fd, writer->whole, SEEK_SET) >= 0)
		writer->written = writer->whole;
}

/* The payload is what has been packed. */
static int write_packed(struct data_writer *writer, struct data_section *head)
{
	static const char zeros[8];
	struct iovec pieces[3];
	const void *packed;
	size_t packed_size;

	packed = stackid_packed(writer->packer, &packed_size);
	if (!has_room(writer, sizeof(*head) + packed_size + sizeof(zeros)))
		writer->full = true;
	if (writer->full && head->type == DATA_CHUNK)
		return -1;
	head->magic = DATA_SECTION_MAGIC;
	head->sequence = writer->sequence;
	head->stored_size = packed_size;
	head->crc = crc32(0, (void *)head, offsetof(struct data_section, crc));

	pieces[0] = (struct iovec) { head, sizeof(*head) };
	pieces[1] = (struct iovec) { (void *)packed, packed_size };
	pieces[2] = (struct iovec) { (void *)zeros, -packed_size & 7 };
	if (!write_pieces(writer, pieces, 3)) {
		writer->sequence++;
		writer->whole = writer->written;
		return 0;
	}
	if (writer->ours && is_full(errno) && head->type == DATA_CHUNK)
		writer->full = true;
	else
		fail(writer, strerror(errno));
	cut(writer);
	return -1;
}

/* Of head->raw_size bytes. */
static int write_payload(struct data_writer *writer, struct data_section *head,
			 const void *payload)
{
	struct iovec piece = { (void *)payload, head->raw_size };

	if (writer->failed)
		return -1;
	stackid_pack_begin(writer->packer);
	if (!stackid_pack(writer->packer, PACK_TEXT, &piece, 1))
		return fail(writer, "zstd has no memory");
	return write_packed(writer, head);
}

int stackid_data_write(struct data_writer *writer, enum data_section_type type,
		       uint32_t cpu, uint64_t generation, const void *payload,
		       size_t size)
{
	struct data_section head = {
		.type = type,
		.cpu = cpu,
		.generation = generation,
		.raw_size = size,
	};

	if (writer->take)
		return writer->take(writer->context, type, cpu, generation,
				    payload, size);
	return write_payload(writer, &head, payload);
}

int stackid_data_write_mark(struct data_writer *writer, uint64_t time)
{
	struct data_section head = {
		.type = DATA_MARK,
		.cpu = DATA_NO_CPU,
		.time = time,
	};

	return write_payload(writer, &head, "");
}

struct columns *stackid_data_begin_chunk(struct data_writer *writer,
					 size_t size)
{
	stackid_columns_begin(writer->columns, size);
	return writer->columns;
}

int stackid_data_end_chunk(struct data_writer *writer,
			   const struct data_chunk *chunk)
{
	struct data_section head = {
		.type = DATA_CHUNK,
		.encoding = DATA_COLUMNS,
		.cpu = chunk->cpu,
		.generation = chunk->generation,
		.first_time = chunk->first_time,
		.time = chunk->time,
		.count = stackid_columns_count(writer->columns),
	};
	struct iovec pieces[COLUMNS_PIECES];

	if (writer->failed)
		return -1;
	if (!head.count)
		return 0;
	stackid_columns_end(writer->columns, pieces);
	for (int i = 0; i < COLUMNS_PIECES; i++)
		head.raw_size += pieces[i].iov_len;
	stackid_pack_begin(writer->packer);
	if (!stackid_pack(writer->packer, PACK_COLUMNS, pieces,
			  COLUMNS_RANDOM) ||
	    !stackid_pack(writer->packer, PACK_RANDOM, pieces + COLUMNS_RANDOM,
			  COLUMNS_PIECES - COLUMNS_RANDOM))
		return fail(writer, "zstd has no memory");
	return write_packed(writer, &head);
}

static int compare_pcs(const void *va, const void *vb)
{
	const struct data_resolved *a = va, *b = vb;

	if (a->pc != b->pc)
		return a->pc < b->pc ? -1 : 1;
	return (int)a->exact - (int)b->exact;
}

/**
 * struct symbols_payload - a SYMBOLS payload in the making
 * @text: the strings; its first byte is the empty one
 */
struct symbols_payload {
	struct data_symbol_pc *pcs;
	struct data_symbol_entry *entries;
	size_t nr_entries;
	struct buffer text;
};

static uint32_t add_text(struct symbols_payload *payload, const char *text)
{
	size_t size = strlen(text) + 1;
	uint32_t offset = payload->text.size;

	if (size == 1 && offset)
		return 0;
	stackid_buffer_add(&payload->text, text, size);
	return offset;
}

/* Neighbouring PCs mostly share their symbol, so only the last one is tried. */
static uint32_t add_entry(struct symbols_payload *payload,
			  const struct data_resolved *pc)
{
	struct data_symbol_entry *last;
	uint32_t module = 0;

	if (payload->nr_entries) {
		last = &payload->entries[payload->nr_entries - 1];
		if (last->start == pc->start &&
		    !strcmp(payload->text.data + last->name, pc->name) &&
		    !strcmp(payload->text.data + last->module, pc->module))
			return payload->nr_entries - 1;
		if (!strcmp(payload->text.data + last->module, pc->module))
			module = last->module;
	}
	last = &payload->entries[payload->nr_entries];
	last->start = pc->start;
	last->module = module ? module : add_text(payload, pc->module);
	last->name = add_text(payload, pc->name);
	return payload->nr_entries++;
}

/* Of sorted PCs. */
static int write_symbols(struct data_writer *writer, uint64_t generation,
			 const struct data_resolved *pcs, size_t nr)
{
	struct symbols_payload payload = { };
	struct data_symbols head = { };
	struct buffer whole = { };
	int ret;

	payload.pcs = stackid_memory_zalloc(nr, sizeof(*payload.pcs));
	payload.entries = stackid_memory_zalloc(nr, sizeof(*payload.entries));
	add_text(&payload, "");
	for (size_t i = 0; i < nr; i++) {
		struct data_symbol_pc *pc = &payload.pcs[i];

		pc->pc = pcs[i].pc;
		pc->exact = pcs[i].exact;
		pc->symbol = UINT32_MAX;
		if (!pcs[i].name)
			continue;
		pc->symbol = add_entry(&payload, &pcs[i]);
		pc->offset = pcs[i].pc - pcs[i].start;
	}

	head.nr_pcs = nr;
	head.nr_symbols = payload.nr_entries;
	head.strings_size = payload.text.size;
	stackid_buffer_add(&whole, &head, sizeof(head));
	stackid_buffer_add(&whole, payload.pcs, nr * sizeof(*payload.pcs));
	stackid_buffer_add(&whole, payload.entries,
			   payload.nr_entries * sizeof(*payload.entries));
	stackid_buffer_add(&whole, payload.text.data, payload.text.size);
	ret = stackid_data_write(writer, DATA_SYMBOLS, DATA_NO_CPU, generation,
				 whole.data, whole.size);

	free(whole.data);
	free(payload.pcs);
	free(payload.entries);
	free(payload.text.data);
	return ret;
}

int stackid_data_write_symbols(struct data_writer *writer, uint64_t generation,
			       struct data_resolved *pcs, size_t nr)
{
	int ret = 0;

	if (nr)
		qsort(pcs, nr, sizeof(*pcs), compare_pcs);
	for (size_t i = 0; i < nr && !ret; i += SYMBOLS_AT_ONCE)
		ret = write_symbols(writer, generation, pcs + i,
				    nr - i < SYMBOLS_AT_ONCE ? nr - i :
							       SYMBOLS_AT_ONCE);
	return ret;
}

uint64_t stackid_data_written(const struct data_writer *writer)
{
	return writer->written;
}
