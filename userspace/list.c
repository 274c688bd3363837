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
	OPTION_ACCEPTED('d', "desc", NULL),
	OPTION_ACCEPTED('v', "long-desc", NULL),
	OPTION_ACCEPTED(0, "debug", NULL),
	OPTION_ACCEPTED(0, "deprecated", NULL),
	OPTION_ACCEPTED(0, "details", NULL),
	OPTION_REFUSED(0, "cputype", "counters are of all CPUs here"),
	OPTION_END
};

static int list(const struct command *self, int argc, char **argv);

const struct command stackid_command_list = {
	.name = "list",
	.summary = "the events that can be recorded",
	.usage = "[OPTIONS] [WORD...]",
	.description =
		"Prints the events that this kernel offers: every tracepoint, and the forms of\n"
		"the other sources.  With WORDs only the events whose name has one of them in it,\n"
		"or is like it, where the WORD is a pattern such as 'sched:*'.\n",
	.examples =
		"  sudo stackid list\n"
		"  sudo stackid list switch wakeup\n"
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

static bool is_pattern(const char *word)
{
	return strpbrk(word, "*?[");
}

static bool matches(const char *line, char **words)
{
	char name[256];

	if (!*words)
		return true;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(line, " \t"), line);
	for (; *words; words++) {
		if (is_pattern(*words) ? !fnmatch(*words, name, 0) :
					 !!strcasestr(name, *words))
			return true;
	}
	return false;
}

static int list(const struct command *self, int argc, char **argv)
{
	struct list_options opts = { };
	int first = stackid_command_parse(self, &opts, argc, argv);
	char **words = argv + first;
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
			if (!*words && !opts.quiet)
				puts(line);
			continue;
		}
		if (!matches(line, words))
			continue;
		nr++;
		puts(line);
	}
	free(text);
	if (!nr && *words) {
		stackid_complain(is_pattern(*words) ?
				 "no event's name is like '%s'; without a WORD all of them are shown" :
				 "no event's name has '%s' in it; without a WORD all of them are shown",
				 *words);
		return EXIT_FAILED;
	}
	return EXIT_OK;
}
