// SPDX-License-Identifier: GPL-2.0
/* Memory for the commands: they cannot go on without, so these never fail. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../command.h"
#include "memory.h"

static void *checked(void *memory, size_t nr, size_t size)
{
	if (!memory) {
		stackid_complain("out of memory: could not get %zu times %zu bytes",
				 nr, size);
		exit(EXIT_FAILED);
	}
	return memory;
}

void *stackid_memory_resize(void *old, size_t nr, size_t size)
{
	/* realloc() to nothing frees, and its NULL would look like a failure. */
	return checked(reallocarray(old, nr ? nr : 1, size), nr, size);
}

void *stackid_memory_zalloc(size_t nr, size_t size)
{
	return checked(calloc(nr ? nr : 1, size), nr, size);
}

char *stackid_memory_strdup(const char *text)
{
	return checked(strdup(text), strlen(text) + 1, 1);
}
