// SPDX-License-Identifier: GPL-2.0
/* A file that is compressed as gzip does it. */

#include <stdlib.h>
#include <zlib.h>

#include "../lib/memory.h"
#include "export_gzip.h"

#define PIECE	65536

struct export_gzip {
	z_stream stream;
	FILE *out;
	unsigned char piece[PIECE];
};

struct export_gzip *stackid_export_gzip_begin(FILE *out, int level)
{
	struct export_gzip *gzip = stackid_memory_zalloc(1, sizeof(*gzip));

	gzip->out = out;
	/* 16 is what asks for a gzip header; it fails for want of memory only. */
	if (deflateInit2(&gzip->stream, level, Z_DEFLATED, MAX_WBITS + 16, 8,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		stackid_memory_resize(NULL, SIZE_MAX, 1);
	return gzip;
}

static void push(struct export_gzip *gzip, int flush)
{
	int result;

	do {
		gzip->stream.next_out = gzip->piece;
		gzip->stream.avail_out = PIECE;
		result = deflate(&gzip->stream, flush);
		fwrite(gzip->piece, 1, PIECE - gzip->stream.avail_out,
		       gzip->out);
	} while (!gzip->stream.avail_out && result == Z_OK);
}

void stackid_export_gzip_write(struct export_gzip *gzip, const void *data,
			       size_t size)
{
	const unsigned char *from = data;

	while (size) {
		size_t part = size < PIECE ? size : PIECE;

		gzip->stream.next_in = (unsigned char *)from;
		gzip->stream.avail_in = part;
		push(gzip, Z_NO_FLUSH);
		from += part;
		size -= part;
	}
}

void stackid_export_gzip_end(struct export_gzip *gzip)
{
	push(gzip, Z_FINISH);
	deflateEnd(&gzip->stream);
	free(gzip);
}
