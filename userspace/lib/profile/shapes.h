/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shapes: stacks that go through the same functions, wherever in those they call.
 * Of the stacks of one shape the first that was asked for stands for all.
 */
#ifndef STACKID_SHAPES_H
#define STACKID_SHAPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../data/data.h"
#include "../slots.h"

/**
 * struct shapes - of a file; one of zeros and @data is empty
 * @first_of: by stack, the one that stands for it; 0 is not known yet
 */
struct shapes {
	struct data_reader *data;
	uint32_t *first_of;
	uint32_t nr;
	struct slots slots;
};

void stackid_shapes_free(struct shapes *shapes);

/* The stack that stands for this one; 0 is no stack and stays that. */
uint32_t stackid_shapes_find(struct shapes *shapes, uint32_t stack);

/*
 * Whether an interrupt did it: the stack has an interrupt's entry, or ends there.
 * The thread that it came upon had no part in it.
 */
bool stackid_shapes_interrupt(const struct shapes *shapes, uint32_t stack);

#endif /* STACKID_SHAPES_H */
