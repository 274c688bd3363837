/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Records as columns, encoding 1 of a chunk, and back.  The format is told in
 * data.h.
 */
#ifndef STACKID_COLUMNS_H
#define STACKID_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

#include "data.h"

struct columns;

struct columns *stackid_columns_create(void);
void stackid_columns_destroy(struct columns *columns);

/* The head and each column. */
#define COLUMNS_PIECES	(1 + DATA_NR_COLUMNS)

/*
 * Of whole records, PADs being left out.  The pieces last until the next call.
 * False if these are no records.
 */
bool stackid_columns_encode(struct columns *columns, const void *records,
			    size_t size, struct iovec pieces[COLUMNS_PIECES]);

/* The records, to be freed; NULL if @payload contradicts itself. */
void *stackid_columns_decode(const void *payload, size_t payload_size,
			     size_t *size);

#endif /* STACKID_COLUMNS_H */
