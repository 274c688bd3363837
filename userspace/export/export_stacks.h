/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stacks as lists of numbers, each list once, numbered from 1 as they come.  The same
 * stack of two generations is one here.
 */
#ifndef STACKID_EXPORT_STACKS_H
#define STACKID_EXPORT_STACKS_H

#include <stddef.h>
#include <stdint.h>

#include "../lib/slots.h"

/* One of zeros is empty.  @ends: by number, where its list ends in @numbers */
struct export_stacks {
	uint32_t *numbers;
	size_t numbers_room;
	size_t *ends;
	uint32_t nr;
	size_t room;
	struct slots slots;
};

uint32_t stackid_export_stacks_number(struct export_stacks *stacks,
				      const uint32_t *numbers, uint32_t nr);
/* Of a number; valid until the next new one. */
const uint32_t *stackid_export_stacks_get(const struct export_stacks *stacks,
					  uint32_t number, uint32_t *nr);
void stackid_export_stacks_free(struct export_stacks *stacks);

#endif /* STACKID_EXPORT_STACKS_H */
