// SPDX-License-Identifier: GPL-2.0
/* stackid export: a recording in the forms that other programs read. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "export/export_format.h"
#include "lib/live/output.h"
#include "lib/words.h"

static const struct export_format *const formats[] = {
#define EXPORT_FORMAT_ADDRESS(name) &stackid_export_##name,
	EXPORT_FORMATS(EXPORT_FORMAT_ADDRESS)
};

#define EXPORT_FORMAT_WORD(name) #name " "
static const char format_words[] = EXPORT_FORMATS(EXPORT_FORMAT_WORD);

static const struct export_format *find_format(const struct command *self,
					       const char *name)
{
	const char *names[ARRAY_SIZE(formats)];
	const char *closest;

	if (!name)
		stackid_command_misused(self, "--format is missing; it is one of: %s",
					format_words);
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		if (!strcmp(formats[i]->name, name))
			return formats[i];
		names[i] = formats[i]->name;
	}
	closest = stackid_closest_word(name, names, ARRAY_SIZE(formats));
	if (closest)
		stackid_command_misused(self, "'%s' is no format; did you mean %s?",
					name, closest);
	stackid_command_misused(self, "'%s' is no format; it is one of: %s",
				name, format_words);
}

static void check_output(const struct command *self,
			 const struct export *export)
{
	const struct export_format *format = export->format;
	bool to_stdout = !strcmp(export->options->output, "-");

	if (to_stdout && format->to == EXPORT_TO_PATH)
		stackid_command_misused(self, "%s is no stream: name its file with -o",
					format->name);
	if (to_stdout && format->to == EXPORT_TO_BINARY &&
	    isatty(STDOUT_FILENO))
		stackid_command_misused(self, "%s is not for a terminal: name a file with -o, or send it into a pipe",
					format->name);
}

static int complain_output(const struct export *export)
{
	stackid_complain("cannot write %s: %s", export->options->output,
			 strerror(errno));
	return EXIT_FAILED;
}

/*
 * What is not whole would be taken for an export; what was there is PATH.old.  A
 * device or a pipe stays.
 */
static int give_up(const struct export *export, int result)
{
	struct stat file;

	if (!lstat(export->options->output, &file) && S_ISREG(file.st_mode))
		unlink(export->options->output);
	return result;
}

static int write_to_file(struct export *export)
{
	const char *path = export->options->output;
	int result;

	if (stackid_output_keep(path))
		return EXIT_FAILED;
	if (export->format->to == EXPORT_TO_PATH) {
		result = export->format->write(export);
	} else {
		export->out = fopen(path, "we");
		if (!export->out)
			return complain_output(export);
		result = export->format->write(export);
		if (ferror(export->out) | fclose(export->out))
			return give_up(export, complain_output(export));
	}
	if (result != EXIT_OK)
		return give_up(export, result);
	stackid_say("export", "wrote %s", path);
	return EXIT_OK;
}

static int write_output(struct export *export)
{
	if (strcmp(export->options->output, "-"))
		return write_to_file(export);
	export->out = stdout;
	/* main() looks at what became of stdout. */
	return export->format->write(export);
}

static int run(const struct command *self, int argc, char **argv)
{
	struct export_options options = {
		.output = "-",
		.sort = { .keys = { KEY_COMM, KEY_SYM }, .nr = 2 },
	};
	struct export export = { .options = &options };
	int first = stackid_command_parse(self, &options, argc, argv);
	int result;

	if (first < argc)
		stackid_command_misused(self, "'%s' is one word too many; files are named with -i and -o",
					argv[first]);
	export.format = find_format(self, options.format);
	if (options.sort.given && !export.format->has_rows)
		stackid_command_misused(self, "--sort is for json and csv, %s has no rows",
					export.format->name);
	check_output(self, &export);
	export.weigh = stackid_reading_is_weighed(&options.reading);
	/* As in report. */
	options.reading.in_one_go = export.format->in_one_go &&
				    !stackid_sort_has(&options.sort, KEY_STACK);
	options.reading.names_stacks = export.format->names_stacks;
	export.reading = stackid_reading_open(&options.reading);
	if (!export.reading)
		return EXIT_FAILED;
	export.data = stackid_reading_data(export.reading);
	result = write_output(&export);
	if (result == EXIT_OK)
		stackid_reading_complain_loss(export.reading);
	return stackid_reading_close(export.reading, result);
}

static const struct option_row rows[] = {
	READING_OPTION_ROWS(struct export_options),
	OPTION_GROUP("Output"),
	OPTION_STRING('F', "format", struct export_options, format, "FORMAT",
		      format_words, "write this one of the formats above"),
	OPTION_STRING('o', "output", struct export_options, output, "FILE",
		      "file",
		      "write FILE instead of the standard output; what was there is kept as FILE.old"),
	OPTION_CALL('s', "sort", struct export_options, sort, "KEY[,KEY]",
		    "comm pid tid cpu sym module event stack time parent overhead",
		    stackid_sort_parse,
		    "the rows of json and csv, as stackid report has them (default comm,sym)"),
	READING_WEIGHT_ROW(struct export_options,
			   "count hits (default), or sum up the value of this name; 'value' is each event's first"),
	OPTION_END,
};

const struct command stackid_command_export = {
	.name = "export",
	.summary = "write a recording in a form that another program reads",
	.usage = "--format FORMAT [OPTIONS]",
	.description =
		"Writes the events of a recording, or what they add up to, for other programs:\n\n"
#define EXPORT_FORMAT_HELP(name) EXPORT_HELP_##name
		EXPORT_FORMATS(EXPORT_FORMAT_HELP),
	.examples =
		"  stackid export --format folded -e sched:sched_switch -o switch.folded\n",
	.options = rows,
	.run = run,
};
