// SPDX-License-Identifier: GPL-2.0
/* What has been counted, as text. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../lib/array.h"
#include "../lib/data/data.h"
#include "../lib/memory.h"
#include "../lib/profile/profile.h"
#include "stat_print.h"

#define COUNT_WIDTH	18

void stackid_stat_mean_add(struct stat_mean *mean, double value)
{
	mean->runs++;
	mean->sum += value;
	mean->squares += value * value;
}

static double mean_of(const struct stat_mean *mean)
{
	return mean->sum / mean->runs;
}

/* The standard deviation of the mean in percent of it, as perf has it. */
static double spread_of(const struct stat_mean *mean)
{
	double average = mean_of(mean), variance;

	if (mean->runs < 2 || average <= 0)
		return 0;
	variance = (mean->squares - mean->runs * average * average) /
		   (mean->runs - 1);
	return variance > 0 ? 100 * sqrt(variance / mean->runs) / average : 0;
}

/* Other counters are sampled: what is counted are samples. */
static bool is_sampled(const char *name)
{
	static const char *const each[] = {
		"page-faults", "faults", "minor-faults", "major-faults",
		"context-switches", "cs", "cpu-migrations", "migrations",
		"alignment-faults", "emulation-faults",
	};
	size_t length = strcspn(name, " \t");

	if (memchr(name, ':', length))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(each); i++) {
		if (length == strlen(each[i]) && !strncmp(name, each[i], length))
			return false;
	}
	return true;
}

/* "1,234,567" */
static void format_count(const struct stat_style *style, uint64_t count,
			 char text[32])
{
	char digits[24];
	size_t length = snprintf(digits, sizeof(digits), "%" PRIu64, count);
	char *at = text;

	for (size_t i = 0; i < length; i++) {
		if (i && !style->plain && !((length - i) % 3))
			*at++ = ',';
		*at++ = digits[i];
	}
	*at = '\0';
}

static void print_count(const struct stat_style *style, uint64_t count)
{
	char text[32];

	format_count(style, count, text);
	fprintf(style->out, "%*s", COUNT_WIDTH, text);
}

/* As perf's: count, unit, event, how long it was counted, and in percent. */
static void print_fields(const struct stat_style *style, uint64_t count,
			 const char *name, uint64_t ns)
{
	const char *s = style->separator;
	int length = strcspn(name, " \t");

	fprintf(style->out, "%" PRIu64 "%s%s%s%.*s%s%" PRIu64 "%s100.00%s%s",
		count, s, is_sampled(name) ? "samples" : "", s, length, name, s,
		ns, s, s, s);
}

static int by_weight(const void *va, const void *vb)
{
	const struct profile_cell *const *a = va, *const *b = vb;

	if ((*a)->weight != (*b)->weight)
		return (*a)->weight < (*b)->weight ? 1 : -1;
	return (*a)->stack < (*b)->stack ? -1 : (*a)->stack > (*b)->stack;
}

/* Columns of a terminal that may not be exceeded, or none. */
static size_t room_of(FILE *out)
{
	struct winsize size = { };

	if (!isatty(fileno(out)) || ioctl(fileno(out), TIOCGWINSZ, &size))
		return SIZE_MAX;
	return size.ws_col ? size.ws_col : SIZE_MAX;
}

/* For people innermost first; for programs folded, as flame graphs have it. */
static char *describe_stack(const struct stat_style *style,
			    struct profile *profile,
			    const struct profile_cell *cell)
{
	uint32_t nr;
	const uint32_t *functions = stackid_profile_stack(profile, cell, &nr);
	size_t size;
	char *text;
	FILE *out = stackid_memory_stream(&text, &size);

	for (uint32_t i = 0; i < nr; i++) {
		uint32_t at = style->separator ? i : nr - 1 - i;
		const char *between = style->separator ? ";" : " < ";

		fprintf(out, "%s%s", i ? between : "",
			stackid_profile_function(profile, functions[at])->name);
	}
	fclose(out);
	return text;
}

static void print_stack(const struct stat_style *style,
			struct data_reader *reader,
			struct profile *profile,
			const struct profile_cell *cell, const char *name,
			uint64_t total)
{
	const struct data_stack *stack = cell->stack ?
		stackid_data_stack(reader, cell->stack) : NULL;
	uint32_t id = stack ? stack->id : 0;
	double percent = 100.0 * cell->weight / total;
	char *text = describe_stack(style, profile, cell);
	size_t room = room_of(style->out), length = strlen(text);
	char head[64];

	if (style->separator) {
		const char *s = style->separator;

		fprintf(style->out, "%" PRIu64 "%sstack%s%.*s%s%u%s%.2f%s%s\n",
			cell->weight, s, s, (int)strcspn(name, " \t"), name, s,
			id, s, percent, s, text);
		free(text);
		return;
	}
	if (id)
		snprintf(head, sizeof(head), "  %6.2f%%  id %-7u ", percent, id);
	else
		snprintf(head, sizeof(head), "  %6.2f%%  %-10s ", percent, "no id");
	if (room != SIZE_MAX) {
		room -= COUNT_WIDTH + strlen(head) < room ?
			COUNT_WIDTH + strlen(head) : room;
		if (length > room)
			strcpy(text + (room > 3 ? room - 3 : 0), room > 3 ? "..." : "");
	}
	print_count(style, cell->weight);
	fprintf(style->out, "%s%s\n", head, text);
	free(text);
}

static struct profile *make_profile(struct data_reader *reader)
{
	struct profile *profile = stackid_profile_create(reader, 0);
	struct data_event event;

	while (stackid_data_next(reader, &event))
		stackid_profile_add(profile, &event,
				    event.nr_values ? event.values[0] : 0);
	stackid_profile_finish(profile);
	return profile;
}

static void print_event(const struct stat_style *style,
			struct data_reader *reader,
			struct profile *profile,
			const struct data_event_name *event, uint64_t ns)
{
	uint64_t total = stackid_profile_sum(profile, event->number)->weight;
	size_t nr_cells = stackid_profile_nr_cells(profile), nr = 0;
	const struct profile_cell **cells;

	if (style->separator) {
		print_fields(style, total, event->name, ns);
		fputc('\n', style->out);
	} else {
		print_count(style, total);
		fprintf(style->out, "  %s%s\n", event->name,
			is_sampled(event->name) ? " (samples)" : "");
	}
	cells = stackid_memory_zalloc(nr_cells, sizeof(*cells));
	for (size_t i = 0; i < nr_cells; i++) {
		const struct profile_cell *cell = stackid_profile_cell(profile, i);

		if (cell->event == event->number)
			cells[nr++] = cell;
	}
	qsort(cells, nr, sizeof(*cells), by_weight);
	for (size_t i = 0; i < nr && i < style->stacks; i++)
		print_stack(style, reader, profile, cells[i], event->name,
			    total);
	if (nr > style->stacks && style->stacks && !style->separator)
		fprintf(style->out, "%*s  and %zu more stacks\n", COUNT_WIDTH,
			"", nr - (size_t)style->stacks);
	free(cells);
}

void stackid_stat_print_counts(const struct stat_style *style,
			       struct data_reader *reader)
{
	const char *duration = stackid_data_meta(reader, "duration");
	uint64_t ns = duration ? strtoull(duration, NULL, 10) : 0;
	struct profile *profile = make_profile(reader);

	for (unsigned int i = 0; i < stackid_data_nr_events(reader); i++)
		print_event(style, reader, profile,
			    stackid_data_event(reader, i), ns);
	stackid_profile_destroy(profile);
}

void stackid_stat_print_tick(const struct stat_style *style, uint64_t ns,
			     const char *line, uint64_t hits)
{
	int length = strcspn(line, " \t");

	if (style->separator) {
		fprintf(style->out, "%" PRIu64 ".%09" PRIu64 "%s",
			ns / 1000000000, ns % 1000000000, style->separator);
		print_fields(style, hits, line, ns);
		fputc('\n', style->out);
		return;
	}
	fprintf(style->out, "%6" PRIu64 ".%09" PRIu64, ns / 1000000000,
		ns % 1000000000);
	print_count(style, hits);
	fprintf(style->out, "  %.*s%s\n", length, line,
		is_sampled(line) ? " (samples)" : "");
}

void stackid_stat_print_means(const struct stat_style *style,
			      char *const *names,
			      const struct stat_mean *counts, size_t nr)
{
	uint64_t ns = llround(mean_of(&counts[nr]));

	for (size_t i = 0; i < nr; i++) {
		uint64_t mean = llround(mean_of(&counts[i]));

		if (style->separator) {
			print_fields(style, mean, names[i], ns);
			fprintf(style->out, "%s%.2f%%\n", style->separator,
				spread_of(&counts[i]));
			continue;
		}
		print_count(style, mean);
		fprintf(style->out, "  %s%s  ( +- %.2f%% )\n", names[i],
			is_sampled(names[i]) ? " (samples)" : "",
			spread_of(&counts[i]));
	}
	if (!style->separator)
		fprintf(style->out, "\n%*.9f  seconds elapsed  ( +- %.2f%% )\n",
			COUNT_WIDTH, ns / 1e9, spread_of(&counts[nr]));
}
