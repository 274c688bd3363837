// SPDX-License-Identifier: GPL-2.0
/* Memory for the commands: they cannot go on without, so these never fail. */

#include <limits.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "complain.h"
#include "exit_code.h"
#include "memory.h"

/* Of stackid_memory_limit(); NULL while there is none. */
static const char *limit_reason;

static void *checked(void *memory, size_t nr, size_t size)
{
	if (memory)
		return memory;
	/* What it takes to say so. */
	stackid_memory_unlimit();
	if (limit_reason)
		stackid_complain("%s", limit_reason);
	else
		stackid_complain("out of memory: could not get %zu times %zu bytes",
				 nr, size);
	exit(EXIT_FAILED);
}

void stackid_memory_keep(void)
{
	mallopt(M_MMAP_THRESHOLD, INT_MAX);
	mallopt(M_TRIM_THRESHOLD, INT_MAX);
}

void stackid_memory_give_back(void)
{
	/* It is that from the beginning, but grows until somebody says so. */
	mallopt(M_MMAP_THRESHOLD, 128 << 10);
}

static void set_soft_limit(rlim_t bytes)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_DATA, &limit))
		return;
	limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
	setrlimit(RLIMIT_DATA, &limit);
}

void stackid_memory_limit(uint64_t bytes, const char *why)
{
	/* Sanitizers have more than that for themselves. */
#ifndef __SANITIZE_ADDRESS__
	limit_reason = why;
	stackid_memory_allow(bytes);
#else
	(void)bytes;
	(void)why;
#endif
}

void stackid_memory_allow(uint64_t bytes)
{
	static uint64_t all;

	if (!limit_reason)
		return;
	all = all + bytes < all ? UINT64_MAX : all + bytes;
	set_soft_limit(all);
}

void stackid_memory_unlimit(void)
{
	if (limit_reason)
		set_soft_limit(RLIM_INFINITY);
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

char *stackid_memory_print(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	return checked(text, strlen(format), 1);
}

FILE *stackid_memory_stream(char **text, size_t *size)
{
	return checked(open_memstream(text, size), 1, BUFSIZ);
}
