// SPDX-License-Identifier: GPL-2.0
/* zstd, as far as the data file needs it. */
#include <stdlib.h>
#include <zstd.h>

#include "pack.h"

/* Fast enough to keep up with a full ring on a core that is shared with it. */
#define LEVEL	1

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

const void *stackid_pack(struct packer *packer, const void *data, size_t size,
			 size_t *packed_size)
{
	size_t need = ZSTD_compressBound(size);

	if (need > packer->buffer_size) {
		void *buffer = realloc(packer->buffer, need);

		if (!buffer)
			return NULL;
		packer->buffer = buffer;
		packer->buffer_size = need;
	}
	*packed_size = ZSTD_compress2(packer->context, packer->buffer,
				      packer->buffer_size, data, size);
	return ZSTD_isError(*packed_size) ? NULL : packer->buffer;
}

bool stackid_unpack(const void *packed, size_t packed_size, void *data,
		    size_t size)
{
	if (ZSTD_getFrameContentSize(packed, packed_size) != size)
		return false;
	return ZSTD_decompress(data, size, packed, packed_size) == size;
}
