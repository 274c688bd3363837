/* SPDX-License-Identifier: GPL-2.0 */
/* Memory for the commands: they cannot go on without, so these never fail. */
#ifndef STACKID_MEMORY_H
#define STACKID_MEMORY_H

#include <stddef.h>

/* realloc() to @nr items; ends the process with a sentence if there is none. */
void *stackid_memory_resize(void *old, size_t nr, size_t size);
/* Zeroed. */
void *stackid_memory_zalloc(size_t nr, size_t size);
char *stackid_memory_strdup(const char *text);

#endif /* STACKID_MEMORY_H */
