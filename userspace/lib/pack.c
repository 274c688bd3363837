// SPDX-License-Identifier: GPL-2.0
/* zstd, as far as the data file needs it. */
#include <stdlib.h>
#include <zstd.h>

#include "pack.h"

/* Fast enough to keep up with a full ring on a core that is shared with it. */
#define LEVEL	1

/* Of fewer bytes a block's head would be too great a part. */
#define WORTH_A_BLOCK	512

struct packer {
	ZSTD_CCtx *context;
	void *buffer;
	size_t buffer_size;
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
	ZSTD_CCtx_setParameter(packer->context, ZSTD_c_compressionLevel,
			       LEVEL);
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

const void *stackid_pack(struct packer *packer, const struct iovec *pieces,
			 int nr, size_t size, size_t *packed_size)
{
	/* Every flush may end a block, which has a head. */
	size_t need = ZSTD_compressBound(size) + 16 * (nr + 1);
	ZSTD_outBuffer out;

	if (need > packer->buffer_size) {
		void *buffer = realloc(packer->buffer, need);

		if (!buffer)
			return NULL;
		packer->buffer = buffer;
		packer->buffer_size = need;
	}
	out = (ZSTD_outBuffer) { packer->buffer, packer->buffer_size, 0 };
	ZSTD_CCtx_reset(packer->context, ZSTD_reset_session_only);
	ZSTD_CCtx_setPledgedSrcSize(packer->context, size);
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
				return NULL;
		} while (in.pos < in.size || (left && then != ZSTD_e_continue));
	}
	*packed_size = out.pos;
	return packer->buffer;
}

bool stackid_unpack(const void *packed, size_t packed_size, void *data,
		    size_t size)
{
	if (ZSTD_getFrameContentSize(packed, packed_size) != size)
		return false;
	return ZSTD_decompress(data, size, packed, packed_size) == size;
}
