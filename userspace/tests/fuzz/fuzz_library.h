/* SPDX-License-Identifier: GPL-2.0 */
/* What libstackid_heap.c calls in place of the C library's, so that one may fail. */
#ifndef STACKID_FUZZ_LIBRARY_H
#define STACKID_FUZZ_LIBRARY_H

#include <stddef.h>

void *fuzz_library_malloc(size_t size);
void *fuzz_library_calloc(size_t nr, size_t size);
void *fuzz_library_realloc(void *old, size_t size);

#endif /* STACKID_FUZZ_LIBRARY_H */
