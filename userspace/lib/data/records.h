/* SPDX-License-Identifier: GPL-2.0 */
/* Walking records, in a ring or in a chunk. */
#ifndef STACKID_RECORDS_H
#define STACKID_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stackid.h>

enum walk {
	WALK_RECORD,
	WALK_END,
	WALK_WRONG,	/* the next bytes are no record: nothing after them counts */
};

/**
 * struct record_walk - where a walk is
 * @generation: full number of one near the next record's; kept up to date
 * @now:        a time not before the last record
 */
struct record_walk {
	const char *data;
	size_t size;
	size_t position;
	uint64_t generation;
	uint64_t now;
};

/* The next record of a known type; PADs and unknown types are passed over. */
enum walk stackid_records_next(struct record_walk *walk,
			       const struct stackid_record **record);

/* EVENT, EVENT_STACK and EVENT_USER only. */
static inline bool stackid_record_is_hit(const struct stackid_record *record)
{
	unsigned int type = stackid_rec_type(record) & ~STACKID_REC_VALUES;

	return type >= STACKID_REC_EVENT && type <= STACKID_REC_EVENT_USER;
}

static inline bool stackid_record_has_values(const struct stackid_record *record)
{
	return stackid_rec_type(record) & STACKID_REC_VALUES;
}

/* The block of an EVENT_STACK, or NULL in other records. */
static inline const struct stackid_stack *
stackid_record_stack(const struct stackid_record *record)
{
	unsigned int type = stackid_rec_type(record) & ~STACKID_REC_VALUES;

	return type == STACKID_REC_EVENT_STACK ? (const void *)(record + 1) :
						 NULL;
}

/* Also of one that nobody has checked, but that it has 16 bytes. */
static inline unsigned int
stackid_record_nr_values(const struct stackid_record *record)
{
	return stackid_record_has_values(record) ? stackid_rec_nr_values(record) :
						   0;
}

/* One PC of a block. */
uint64_t stackid_block_pc(const struct stackid_stack *block, unsigned int i);

/*
 * Of the stack itself, whatever its id: the same stack is inline in one record and
 * defined with an id elsewhere.
 */
uint64_t stackid_block_hash(const struct stackid_stack *block, uint64_t seed);
bool stackid_block_equals(const struct stackid_stack *a,
			  const struct stackid_stack *b);

#endif /* STACKID_RECORDS_H */
