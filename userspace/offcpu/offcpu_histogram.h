/* SPDX-License-Identifier: GPL-2.0 */
/* How many spans of time were how long, in powers of two, as bcc prints it. */
#ifndef STACKID_OFFCPU_HISTOGRAM_H
#define STACKID_OFFCPU_HISTOGRAM_H

#include <stdint.h>

#define OFFCPU_SLOTS	64

/* Slot n has those from 2^n to 2^(n+1) - 1 us; the first also has 0. */
struct offcpu_histogram {
	uint64_t counts[OFFCPU_SLOTS];
};

void stackid_offcpu_histogram_add(struct offcpu_histogram *histogram,
				  uint64_t ns);
void stackid_offcpu_histogram_print(const struct offcpu_histogram *histogram,
				    const char *title);

#endif /* STACKID_OFFCPU_HISTOGRAM_H */
