/* SPDX-License-Identifier: GPL-2.0 */
/* The rows of one event's comparison: what differs, the greatest change first. */
#ifndef STACKID_DIFF_ROWS_H
#define STACKID_DIFF_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "../lib/slots.h"
#include "../lib/strings.h"
#include "diff_common.h"

/**
 * struct diff_row - a function, a stack, a name or a module
 * @text:      the name or the module; NULL for the others
 * @functions: the function, or the @nr of the stack, outermost first
 * @weight:    on each side
 * @level:     its smallest distance from the root: callers stand before callees
 */
struct diff_row {
	const char *text;
	const uint32_t *functions;
	uint32_t nr;
	uint32_t level;
	uint64_t weight[2];
	uint64_t last_cell;
};

struct diff_rows {
	const struct diff *diff;
	struct diff_row *at;
	size_t nr;
	size_t room;
	struct slots slots;
	struct strings texts;
};

/* Those that are the same on both sides are left out. */
void stackid_diff_rows_make(struct diff_rows *rows, const struct diff *diff,
			    const struct comparison_event *event);
void stackid_diff_rows_free(struct diff_rows *rows);

#endif /* STACKID_DIFF_ROWS_H */
