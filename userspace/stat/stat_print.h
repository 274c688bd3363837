/* SPDX-License-Identifier: GPL-2.0 */
/* What has been counted, as text. */
#ifndef STACKID_STAT_PRINT_H
#define STACKID_STAT_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct data_reader;

/**
 * struct stat_style - how
 * @separator: between fields for programs; NULL is a table for people
 * @stacks:    of each event, as many
 * @plain:     numbers without separators of thousands
 */
struct stat_style {
	FILE *out;
	const char *separator;
	uint64_t stacks;
	bool plain;
};

/* An event's counts in several runs. */
struct stat_mean {
	uint64_t runs;
	double sum;
	double squares;
};

void stackid_stat_mean_add(struct stat_mean *mean, double value);

/*
 * The counts of a file whose events have the value @how often.  Returns whether there
 * were any.
 */
void stackid_stat_print_counts(const struct stat_style *style,
			       struct data_reader *reader);

/* @line: of the module's file "events"; in @ns nanoseconds, since the last time. */
void stackid_stat_print_tick(const struct stat_style *style, uint64_t ns,
			     const char *line, uint64_t hits);

/* Of events of several runs; @names and @counts have @nr, and the last is the time in ns. */
void stackid_stat_print_means(const struct stat_style *style,
			      char *const *names,
			      const struct stat_mean *counts, size_t nr);

#endif /* STACKID_STAT_PRINT_H */
