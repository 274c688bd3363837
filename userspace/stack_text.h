/* SPDX-License-Identifier: GPL-2.0 */
/* A stack as lines of text, below a row of a table. */
#ifndef STACKID_STACK_TEXT_H
#define STACKID_STACK_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/data/data.h"

/*
 * Outermost function first, or with @reverse last.  @lead stands in front of the first
 * one and has three characters.
 */
void stackid_stack_text_print(const struct data_reader *data, uint32_t stack,
			      const char *lead, bool reverse);

#endif /* STACKID_STACK_TEXT_H */
