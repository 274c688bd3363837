/* SPDX-License-Identifier: GPL-2.0 */
/* Columns as records.  The format is in data.h. */
#ifndef STACKID_COLUMNS_DECODE_H
#define STACKID_COLUMNS_DECODE_H

#include <stddef.h>

/*
 * The @count records, to be freed; NULL if @payload contradicts that or itself, or
 * if they are more than DATA_MAX_CHUNK bytes.
 */
void *stackid_columns_decode(const void *payload, size_t payload_size,
			     size_t count, size_t *size);

#endif /* STACKID_COLUMNS_DECODE_H */
