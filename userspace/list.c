// SPDX-License-Identifier: GPL-2.0
/* stackid list: what can be recorded. */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "lib/live/control.h"

struct list_options {
	bool quiet;
};

static const struct option_row options[] = {
	OPTION_FLAG('q', "quiet", struct list_options, quiet,
		    "only names: no explanations, no empty lines"),
	OPTION_END
};

static int list(const struct command *self, int argc, char **argv);

const struct command stackid_command_list = {
	.name = "list",
	.summary = "the events that can be recorded",
	.usage = "[OPTIONS] [GLOB...]",
	.description =
		"Prints the events that this kernel offers: every tracepoint, and the forms of\n"
		"the other sources.  With GLOBs only the events whose name matches one.\n",
	.examples =
		"  sudo stackid list\n"
		"  sudo stackid list 'sched:*' 'irq:*'\n"
		"  sudo stackid list -q '*alloc*'\n",
	.options = options,
	.run = list,
};

/* A line that begins with '#' or is empty explains the others. */
static bool is_event(const char *line)
{
	return *line && *line != '#' && *line != ' ' && *line != '\t';
}

static bool matches(const char *line, char **globs)
{
	char name[256];

	if (!*globs)
		return true;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(line, " \t"), line);
	for (; *globs; globs++) {
		if (!fnmatch(*globs, name, 0))
			return true;
	}
	return false;
}

static int list(const struct command *self, int argc, char **argv)
{
	struct list_options opts = { };
	int first = stackid_command_parse(self, &opts, argc, argv);
	char **globs = argv + first;
	struct control control;
	char *text, *rest, *line;
	unsigned int nr = 0;

	if (stackid_control_open(&control))
		return EXIT_FAILED;
	text = stackid_control_read(&control, "available_events");
	stackid_control_close(&control);
	if (!text)
		return EXIT_FAILED;

	rest = text;
	while ((line = strsep(&rest, "\n"))) {
		if (!rest && !*line)
			break;
		if (!is_event(line)) {
			if (!*globs && !opts.quiet)
				puts(line);
			continue;
		}
		if (!matches(line, globs))
			continue;
		nr++;
		puts(line);
	}
	free(text);
	if (!nr) {
		stackid_complain("no event has such a name; without a GLOB all of them are shown");
		return EXIT_FAILED;
	}
	return EXIT_OK;
}
