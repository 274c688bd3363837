/* SPDX-License-Identifier: GPL-2.0 */
/* Memory for the commands: they cannot go on without, so these never fail. */
#ifndef STACKID_MEMORY_H
#define STACKID_MEMORY_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "compiler.h"

/* realloc() to @nr items; ends the process with a sentence if there is none. */
void *stackid_memory_resize(void *old, size_t nr, size_t size);
/* Zeroed. */
void *stackid_memory_zalloc(size_t nr, size_t size);
char *stackid_memory_strdup(const char *text);
/* As asprintf() and open_memstream(). */
__printf(1, 2)
char *stackid_memory_print(const char *format, ...);
FILE *stackid_memory_stream(char **text, size_t *size);

/*
 * What is freed stays with the process from now on, for those who make large things
 * anew all the time: the kernel would clear every page of them each time.
 */
void stackid_memory_keep(void);

/*
 * Large things go back to the kernel when they are freed, always: without this, all that
 * is no larger than what was freed once stays, between what is used.
 */
void stackid_memory_give_back(void);

/*
 * The process gets no more than @bytes of data from now on, besides what earlier
 * calls gave it; where that is what ends it, it says @why.  Its children are not
 * limited.
 */
void stackid_memory_limit(uint64_t bytes, const char *why);
/* As much more, where there is a limit. */
void stackid_memory_allow(uint64_t bytes);
/* For a child, before it runs another program. */
void stackid_memory_unlimit(void);

#endif /* STACKID_MEMORY_H */
