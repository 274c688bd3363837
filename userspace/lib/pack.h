/* SPDX-License-Identifier: GPL-2.0 */
/* zstd, as far as the data file needs it. */
#ifndef STACKID_PACK_H
#define STACKID_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

struct packer;

struct packer *stackid_packer_create(void);
void stackid_packer_destroy(struct packer *packer);

/*
 * One frame with a checksum, of @nr pieces that have @size bytes together.  Each
 * piece of some size gets a Huffman code of its own.  The result belongs to the packer and lasts until
 * the next call.  NULL without memory.
 */
const void *stackid_pack(struct packer *packer, const struct iovec *pieces,
			 int nr, size_t size, size_t *packed_size);

/* False if the frame is wrong or does not hold exactly @size bytes. */
bool stackid_unpack(const void *packed, size_t packed_size, void *data,
		    size_t size);

#endif /* STACKID_PACK_H */
