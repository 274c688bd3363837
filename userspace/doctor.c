// SPDX-License-Identifier: GPL-2.0
/* stackid doctor: what this machine allows, a line each. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/capability.h>

#include "command.h"
#include "doctor/doctor_common.h"
#include "lib/live/kernel.h"
#include "lib/pager.h"
#include "lib/plain.h"

/* Where the text of a line begins, and what can be tried. */
#define TEXT_COLUMN	21

struct doctor_options {
	bool quiet;
};

static const struct option_row options[] = {
	OPTION_FLAG('q', "quiet", struct doctor_options, quiet,
		    "only what is not ok"),
	OPTION_END
};

static int doctor_run(const struct command *self, int argc, char **argv);

const struct command stackid_command_doctor = {
	.name = "doctor",
	.summary = "what this machine allows, and how to mend what it does not",
	.usage = "[OPTIONS]",
	.description =
		"Looks at all that recording needs, and prints a line for each: ok, warn (recording\n"
		"works, and something of it will be missing) or bad (it will not work).  Below what\n"
		"is wrong stands the command that mends it; begin with the first one.  Changes\n"
		"nothing itself.  The exit code is 1 if a line is bad.\n",
	.examples =
		"  sudo stackid doctor\n"
		"  sudo stackid doctor -q && sudo stackid record -a -- sleep 5\n",
	.options = options,
	.run = doctor_run,
};

/* In the order in which they are to be mended. */
static const struct {
	const char *name;
	void (*look)(struct doctor *doctor);
} lines[] = {
	{ "kernel", stackid_doctor_kernel },
	{ "privileges", stackid_doctor_privileges },
	{ "lockdown", stackid_doctor_lockdown },
	{ "debugfs", stackid_doctor_debugfs },
	{ "installed", stackid_doctor_installed },
	{ "built for", stackid_doctor_built },
	{ "signature", stackid_doctor_signature },
	{ "loaded", stackid_doctor_loaded },
	{ "format", stackid_doctor_format },
	{ "recording", stackid_doctor_recording },
	{ "kptr_restrict", stackid_doctor_kptr_restrict },
	{ "kallsyms", stackid_doctor_kallsyms },
	{ "counters", stackid_doctor_counters },
	{ "unwinding", stackid_doctor_unwinder },
	{ "table", stackid_doctor_table },
	{ "disk", stackid_doctor_disk },
};

void stackid_doctor_say(struct doctor *doctor, enum doctor_mark mark,
			const char *format, ...)
{
	static const struct {
		const char *word;
		const char *colour;
	} marks[] = {
		[DOCTOR_OK] = { "ok", "\033[32m" },
		[DOCTOR_WARN] = { "warn", "\033[33m" },
		[DOCTOR_BAD] = { "bad", "\033[31m" },
	};
	va_list args;

	doctor->nr_bad += mark == DOCTOR_BAD;
	doctor->shown = mark != DOCTOR_OK || !doctor->quiet;
	if (!doctor->shown)
		return;
	printf("%s%-4s%s  %-13s  ", doctor->colours ? marks[mark].colour : "",
	       marks[mark].word, doctor->colours ? "\033[m" : "",
	       doctor->name);
	va_start(args, format);
	stackid_plain_print(stdout, format, args);
	va_end(args);
	putchar('\n');
}

void stackid_doctor_mend(const struct doctor *doctor, const char *format, ...)
{
	va_list args;

	if (!doctor->shown)
		return;
	printf("%*stry: ", TEXT_COLUMN, "");
	va_start(args, format);
	stackid_plain_print(stdout, format, args);
	va_end(args);
	putchar('\n');
}

/* The module's files; what keeps them shut has a line of its own. */
static void open_files(struct doctor *doctor)
{
	doctor->control.dir = open(CONTROL_PATH,
				   O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (doctor->control.dir < 0)
		return;
	doctor->stats = stackid_control_read(&doctor->control, "stats");
	if (!doctor->stats)
		stackid_control_close(&doctor->control);
}

static int doctor_run(const struct command *self, int argc, char **argv)
{
	struct doctor_options opts = { };
	struct doctor doctor = { };
	int first = stackid_command_parse(self, &opts, argc, argv);

	if (argv[first])
		stackid_command_misused(self, "'%s' is no option; there is nothing else to be given",
					argv[first]);
	doctor.quiet = opts.quiet;
	doctor.colours = stackid_terminal_colours();
	doctor.release = stackid_kernel_release();
	doctor.config = stackid_kernel_config();
	doctor.loaded = stackid_kernel_has_module();
	doctor.privileged = stackid_kernel_capable(CAP_SYSLOG) &&
			    (!geteuid() ||
			     stackid_kernel_capable(CAP_DAC_OVERRIDE));
	stackid_module_file_find(&doctor.file);
	if (doctor.privileged)
		open_files(&doctor);

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		doctor.name = lines[i].name;
		lines[i].look(&doctor);
		fflush(stdout);
	}
	if (doctor.stats)
		stackid_control_close(&doctor.control);
	free(doctor.stats);
	stackid_module_file_free(&doctor.file);
	free(doctor.config);
	if (!doctor.nr_bad)
		return EXIT_OK;
	stackid_complain("recording will not work until what is bad is mended, the first one first");
	return EXIT_FAILED;
}
