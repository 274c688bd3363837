/* SPDX-License-Identifier: GPL-2.0 */
/* A data file in its parts: sections whose payloads are not compressed. */
#ifndef STACKID_PARTS_H
#define STACKID_PARTS_H

#include "../../lib/data/data.h"
#include "fuzz.h"

#define MAX_PARTS	64
#define PART_ROOM	(1U << 15)

/**
 * struct part - a section
 * @payload: from malloc(), with PART_ROOM
 */
struct part {
	struct data_section head;
	uint8_t *payload;
	size_t size;
};

struct parts {
	struct data_file_header header;
	struct part at[MAX_PARTS];
	unsigned int nr;
};

/* What can be taken apart of a file; what cannot is left out. */
void parts_take(struct parts *parts, const uint8_t *data, size_t size);
void parts_free(struct parts *parts);

/* Adds an empty one before that of @place; NULL if there are MAX_PARTS. */
struct part *parts_add(struct parts *parts, unsigned int place);
void parts_remove(struct parts *parts, unsigned int place);

/*
 * The file again, with right sizes and checksums, and numbers if @count; without those
 * parts at its end that @room does not hold.
 */
size_t parts_join(struct parts *parts, uint8_t *data, size_t room, bool count);

#endif /* STACKID_PARTS_H */
