/* SPDX-License-Identifier: GPL-2.0 */
/* Records and definitions that are changed one by one. */
#ifndef STACKID_MUTATE_RECORDS_H
#define STACKID_MUTATE_RECORDS_H

#include "fuzz.h"

/*
 * Of @size bytes of records one is changed, goes, comes or moves.  @time is near theirs.
 * Returns the new size, @room at most.
 */
size_t mutate_records(uint8_t *records, size_t size, size_t room, uint64_t time,
		      struct dice *dice);

/* Likewise of definitions, as in stacks_raw. */
size_t mutate_definitions(uint8_t *definitions, size_t size, size_t room,
			  struct dice *dice);

#endif /* STACKID_MUTATE_RECORDS_H */
