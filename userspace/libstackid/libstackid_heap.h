/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory of one open file.  All that lib/data allocates for it, by whatever name,
 * is one of its blocks, so that a call that finds no more memory can be left half way
 * and nothing of it stays: see libstackid.c.
 */
#ifndef LIBSTACKID_HEAP_H
#define LIBSTACKID_HEAP_H

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

struct heap_block;

#define HEAP_SENTENCES	256

/**
 * struct heap - memory, and what was said meanwhile
 * @blocks:    the newest
 * @used:      their bytes
 * @most:      that there may be; 0 is no limit
 * @escape:    where a call goes that cannot go on
 * @message:   why, then
 * @sentences: what lib/complain.h was told, @nr_sentences of them
 */
struct heap {
	struct heap_block *blocks;
	uint64_t used;
	uint64_t most;
	jmp_buf *escape;
	char message[256];
	char *sentences[HEAP_SENTENCES + 1];
	unsigned int nr_sentences;
};

void libstackid_heap_init(struct heap *heap);
/* Gives all blocks back. */
void libstackid_heap_exit(struct heap *heap);

/*
 * From here on to libstackid_heap_leave(), what this thread allocates is @heap's.  Where
 * there is no memory, @escape is gone to.
 */
void libstackid_heap_enter(struct heap *heap, jmp_buf *escape);
void libstackid_heap_leave(void);

/* In place of the functions of these names, see userspace/Makefile. */
void *libstackid_malloc(size_t size);
void *libstackid_calloc(size_t nr, size_t size);
void *libstackid_realloc(void *old, size_t size);
void *libstackid_reallocarray(void *old, size_t nr, size_t size);
void libstackid_free(void *memory);
char *libstackid_strdup(const char *text);

#endif /* LIBSTACKID_HEAP_H */
