// SPDX-License-Identifier: GPL-2.0
/* stackid annotate: the source lines of a function, and how often each was hit. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "annotate/annotate_lines.h"
#include "annotate/annotate_source.h"
#include "lib/memory.h"
#include "lib/pager.h"
#include "reading.h"
#include "srcline.h"

/* Lines without a hit that are shown around those with hits. */
#define AROUND	3

struct annotate_options {
	struct reading_options reading;
	struct srcline_options srcline;
	const char *tree;
};

struct annotate {
	const struct annotate_options *options;
	struct reading *reading;
	struct data_reader *data;
	struct profile *profile;
	struct debug_lines *debug;
	struct annotate_lines lines;
};

static double percent(const struct annotate *annotate, uint64_t part)
{
	uint64_t whole = annotate->lines.whole;

	return whole ? 100.0 * part / whole : 0;
}

static void print_line(const struct annotate *annotate,
		       const struct annotate_line *line, unsigned int number,
		       const char *text)
{
	if (line)
		printf("%8.2f%% %8.2f%% %12" PRIu64, percent(annotate, line->total),
		       percent(annotate, line->self), line->total);
	else
		printf("%9s %9s %12s", "", "", "");
	printf("  %6u%s%s\n", number, *text ? "  " : "", text);
}

static const char *base_name(const char *file)
{
	const char *slash = strrchr(file, '/');

	return slash ? slash + 1 : file;
}

/* Lines @first to @last of a file, and of the source between as much as is near. */
static void print_file(const struct annotate *annotate,
		       const struct annotate_line *first,
		       const struct annotate_line *last)
{
	const char *file = first->file;
	struct annotate_source source;
	unsigned int next = 1;

	stackid_annotate_source_read(&source, annotate->options->tree, file);
	printf("# %s%s\n#\n", annotate->options->srcline.whole_paths ?
	       file : base_name(file), source.nr ? "" :
	       ": the source is not here, see --source");
	puts("# Children      Self         Hits    Line  Source");
	puts("# ........  ........  ...........  ......  ......");
	puts("#");
	for (const struct annotate_line *line = first; line <= last; line++) {
		unsigned int from = line->line > AROUND ?
				    line->line - AROUND : 1;
		unsigned int to = line->line + AROUND;

		if (from < next)
			from = next;
		if (line < last && to >= line[1].line)
			to = line[1].line - 1;
		if (line > first && from > next)
			puts("   ...");
		for (; source.nr && from < line->line; from++) {
			if (from <= source.nr)
				print_line(annotate, NULL, from,
					   source.lines[from - 1]);
		}
		print_line(annotate, line, line->line,
			   line->line && line->line <= source.nr ?
			   source.lines[line->line - 1] : "");
		for (from = line->line + 1; from <= to && from <= source.nr; from++)
			print_line(annotate, NULL, from,
				   source.lines[from - 1]);
		next = to + 1;
	}
	puts("");
	stackid_annotate_source_free(&source);
}

static void print_all(const struct annotate *annotate)
{
	const struct annotate_lines *lines = &annotate->lines;
	const struct annotate_line *end = lines->at + lines->nr;

	printf("# %s in %s%s: %" PRIu64 " of %" PRIu64 " (%.2f%%), %" PRIu64 " of them itself\n",
	       lines->function, lines->module,
	       lines->elsewhere ? " and others" : "", lines->total, lines->whole,
	       percent(annotate, lines->total), lines->self);
	if (lines->unplaced)
		printf("# of %" PRIu64 " the line is not known\n",
		       lines->unplaced);
	puts("#");
	for (const struct annotate_line *line = lines->at; line < end;) {
		const struct annotate_line *last = line;

		while (last + 1 < end && last[1].file == line->file)
			last++;
		print_file(annotate, line, last);
		line = last + 1;
	}
}

static void complain_nowhere(const struct annotate *annotate)
{
	uint32_t nr = stackid_data_nr_symbols(annotate->data);
	const char **names = stackid_memory_zalloc(nr, sizeof(*names));
	const char *function = annotate->lines.function, *closest;

	for (uint32_t i = 0; i < nr; i++)
		names[i] = stackid_data_symbol(annotate->data, i)->name;
	closest = stackid_closest_word(function, names, nr);
	if (closest && strcmp(closest, function))
		stackid_complain("no event has '%s' on its stack; did you mean '%s'?",
				 function, closest);
	else
		stackid_complain("no event has '%s' on its stack", function);
	free(names);
}

/* Of all cells; 0 where no event has the value that is asked for. */
static uint64_t weight_of(const struct profile *profile)
{
	uint64_t weight = 0;

	for (size_t i = 0; i < stackid_profile_nr_cells(profile); i++)
		weight = stackid_profile_add_weights(weight,
						     stackid_profile_cell(profile, i)->weight);
	return weight;
}

/* Returns the exit code. */
static int show(struct annotate *annotate, const char *function)
{
	struct annotate_lines *lines = &annotate->lines;
	bool weigh = stackid_reading_is_weighed(&annotate->options->reading);

	if (stackid_reading_fill_profile(annotate->reading, annotate->profile,
					 weigh))
		return EXIT_FAILED;
	if (!weight_of(annotate->profile)) {
		stackid_reading_complain_valueless(annotate->reading);
		return EXIT_FAILED;
	}
	lines->function = function ? function :
		stackid_annotate_hottest(annotate->data, annotate->profile);
	if (!lines->function) {
		stackid_complain("no event in %s has a function on its stack",
				 stackid_reading_name(annotate->reading));
		return EXIT_FAILED;
	}
	stackid_annotate_lines_fill(lines, annotate->data, annotate->profile,
				    annotate->debug);
	if (!lines->module) {
		complain_nowhere(annotate);
		return EXIT_FAILED;
	}
	if (!lines->nr) {
		stackid_complain("no line of %s in %s is known", lines->function,
				 lines->module);
		return EXIT_FAILED;
	}
	if (annotate->options->reading.pager)
		stackid_pager_start();
	print_all(annotate);
	fflush(stdout);
	stackid_reading_complain_loss(annotate->reading);
	return EXIT_OK;
}

static int read_file(struct annotate *annotate, const char *function)
{
	int result;

	annotate->data = stackid_reading_data(annotate->reading);
	annotate->profile = stackid_profile_create(annotate->data, 0);
	annotate->debug = stackid_debug_lines_open(annotate->data,
						   &annotate->options->srcline.files,
						   true);
	result = show(annotate, function);
	stackid_annotate_lines_free(&annotate->lines);
	stackid_debug_lines_close(annotate->debug);
	stackid_profile_destroy(annotate->profile);
	return stackid_reading_close(annotate->reading, result);
}

static int run(const struct command *self, int argc, char **argv)
{
	struct annotate_options options = { .reading.pager = true };
	struct annotate annotate = { .options = &options };
	int first = stackid_command_parse(self, &options, argc, argv);
	int result = EXIT_FAILED;

	if (first + 1 < argc)
		stackid_command_misused(self, "'%s' is one word too many; it shows one function, and files are named with -i",
					argv[first + 1]);
	annotate.reading = stackid_reading_open(&options.reading);
	if (annotate.reading)
		result = read_file(&annotate, argv[first]);
	stackid_srcline_close(&options.srcline, NULL);
	return result;
}

static const struct option_row rows[] = {
	READING_OPTION_ROWS(struct annotate_options),
	OPTION_GROUP("Source lines"),
	SRCLINE_FILE_OPTION_ROWS(struct annotate_options),
	OPTION_STRING(0, "source", struct annotate_options, tree, "DIR", "file",
		      "the folder of the source, if it is not where it was compiled"),
	OPTION_GROUP("Output"),
	READING_WEIGHT_ROW(struct annotate_options,
			   "a hit counts as 1 (hits, the default), or as the value of this name; 'value' is each event's first"),
	OPTION_FLAG(0, "pager", struct annotate_options, reading.pager,
		    "page the text on a terminal (default; see STACKID_PAGER)"),
	OPTION_END,
};

const struct command stackid_command_annotate = {
	.name = "annotate",
	.summary = "show the source lines of a function, and how often each was hit",
	.usage = "[OPTIONS] [FUNCTION]",
	.description =
		"Shows where a function was, or what it had called, when events hit: its lines with\n"
		"their shares of all events. Without FUNCTION it is the one that was hit itself most\n"
		"often. A function that was inlined can be named as well.\n",
	.examples =
		"  stackid annotate vfs_read\n"
		"  stackid annotate --debug vmlinux --source ~/linux -e cpu-clock\n",
	.options = rows,
	.run = run,
};
