// SPDX-License-Identifier: GPL-2.0
/* The profile that a report is made of. */
#include <stackid.h>

#include "../lib/memory.h"
#include "report_profile.h"

unsigned int stackid_report_keys(const struct report *report)
{
	static const struct {
		enum sort_key key;
		enum profile_key wanted;
	} keys[] = {
		{ KEY_COMM, PROFILE_COMM }, { KEY_PID, PROFILE_TGID },
		{ KEY_TID, PROFILE_PID }, { KEY_CPU, PROFILE_CPU },
		{ KEY_TIME, PROFILE_TIME },
	};
	unsigned int wanted = 0;

	/* The sort may change, but for what would make too many cells. */
	if (report->options->tui)
		wanted = PROFILE_COMM | PROFILE_TGID | PROFILE_PID | PROFILE_CPU;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (report_sorts_by(report, keys[i].key))
			wanted |= keys[i].wanted;
	}
	return wanted;
}

void stackid_report_mark_parents(struct report *report)
{
	uint32_t nr = stackid_profile_nr_functions(report->profile);

	if (!report_sorts_by(report, KEY_PARENT))
		return;
	report->parents = stackid_memory_zalloc(nr, sizeof(bool));
	for (uint32_t i = 0; i < nr; i++)
		report->parents[i] =
			stackid_patterns_match(&report->options->parents,
					       stackid_profile_function(report->profile, i)->name);
}
