// SPDX-License-Identifier: GPL-2.0
/* Options of subcommands: one table is parser, help and completion. */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "lib/memory.h"
#include "lib/plain.h"
#include "lib/words.h"

#define MAX_OPTIONS	192

/* What getopt_long() gives for row i: its long form, or the --no- form. */
#define LONG_ROW	0x1000
#define LONG_NEGATED	0x2000
#define LONG_HELP	0x4000
#define SHORT_HELP	'h'

#define HELP_COLUMN	30
#define HELP_WIDTH	79

void stackid_command_misused(const struct command *self, const char *format,
			     ...)
{
	va_list args;

	fflush(stdout);
	fprintf(stderr, "stackid %s: ", self->name);
	va_start(args, format);
	stackid_plain_print(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\nTry 'stackid %s --help'.\n", self->name);
	exit(EXIT_USAGE);
}

static void print_wrapped(const char *text, int column)
{
	while (*text) {
		size_t room = HELP_WIDTH - HELP_COLUMN;
		size_t len = strlen(text);

		if (len > room) {
			for (len = room; len && text[len] != ' '; len--)
				;
			if (!len)
				len = strcspn(text, " ");
		}
		printf("%*s%.*s\n", HELP_COLUMN - column, "", (int)len, text);
		column = 0;
		text += len;
		text += strspn(text, " ");
	}
}

static void print_row(char short_name, const char *long_name, const char *arg,
		      const char *help)
{
	int column;

	if (short_name)
		column = printf("  -%c, --%s", short_name, long_name);
	else
		column = printf("      --%s", long_name);
	if (arg)
		column += printf(" %s", arg);
	if (column >= HELP_COLUMN) {
		putchar('\n');
		column = 0;
	}
	print_wrapped(help, column);
}

/* Those that are people's to read about: perf's for the sake of scripts are not. */
static bool is_shown(const struct option_row *row)
{
	return row->kind != OPTION_KIND_GROUP &&
	       row->kind != OPTION_KIND_ACCEPTED &&
	       row->kind != OPTION_KIND_REFUSED;
}

static void print_accepted(const struct command *self)
{
	const struct option_row *row;
	int column = 0;

	for (row = self->options; row->kind != OPTION_KIND_END; row++) {
		char word[80];
		int len;

		if (row->kind != OPTION_KIND_ACCEPTED)
			continue;
		len = snprintf(word, sizeof(word), "%s%.1s%s--%s",
			       row->short_name ? "-" : "", &row->short_name,
			       row->short_name ? " " : "", row->long_name);
		if (!column)
			printf("\nTaken as perf takes them, and nothing changes by them:\n");
		if (!column || column + len + 2 > HELP_WIDTH)
			column = printf("%s ", column ? "\n" : "");
		column += printf(" %s", word);
	}
	if (column)
		putchar('\n');
}

void stackid_command_print_help(const struct command *self)
{
	const struct option_row *row;

	printf("Usage: stackid %s%s%s\n\n%s\n", self->name,
	       *self->usage ? " " : "", self->usage, self->description);
	if (self->options->kind != OPTION_KIND_GROUP)
		printf("Options:\n");
	for (row = self->options; row->kind != OPTION_KIND_END; row++) {
		if (row->kind == OPTION_KIND_GROUP)
			printf("%s%s:\n", row == self->options ? "" : "\n",
			       row->help);
		else if (is_shown(row))
			print_row(row->short_name, row->long_name, row->arg,
				  row->help);
	}
	print_row(SHORT_HELP, "help", NULL, "print this");
	print_accepted(self);
	printf("\nExamples:\n%s", self->examples);
}

void stackid_command_list_options(const struct command *self)
{
	const struct option_row *row;

	for (row = self->options; row->kind != OPTION_KIND_END; row++) {
		if (!is_shown(row))
			continue;
		if (row->short_name)
			printf("-%c", row->short_name);
		printf("\t--%s\t%s\t%s\t%s%s\n", row->long_name,
		       row->arg ? row->arg : "",
		       row->complete ? row->complete : "", row->help,
		       row->bare ? "\tlong" : "");
	}
	printf("-%c\t--help\t\t\tprint this\n", SHORT_HELP);
}

static void take_option(const struct command *self,
			const struct option_row *row, void *options,
			const char *arg, bool negated)
{
	void *field = (char *)options + row->offset;
	char what[80];

	switch (row->kind) {
	case OPTION_KIND_FLAG:
		*(bool *)field = !negated;
		break;
	case OPTION_KIND_SWITCH:
		*(struct option_switch *)field = (struct option_switch) {
			.on = !negated, .value = arg,
		};
		break;
	case OPTION_KIND_COUNT:
		*(int *)field += 1;
		break;
	case OPTION_KIND_STRING:
		*(const char **)field = arg;
		break;
	case OPTION_KIND_NUMBER:
		snprintf(what, sizeof(what), "%s: --%s", self->name,
			 row->long_name);
		if (stackid_parse_number(arg, what, field))
			exit(EXIT_USAGE);
		break;
	case OPTION_KIND_CALL:
		if (row->parse(arg, field))
			exit(EXIT_USAGE);
		break;
	case OPTION_KIND_REFUSED:
		stackid_command_misused(self, "--%s: %s", row->long_name,
					row->help);
	case OPTION_KIND_ACCEPTED:
	case OPTION_KIND_GROUP:
	case OPTION_KIND_END:
		break;
	}
}

static const struct option_row *find_short(const struct command *self, int c)
{
	const struct option_row *row;

	for (row = self->options; row->kind != OPTION_KIND_END; row++) {
		if (row->kind != OPTION_KIND_GROUP && row->short_name == c)
			return row;
	}
	return NULL;
}

static void suggest_option(const struct command *self, const char *word)
{
	const char *names[MAX_OPTIONS];
	const struct option_row *row;
	const char *closest;
	size_t nr = 0;

	for (row = self->options; row->kind != OPTION_KIND_END; row++) {
		if (is_shown(row) && nr < MAX_OPTIONS)
			names[nr++] = row->long_name;
	}
	closest = stackid_closest_word(word, names, nr);
	if (closest)
		stackid_command_misused(self,
					"no option --%s; did you mean --%s?",
					word, closest);
	stackid_command_misused(self, "no option --%s", word);
}

/* getopt's own words are silenced: they do not know the subcommand's name. */
__noreturn
static void refuse_option(const struct command *self, int c, char **argv)
{
	const char *word = argv[optind - 1];

	if (c == ':') {
		if (!strncmp(word, "--", 2))
			stackid_command_misused(self, "%s takes a value", word);
		stackid_command_misused(self, "-%c takes a value", optopt);
	}
	if (!strncmp(word, "--", 2)) {
		if (optopt)
			stackid_command_misused(self, "%.*s takes no value",
						(int)strcspn(word, "="), word);
		suggest_option(self, word + 2);
	}
	stackid_command_misused(self, "no option -%c", optopt);
}

/* As getopt_long() wants it. */
static int has_argument(const struct option_row *row)
{
	/* Whether it stands there or not, the sentence is the answer. */
	if (row->kind == OPTION_KIND_REFUSED)
		return optional_argument;
	if (!row->arg)
		return no_argument;
	return row->kind == OPTION_KIND_SWITCH || *row->arg == '[' ?
	       optional_argument : required_argument;
}

static bool can_be_negated(const struct option_row *row)
{
	return row->kind == OPTION_KIND_FLAG ||
	       row->kind == OPTION_KIND_SWITCH ||
	       row->kind == OPTION_KIND_ACCEPTED;
}

/* The next word, if the option's value stands there. */
static const char *loose_value(const struct option_row *row, int argc,
			       char **argv)
{
	if (optarg || !row->loose || optind >= argc || *argv[optind] == '-')
		return optarg;
	return argv[optind++];
}

static void negate(const char *name, char *negated, size_t size)
{
	if (strncmp(name, "no-", 3))
		snprintf(negated, size, "no-%s", name);
	else
		snprintf(negated, size, "%s", name + 3);
}

int stackid_command_parse(const struct command *self, void *options, int argc,
			  char **argv)
{
	struct option longs[2 * MAX_OPTIONS + 2] = { };
	char negated[MAX_OPTIONS][40];
	char shorts[3 * MAX_OPTIONS + 5];
	const struct option_row *rows = self->options;
	const struct option_row *row;
	char *s = shorts;
	size_t nr = 0;
	int c;

	if (self->stop_at_word)
		*s++ = '+';
	*s++ = ':';
	for (int i = 0; i < MAX_OPTIONS && rows[i].kind != OPTION_KIND_END;
	     i++) {
		if (rows[i].kind == OPTION_KIND_GROUP)
			continue;
		longs[nr].name = rows[i].long_name;
		longs[nr].has_arg = has_argument(&rows[i]);
		longs[nr++].val = LONG_ROW + i;
		if (can_be_negated(&rows[i])) {
			negate(rows[i].long_name, negated[i],
			       sizeof(negated[i]));
			longs[nr].name = negated[i];
			longs[nr++].val = LONG_NEGATED + i;
		}
		if (rows[i].short_name) {
			*s++ = rows[i].short_name;
			if (rows[i].arg && !rows[i].bare)
				*s++ = ':';
			if (rows[i].arg &&
			    has_argument(&rows[i]) == optional_argument)
				*s++ = ':';
		}
	}
	*s++ = SHORT_HELP;
	longs[nr].name = "help";
	longs[nr].val = LONG_HELP;
	*s = '\0';

	optind = 0;
	opterr = 0;
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (c == '?' || c == ':')
			refuse_option(self, c, argv);
		if (c == LONG_HELP || c == SHORT_HELP) {
			stackid_command_print_help(self);
			exit(EXIT_OK);
		}
		if (c >= LONG_NEGATED) {
			take_option(self, &rows[c - LONG_NEGATED], options,
				    NULL, true);
			continue;
		}
		row = c >= LONG_ROW ? &rows[c - LONG_ROW] :
				      find_short(self, c);
		take_option(self, row, options,
			    loose_value(row, argc, argv), false);
	}
	return optind;
}
