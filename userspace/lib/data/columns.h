/* SPDX-License-Identifier: GPL-2.0 */
/* Records as columns.  The format is in data.h. */
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
 * Adds records from the beginning of @records on, and stops before the first that
 * is not an EVENT or EVENT_USER of proper size, equal in all but time and values to
 * one that stackid_columns_add() has added to this chunk.  Returns the bytes of
 * those that it added; up to 48 bytes at the end may be left.  Hits that repeat are
 * read by nobody else in the recorder, so its speed is decided here.
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

#endif /* STACKID_COLUMNS_H */
