// SPDX-License-Identifier: GPL-2.0
/* Histograms in the look of bcc's. */
#include <inttypes.h>
#include <stdio.h>

#include "offcpu_histogram.h"

#define STARS	40

void stackid_offcpu_histogram_add(struct offcpu_histogram *histogram,
				  uint64_t ns)
{
	uint64_t us = ns / 1000;

	histogram->counts[us > 1 ? 63 - __builtin_clzll(us) : 0]++;
}

static void print_row(uint64_t from, uint64_t to, uint64_t count, uint64_t most)
{
	int stars = most ? (double)STARS * count / most : 0;

	printf("%20" PRIu64 " -> %-10" PRIu64 " : %-8" PRIu64 " |", from, to,
	       count);
	for (int i = 0; i < STARS; i++)
		putchar(i < stars ? '*' : ' ');
	puts("|");
}

void stackid_offcpu_histogram_print(const struct offcpu_histogram *histogram,
				    const char *title)
{
	uint64_t most = 0;
	int last = -1;

	for (int i = 0; i < OFFCPU_SLOTS; i++) {
		if (histogram->counts[i])
			last = i;
		if (histogram->counts[i] > most)
			most = histogram->counts[i];
	}
	printf("# %s\n#\n", title);
	if (last < 0) {
		puts("# none\n");
		return;
	}
	puts("               usecs               : count    distribution");
	for (int i = 0; i <= last; i++)
		print_row(i ? 1ULL << i : 0, (2ULL << i) - 1,
			  histogram->counts[i], most);
	putchar('\n');
}
