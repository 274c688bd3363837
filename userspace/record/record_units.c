// SPDX-License-Identifier: GPL-2.0
/* Sizes and times as options have them. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/clock.h"
#include "../lib/complain.h"
#include "../lib/duration.h"
#include "../lib/memory.h"
#include "record_units.h"

/* No file and no recording is larger or longer, and no product overflows. */
#define MOST	(1ULL << 32)

/* Of a CPU: the module's bound. */
#define LARGEST_RING	(1ULL << 30)

bool stackid_record_size(const char *text, uint64_t unit, uint64_t *bytes)
{
	static const char units[] = "BKMG";
	const char *letter;
	char *end;
	uint64_t n = strtoull(text, &end, 10);

	if (!isdigit((unsigned char)*text) || !n || n > MOST)
		return false;
	*bytes = n * unit;
	if (!*end)
		return true;
	letter = strchr(units, toupper((unsigned char)*end));
	if (!letter || end[1])
		return false;
	*bytes = n << 10 * (letter - units);
	return true;
}

int stackid_record_take_buffer(const char *arg, void *field)
{
	uint64_t *kb = field;
	uint64_t bytes;

	if (!stackid_record_size(arg, sysconf(_SC_PAGESIZE), &bytes)) {
		stackid_complain("-m takes a number of pages or a size such as 512K or 4M, not '%s'",
				 arg);
		return -1;
	}
	if (bytes > LARGEST_RING) {
		stackid_complain("-m %s is too large: a CPU's ring can have up to %lluG",
				 arg, LARGEST_RING >> 30);
		return -1;
	}
	*kb = (bytes + 1023) >> 10;
	return 0;
}

bool stackid_record_time(const char *text, uint64_t *ns)
{
	char *seconds = stackid_memory_print("%ss", text);
	bool right = stackid_duration(text, ns) || stackid_duration(seconds, ns);

	free(seconds);
	return right && *ns && *ns <= MOST * NSEC_PER_SEC;
}
