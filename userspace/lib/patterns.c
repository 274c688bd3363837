// SPDX-License-Identifier: GPL-2.0
/* Regular expressions that an option names. */
#include <stdlib.h>

#include "array.h"
#include "complain.h"
#include "patterns.h"

int stackid_patterns_add(const char *arg, void *field)
{
	struct patterns *patterns = field;
	char why[200];
	int error;

	stackid_array_reserve(patterns->at, patterns->nr, patterns->room);
	error = regcomp(&patterns->at[patterns->nr], arg,
			REG_EXTENDED | REG_NOSUB);
	if (error) {
		regerror(error, NULL, why, sizeof(why));
		stackid_complain("'%s' is no regular expression: %s", arg, why);
		return -1;
	}
	patterns->nr++;
	return 0;
}

bool stackid_patterns_match(const struct patterns *patterns, const char *text)
{
	for (size_t i = 0; i < patterns->nr; i++) {
		if (!regexec(&patterns->at[i], text, 0, NULL, 0))
			return true;
	}
	return false;
}

void stackid_patterns_free(struct patterns *patterns)
{
	for (size_t i = 0; i < patterns->nr; i++)
		regfree(&patterns->at[i]);
	free(patterns->at);
}
