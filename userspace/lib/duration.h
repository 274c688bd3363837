/* SPDX-License-Identifier: GPL-2.0 */
/* Spans of time as people write them: "250us", "1.5ms", "2s", "3m". */
#ifndef STACKID_DURATION_H
#define STACKID_DURATION_H

#include <stdbool.h>
#include <stdint.h>

/* From ns to d; false if it is none. */
bool stackid_duration(const char *text, uint64_t *ns);

/* 0, or -1 after a complaint that names @what. */
int stackid_parse_duration(const char *text, const char *what, uint64_t *ns);

#endif /* STACKID_DURATION_H */
