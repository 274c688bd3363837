/* SPDX-License-Identifier: GPL-2.0 */
/* The module's own parser of a line of "events", in a program. */
#ifndef STACKID_FUZZ_EVENT_SPEC_H
#define STACKID_FUZZ_EVENT_SPEC_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Parses a line.  False after a refusal.  What it makes of the line is printed,
 * parsed and printed again, which must be the same.
 */
bool event_spec_try(const char *line, size_t size);

#endif /* STACKID_FUZZ_EVENT_SPEC_H */
