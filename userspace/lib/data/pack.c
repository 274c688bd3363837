// SPDX-License-Identifier: GPL-2.0
/* zstd, as far as the data file needs it. */
#include <stdlib.h>
#include <zstd.h>

#include "pack.h"

/*
 * Fast enough to keep up with a full ring on a core that is shared with it.  In
 * columns short matches are chance, and cost more than the Huffman code for them;
 * what is long enough is found with a small table, too.  What other levels and threads of
 * zstd are worth stands in Documentation/compression.md.
 */
static const struct {
	int level;
	int least_match;
	int hash_bits;
} settings[] = {
	[PACK_TEXT] = { .level = 1 },
	[PACK_COLUMNS] = { .level = 1, .least_match = 7, .hash_bits = 10 },
	/* It tries one byte in about 2^17 for a match, so that it finds none. */
	[PACK_RANDOM] = { .level = -(1 << 17), .hash_bits = 6 },
};

/* Of fewer bytes a block's head would be too great a part. */
#define WORTH_A_BLOCK	512

struct packer {
	ZSTD_CCtx *context;
	char *buffer;
	size_t room;
	size_t size;
};

struct packer *stackid_packer_create(void)
{
	struct packer *packer = calloc(1, sizeof(*packer));

	if (!packer)
		return NULL;
	packer->context = ZSTD_createCCtx();
	if (!packer->context) {
		free(packer);
		return NULL;
	}
	ZSTD_CCtx_setParameter(packer->context, ZSTD_c_checksumFlag, 1);
	return packer;
}

void stackid_packer_destroy(struct packer *packer)
{
	if (!packer)
		return;
	ZSTD_freeCCtx(packer->context);
	free(packer->buffer);
	free(packer);
}

void stackid_pack_begin(struct packer *packer)
{
	packer->size = 0;
}

static bool make_room(struct packer *packer, size_t more)
{
	size_t need = packer->size + more;
	void *buffer;

	if (need <= packer->room)
		return true;
	buffer = realloc(packer->buffer, need);
	if (!buffer)
		return false;
	packer->buffer = buffer;
	packer->room = need;
	return true;
}

static void begin_frame(ZSTD_CCtx *context, enum packing packing, size_t size)
{
	ZSTD_CCtx_reset(context, ZSTD_reset_session_only);
	ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel,
			       settings[packing].level);
	ZSTD_CCtx_setParameter(context, ZSTD_c_minMatch,
			       settings[packing].least_match);
	ZSTD_CCtx_setParameter(context, ZSTD_c_hashLog,
			       settings[packing].hash_bits);
	ZSTD_CCtx_setPledgedSrcSize(context, size);
}

bool stackid_pack(struct packer *packer, enum packing packing,
		  const struct iovec *pieces, int nr)
{
	ZSTD_outBuffer out;
	size_t size = 0;

	/* The last piece of all is not copied by zstd if it is the only one. */
	while (nr > 1 && !pieces[nr - 1].iov_len)
		nr--;
	for (int i = 0; i < nr; i++)
		size += pieces[i].iov_len;
	/* Every flush may end a block, which has a head. */
	if (!make_room(packer, ZSTD_compressBound(size) + 16 * (nr + 1)))
		return false;
	out = (ZSTD_outBuffer) { packer->buffer, packer->room, packer->size };
	begin_frame(packer->context, packing, size);
	for (int i = 0; i < nr; i++) {
		ZSTD_inBuffer in = { pieces[i].iov_base, pieces[i].iov_len, 0 };
		ZSTD_EndDirective then = ZSTD_e_continue;
		size_t left;

		if (in.size >= WORTH_A_BLOCK)
			then = ZSTD_e_flush;
		if (i == nr - 1)
			then = ZSTD_e_end;
		else if (!in.size)
			continue;
		do {
			left = ZSTD_compressStream2(packer->context, &out, &in,
						    then);
			if (ZSTD_isError(left))
				return false;
		} while (in.pos < in.size || (left && then != ZSTD_e_continue));
	}
	packer->size = out.pos;
	return true;
}

const void *stackid_packed(const struct packer *packer, size_t *packed_size)
{
	*packed_size = packer->size;
	return packer->buffer;
}

/* A context of zstd under a name of our own, so that only this file includes its header. */
struct unpacker *stackid_unpacker_create(void)
{
	return (struct unpacker *)ZSTD_createDCtx();
}

void stackid_unpacker_destroy(struct unpacker *unpacker)
{
	ZSTD_freeDCtx((ZSTD_DCtx *)unpacker);
}

bool stackid_unpack(struct unpacker *unpacker, const void *packed,
		    size_t packed_size, void *data, size_t size)
{
	return unpacker && ZSTD_decompressDCtx((ZSTD_DCtx *)unpacker, data,
					       size, packed,
					       packed_size) == size;
}
