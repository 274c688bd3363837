// SPDX-License-Identifier: GPL-2.0
/* Spans of time as people write them. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "duration.h"

bool stackid_duration(const char *text, uint64_t *ns)
{
	static const struct {
		const char *name;
		double ns;
	} units[] = {
		{ "ns", 1 }, { "us", 1e3 }, { "ms", 1e6 }, { "s", 1e9 },
		{ "m", 60e9 }, { "h", 3600e9 }, { "d", 86400e9 },
	};
	char *unit = NULL;
	double number = -1;

	/* strtod() would take "inf" and "0x1p3". */
	if (isdigit((unsigned char)*text) && text[1] != 'x' && text[1] != 'X')
		number = strtod(text, &unit);

	for (size_t i = 0; unit && i < sizeof(units) / sizeof(*units); i++) {
		if (strcmp(unit, units[i].name) || !(number < 1e18 / units[i].ns))
			continue;
		*ns = llround(number * units[i].ns);
		return true;
	}
	return false;
}

int stackid_parse_duration(const char *text, const char *what, uint64_t *ns)
{
	if (stackid_duration(text, ns))
		return 0;
	stackid_complain("%s takes a time with its unit, such as 250us, 1.5ms or 2s, not '%s'",
			 what, text);
	return -1;
}
