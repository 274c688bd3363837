// SPDX-License-Identifier: GPL-2.0
/* What an event of a data file was recorded with. */
#include <stdlib.h>
#include <string.h>

#include "../memory.h"
#include "sources.h"

int stackid_sources_value(const struct data_event_name *event,
			  const char *names)
{
	char *copy = stackid_memory_strdup(names);
	char *rest = copy, *name;
	int found = -1;

	while (found < 0 && (name = strsep(&rest, " ")))
		found = stackid_data_find_value(event, name);
	free(copy);
	return found;
}

bool stackid_sources_is_part(const struct data_event_name *event)
{
	static const char *const parts[] = { "pid=", "tid=", "uid=", "if=" };
	const char *option = event->options;

	while (*option) {
		for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
			if (!strncmp(option, parts[i], strlen(parts[i])))
				return true;
		}
		option += strcspn(option, " ");
		option += strspn(option, " ");
	}
	return false;
}
