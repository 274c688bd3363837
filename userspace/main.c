// SPDX-License-Identifier: GPL-2.0
/* stackid: which subcommands there are, and choosing one. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "lib/words.h"

static const struct command *const commands[] = {
	&stackid_command_annotate,
	&stackid_command_diff,
	&stackid_command_doctor,
	&stackid_command_export,
	&stackid_command_flamegraph,
	&stackid_command_leak,
	&stackid_command_ledger,
	&stackid_command_list,
	&stackid_command_offcpu,
	&stackid_command_record,
	&stackid_command_report,
	&stackid_command_script,
	&stackid_command_stat,
	&stackid_command_top,
};

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	}
	return NULL;
}

static void print_help(FILE *out)
{
	fputs("Usage: stackid [--version] [--help] COMMAND [ARGS]\n\n"
	      "Records kernel stacks through the stackid module, and shows them.\n\n"
	      "Commands:\n", out);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(out, "  %-12s%s\n", commands[i]->name,
			commands[i]->summary);
	fputs("\nBegin with:\n"
	      "  sudo modprobe stackid\n"
	      "  sudo stackid record -a -- sleep 5\n"
	      "  stackid report\n\n"
	      "'stackid COMMAND --help' tells the options of one.\n", out);
}

static int refuse_command(const char *name)
{
	const char *names[ARRAY_SIZE(commands)];
	const char *closest;

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		names[i] = commands[i]->name;
	closest = stackid_closest_word(name, names, ARRAY_SIZE(commands));
	if (closest)
		stackid_complain("'%s' is no command; did you mean 'stackid %s'?",
				 name, closest);
	else
		stackid_complain("'%s' is no command; see 'stackid --help'",
				 name);
	return EXIT_FAILED;
}

static int list_options(const char *name)
{
	const struct command *command = name ? find_command(name) : NULL;

	if (!command)
		return refuse_command(name ? name : "");
	stackid_command_list_options(command);
	return EXIT_OK;
}

/* What the shell's completion asks. */
static void list_commands(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		printf("%s\t%s\n", commands[i]->name, commands[i]->summary);
}

static int choose(int argc, char **argv)
{
	const struct command *command;
	const char *word = argc > 1 ? argv[1] : NULL;

	if (!word) {
		print_help(stderr);
		return EXIT_FAILED;
	}
	if (!strcmp(word, "--help") || !strcmp(word, "-h")) {
		print_help(stdout);
		return EXIT_OK;
	}
	if (!strcmp(word, "help")) {
		if (argc < 3) {
			print_help(stdout);
			return EXIT_OK;
		}
		command = find_command(argv[2]);
		if (!command)
			return refuse_command(argv[2]);
		stackid_command_print_help(command);
		return EXIT_OK;
	}
	if (!strcmp(word, "--version") || !strcmp(word, "version")) {
		puts("stackid " STACKID_VERSION);
		return EXIT_OK;
	}
	if (!strcmp(word, "--list-commands")) {
		list_commands();
		return EXIT_OK;
	}
	if (!strcmp(word, "--list-options"))
		return list_options(argc > 2 ? argv[2] : NULL);
	if (*word == '-') {
		stackid_complain("no option %s before the command; see 'stackid --help'",
				 word);
		return EXIT_USAGE;
	}

	command = find_command(word);
	if (!command)
		return refuse_command(word);
	return command->run(command, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
	int code = choose(argc, argv);

	/* A full disk behind "> file" must not look like success. */
	if ((fflush(stdout) || ferror(stdout)) && errno != EPIPE) {
		stackid_complain("cannot write the output: %s",
				 strerror(errno));
		if (code == EXIT_OK)
			code = EXIT_FAILED;
	}
	return code;
}
