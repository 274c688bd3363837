/* SPDX-License-Identifier: GPL-2.0 */
/* Sizes and times as options have them. */
#ifndef STACKID_RECORD_UNITS_H
#define STACKID_RECORD_UNITS_H

#include <stdbool.h>
#include <stdint.h>

/* "64", "512K", "4M": with B, K, M or G, or in units of @unit.  False if it is none. */
bool stackid_record_size(const char *text, uint64_t unit, uint64_t *bytes);

/* For the row of -m, each CPU's ring in KiB; perf counts pages.  -1 after a complaint. */
int stackid_record_take_buffer(const char *arg, void *field);

/* "30", "0.5", "200ms", "10s", "5m", "2h", "1d".  False if it is none, or nothing. */
bool stackid_record_time(const char *text, uint64_t *ns);

/* Of -m, in KiB; perf counts pages.  -1 after a complaint. */
int stackid_record_take_buffer(const char *arg, void *field);

#endif /* STACKID_RECORD_UNITS_H */
