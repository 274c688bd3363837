/* SPDX-License-Identifier: GPL-2.0 */
/* Records as columns, and back.  The format is told in data.h. */
#ifndef STACKID_COLUMNS_H
#define STACKID_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>
#include <stackid.h>

#include "data.h"

struct columns;

struct columns *stackid_columns_create(void);
void stackid_columns_destroy(struct columns *columns);

/* Begins a chunk, with room for @size bytes of records. */
void stackid_columns_begin(struct columns *columns, size_t size);

/* Adds any record but a PAD, of at least 16 bytes. */
void stackid_columns_add(struct columns *columns,
			 const struct stackid_record *record);

/*
 * Adds the records at the beginning of @records up to the first that is worth a
 * look; their bytes.  Those that it adds are EVENTs and EVENT_USERs of proper size,
 * and equal in all but time and value to one that stackid_columns_add() has added
 * to this chunk.  This is where time matters.
 */
size_t stackid_columns_repeat(struct columns *columns, const void *records,
			      size_t size);

/* Records so far. */
uint32_t stackid_columns_count(const struct columns *columns);

/* The head and each column; from COLUMNS_RANDOM on they are like random. */
#define COLUMNS_PIECES	(1 + DATA_NR_COLUMNS)
#define COLUMNS_RANDOM	(1 + DATA_FIRST_RANDOM)

/* Ends the chunk.  The pieces last until the next one begins. */
void stackid_columns_end(struct columns *columns,
			 struct iovec pieces[COLUMNS_PIECES]);

/*
 * The @count records, to be freed; NULL if @payload contradicts that or itself, or
 * if they are more than DATA_MAX_CHUNK bytes.
 */
void *stackid_columns_decode(const void *payload, size_t payload_size,
			     size_t count, size_t *size);

#endif /* STACKID_COLUMNS_H */
