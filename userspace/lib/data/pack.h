/* SPDX-License-Identifier: GPL-2.0 */
/* zstd, as far as the data file needs it. */
#ifndef STACKID_PACK_H
#define STACKID_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

struct packer;
struct unpacker;

/* What there is to be found. */
enum packing {
	PACK_TEXT,	/* anything; also definitions and symbols */
	PACK_COLUMNS,	/* long repetitions, or frequent and rare bytes */
	PACK_RANDOM,	/* nothing */
};

struct packer *stackid_packer_create(void);
void stackid_packer_destroy(struct packer *packer);

/*
 * One frame with a checksum, of @nr pieces, behind what has been packed since
 * stackid_pack_begin().  Each piece of some size gets a Huffman code of its own.
 * False without memory.
 */
bool stackid_pack(struct packer *packer, enum packing packing,
		  const struct iovec *pieces, int nr);
void stackid_pack_begin(struct packer *packer);

/* All frames since stackid_pack_begin(), which last until the next one. */
const void *stackid_packed(const struct packer *packer, size_t *packed_size);

/* For one thread at a time.  Making one asks the CPU what it is, which in a VM takes long. */
struct unpacker *stackid_unpacker_create(void);
void stackid_unpacker_destroy(struct unpacker *unpacker);

/* False if a frame is wrong or they do not hold exactly @size bytes. */
bool stackid_unpack(struct unpacker *unpacker, const void *packed,
		    size_t packed_size, void *data, size_t size);

#endif /* STACKID_PACK_H */
