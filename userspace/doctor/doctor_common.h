/* SPDX-License-Identifier: GPL-2.0 */
/* The lines of stackid doctor: who looks at what, and what they have in common. */
#ifndef STACKID_DOCTOR_COMMON_H
#define STACKID_DOCTOR_COMMON_H

#include <stdbool.h>

#include "../lib/compiler.h"
#include "../lib/live/control.h"
#include "../lib/live/module_file.h"

enum doctor_mark {
	DOCTOR_OK,
	DOCTOR_WARN,	/* recording works, and something of it will be missing */
	DOCTOR_BAD,	/* recording will not work */
};

/**
 * struct doctor - what has been found out for all lines
 * @release:    of the running kernel
 * @config:     its configuration; NULL if it is not to be found
 * @file:       the module's
 * @loaded:     the module is in the kernel
 * @privileged: this process may use the module's files
 * @control:    them; closed if @stats is NULL
 * @stats:      the module's own; NULL if they cannot be read
 * @name:       of the line
 * @quiet:      lines that are ok are not shown
 * @colours:    marks are coloured
 * @shown:      the line that the mends belong to is
 * @nr_bad:     lines so far
 */
struct doctor {
	const char *release;
	char *config;
	struct module_file file;
	bool loaded;
	bool privileged;
	struct control control;
	char *stats;
	const char *name;
	bool quiet;
	bool colours;
	bool shown;
	unsigned int nr_bad;
};

/* The line; a look that has nothing to say has none. */
__printf(3, 4)
void stackid_doctor_say(struct doctor *doctor, enum doctor_mark mark,
			const char *format, ...);
/* After it: a command that mends it, each in a line of its own. */
__printf(2, 3)
void stackid_doctor_mend(const struct doctor *doctor, const char *format, ...);

/* What the kernel has, allows and hides. */
void stackid_doctor_kernel(struct doctor *doctor);
void stackid_doctor_privileges(struct doctor *doctor);
void stackid_doctor_lockdown(struct doctor *doctor);
void stackid_doctor_debugfs(struct doctor *doctor);
void stackid_doctor_kptr_restrict(struct doctor *doctor);
void stackid_doctor_kallsyms(struct doctor *doctor);
void stackid_doctor_counters(struct doctor *doctor);

/* The module's file, and the module that is loaded. */
void stackid_doctor_installed(struct doctor *doctor);
void stackid_doctor_built(struct doctor *doctor);
void stackid_doctor_signature(struct doctor *doctor);
void stackid_doctor_loaded(struct doctor *doctor);
void stackid_doctor_format(struct doctor *doctor);

/* The loaded module's state, and room for what it gives. */
void stackid_doctor_unwinder(struct doctor *doctor);
void stackid_doctor_recording(struct doctor *doctor);
void stackid_doctor_table(struct doctor *doctor);
void stackid_doctor_disk(struct doctor *doctor);

#endif /* STACKID_DOCTOR_COMMON_H */
