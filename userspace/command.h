/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a subcommand of stackid is, and its options.
 *
 * A command is one file, userspace/NAME.c, that defines a const struct command
 * stackid_command_NAME.  It is declared below, listed in main.c's table and in
 * the Makefile; the linker complains if one of them is forgotten.
 *
 * One row of a command's option table is at once how the option is parsed, its
 * line in "stackid NAME --help", and what the shell's completion offers (the
 * completion asks "stackid --list-commands" and "stackid --list-options NAME").
 * Rows point into a struct of the command's own by offset, so that the table is
 * constant and nothing of the command's options is global.
 */
#ifndef STACKID_COMMAND_H
#define STACKID_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/complain.h"
#include "lib/exit_code.h"
#include "lib/number.h"

enum option_kind {
	OPTION_KIND_END,
	OPTION_KIND_GROUP,	/* a heading in --help */
	OPTION_KIND_FLAG,	/* bool; --no-NAME makes it false */
	OPTION_KIND_SWITCH,	/* struct option_switch; as FLAG, and may have a value */
	OPTION_KIND_COUNT,	/* int, one more each time */
	OPTION_KIND_STRING,	/* const char *, not copied */
	OPTION_KIND_NUMBER,	/* uint64_t */
	OPTION_KIND_CALL,	/* @parse decides */
	OPTION_KIND_ACCEPTED,	/* perf's, and nothing changes by it here */
	OPTION_KIND_REFUSED,	/* perf's, and @help says why there is none here */
};

/*
 * @value: what stood behind the option without a blank, "-gcaller" or
 *         "--call-graph=caller"; NULL if nothing did
 */
struct option_switch {
	bool on;
	const char *value;
};

/**
 * struct option_row - an option
 * @kind:       see enum option_kind
 * @short_name: a letter, or 0
 * @long_name:  never NULL but for GROUP
 * @arg:        what --help calls the argument, in brackets if it is a SWITCH's;
 *              NULL if it takes none
 * @bare:       only the long name takes an argument
 * @complete:   what completion offers for the argument: "file", "event", "pid",
 *              "cpu", "comm", "user", or the possible words separated by blanks; NULL
 *              if it cannot know
 * @help:       a phrase, or the heading of a GROUP
 * @offset:     of the field in the command's struct of options
 * @parse:      for CALL: 0, or -1 after a sentence through stackid_complain().
 *              @arg is NULL for an option without argument
 * @loose:      a SWITCH whose value may also stand behind a blank, as perf's -g
 *              has it; not for commands that stop at a word
 */
struct option_row {
	enum option_kind kind;
	char short_name;
	const char *long_name;
	const char *arg;
	const char *complete;
	const char *help;
	size_t offset;
	int (*parse)(const char *arg, void *field);
	bool bare;
	bool loose;
};

/* The offset, and a compile error if the field is not of the kind's type. */
#define OPTION_FIELD(type, field, want)					\
	__builtin_choose_expr(						\
		__builtin_types_compatible_p(__typeof__(((type *)0)->field), \
					     want),			\
		offsetof(type, field), (void)0)

#define OPTION_GROUP(title) { .kind = OPTION_KIND_GROUP, .help = title }
#define OPTION_FLAG(c, name, type, field, text)				\
	{ .kind = OPTION_KIND_FLAG, .short_name = c, .long_name = name,	\
	  .help = text, .offset = OPTION_FIELD(type, field, bool) }
#define OPTION_SWITCH(c, name, type, field, argument, words, text)	\
	{ .kind = OPTION_KIND_SWITCH, .short_name = c, .long_name = name, \
	  .arg = argument, .complete = words, .help = text,		\
	  .offset = OPTION_FIELD(type, field, struct option_switch) }
#define OPTION_COUNT(c, name, type, field, text)			\
	{ .kind = OPTION_KIND_COUNT, .short_name = c, .long_name = name, \
	  .help = text, .offset = OPTION_FIELD(type, field, int) }
#define OPTION_STRING(c, name, type, field, argument, words, text)	\
	{ .kind = OPTION_KIND_STRING, .short_name = c, .long_name = name, \
	  .arg = argument, .complete = words, .help = text,		\
	  .offset = OPTION_FIELD(type, field, const char *) }
#define OPTION_NUMBER(c, name, type, field, argument, text)		\
	{ .kind = OPTION_KIND_NUMBER, .short_name = c, .long_name = name, \
	  .arg = argument, .help = text,				\
	  .offset = OPTION_FIELD(type, field, uint64_t) }
#define OPTION_CALL(c, name, type, field, argument, words, function, text) \
	{ .kind = OPTION_KIND_CALL, .short_name = c, .long_name = name,	\
	  .arg = argument, .complete = words, .help = text,		\
	  .offset = offsetof(type, field), .parse = function }
/* parse() gets NULL for the short name. */
#define OPTION_CALL_BARE(c, name, type, field, argument, words, function, text) \
	{ .kind = OPTION_KIND_CALL, .short_name = c, .long_name = name,	\
	  .arg = argument, .complete = words, .help = text,		\
	  .offset = offsetof(type, field), .parse = function, .bare = true }
#define OPTION_SWITCH_LOOSE(c, name, type, field, argument, words, text) \
	{ .kind = OPTION_KIND_SWITCH, .short_name = c, .long_name = name, \
	  .arg = argument, .complete = words, .help = text, .loose = true, \
	  .offset = OPTION_FIELD(type, field, struct option_switch) }
/*
 * What scripts for perf say.  --help names the accepted ones in one sentence; what
 * completion offers is neither.  @argument: NULL, or "X" if it takes one, or "[=X]"
 * if it may have one.  @why: a sentence without its end, behind the option's name.
 */
#define OPTION_ACCEPTED(c, name, argument)				\
	{ .kind = OPTION_KIND_ACCEPTED, .short_name = c,		\
	  .long_name = name, .arg = argument }
#define OPTION_REFUSED(c, name, why)					\
	{ .kind = OPTION_KIND_REFUSED, .short_name = c,			\
	  .long_name = name, .help = why }
#define OPTION_END { .kind = OPTION_KIND_END }

/**
 * struct command - a subcommand
 * @name:        the word after "stackid"
 * @summary:     half a line for "stackid --help"
 * @usage:       what may follow the name: "[OPTIONS] [--] [COMMAND [ARGS]]"
 * @description: some lines for --help, each ending in a newline
 * @examples:    real ones, a line each, ending in newlines
 * @options:     up to OPTION_END; --help is added to them
 * @stop_at_word: options end at the first word that is none (a workload's name)
 * @run:         does it; argv[0] is the command's name.  Returns the exit code
 */
struct command {
	const char *name;
	const char *summary;
	const char *usage;
	const char *description;
	const char *examples;
	const struct option_row *options;
	bool stop_at_word;
	int (*run)(const struct command *self, int argc, char **argv);
};

/*
 * Fills *@options, which holds the defaults.  Returns the index in argv of the
 * first word that is no option (argv may have been reordered).  --help and -h
 * print the help and end the process with 0; a wrong option says so and ends it with
 * EXIT_USAGE.
 */
int stackid_command_parse(const struct command *self, void *options, int argc,
			  char **argv);

/* For words that are no options: a sentence, a hint at --help, EXIT_USAGE. */
__noreturn __printf(2, 3)
void stackid_command_misused(const struct command *self, const char *format,
			     ...);

void stackid_command_print_help(const struct command *self);
/*
 * A line for each option: short, long, argument, complete, help, and "long" if only
 * the long one takes the argument; tabs between.
 */
void stackid_command_list_options(const struct command *self);

extern const struct command stackid_command_annotate;
extern const struct command stackid_command_diff;
extern const struct command stackid_command_doctor;
extern const struct command stackid_command_export;
extern const struct command stackid_command_flamegraph;
extern const struct command stackid_command_leak;
extern const struct command stackid_command_ledger;
extern const struct command stackid_command_list;
extern const struct command stackid_command_offcpu;
extern const struct command stackid_command_record;
extern const struct command stackid_command_report;
extern const struct command stackid_command_script;
extern const struct command stackid_command_stat;
extern const struct command stackid_command_top;

#endif /* STACKID_COMMAND_H */
