/* SPDX-License-Identifier: GPL-2.0 */
/* A file that is compressed as gzip does it, while it is written. */
#ifndef STACKID_EXPORT_GZIP_H
#define STACKID_EXPORT_GZIP_H

#include <stddef.h>
#include <stdio.h>

struct export_gzip;

/* @level: zlib's, from 1, the fastest, to 9; -1 is the one that zlib thinks best. */
struct export_gzip *stackid_export_gzip_begin(FILE *out, int level);
void stackid_export_gzip_write(struct export_gzip *gzip, const void *data,
			       size_t size);
/* Frees it; @out stays open. */
void stackid_export_gzip_end(struct export_gzip *gzip);

#endif /* STACKID_EXPORT_GZIP_H */
