// SPDX-License-Identifier: GPL-2.0
/* The memory of one open file, in place of lib/memory.c and of the C library's. */
#include <inttypes.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/complain.h"
#include "../lib/memory.h"
#include "../lib/plain.h"
#include "libstackid_heap.h"

/* What was allocated lies behind it. */
struct heap_block {
	alignas(max_align_t) struct heap_block *next;
	struct heap_block *previous;
	struct heap *heap;
	size_t size;
};

/* Of the call that this thread is in; NULL outside of any. */
static __thread struct heap *current;

void libstackid_heap_init(struct heap *heap)
{
	memset(heap, 0, sizeof(*heap));
}

void libstackid_heap_exit(struct heap *heap)
{
	while (heap->blocks)
		libstackid_free(heap->blocks + 1);
	heap->nr_sentences = 0;
}

void libstackid_heap_enter(struct heap *heap, jmp_buf *escape)
{
	heap->escape = escape;
	current = heap;
}

void libstackid_heap_leave(void)
{
	current = NULL;
}

static void put_in(struct heap *heap, struct heap_block *block, size_t size)
{
	block->heap = heap;
	block->size = size;
	block->previous = NULL;
	block->next = heap->blocks;
	if (block->next)
		block->next->previous = block;
	heap->blocks = block;
	heap->used += size;
}

static void take_out(struct heap_block *block)
{
	struct heap *heap = block->heap;

	if (block->next)
		block->next->previous = block->previous;
	if (block->previous)
		block->previous->next = block->next;
	else
		heap->blocks = block->next;
	heap->used -= block->size;
}

/* The size with a block's head; 0 if it may not be had. */
static size_t whole_size(const struct heap *heap, size_t nr, size_t size)
{
	size_t whole;

	if (__builtin_mul_overflow(nr, size, &whole) ||
	    __builtin_add_overflow(whole, sizeof(struct heap_block), &whole) ||
	    (heap->most && whole > heap->most - heap->used))
		return 0;
	return whole;
}

static void *allocate(size_t nr, size_t size, bool clear)
{
	size_t whole = whole_size(current, nr, size);
	struct heap_block *block = NULL;

	if (whole)
		block = clear ? calloc(1, whole) : malloc(whole);
	if (!block)
		return NULL;
	put_in(current, block, whole);
	return block + 1;
}

void *libstackid_malloc(size_t size)
{
	return allocate(1, size, false);
}

void *libstackid_calloc(size_t nr, size_t size)
{
	return allocate(nr, size, true);
}

void *libstackid_reallocarray(void *old, size_t nr, size_t size)
{
	struct heap_block *block, *moved = NULL;
	struct heap *heap;
	size_t whole;

	if (!old)
		return allocate(nr, size, false);
	block = (struct heap_block *)old - 1;
	heap = block->heap;
	take_out(block);
	whole = whole_size(heap, nr, size);
	if (whole)
		moved = realloc(block, whole);
	if (!moved) {
		put_in(heap, block, block->size);
		return NULL;
	}
	put_in(heap, moved, whole);
	return moved + 1;
}

void *libstackid_realloc(void *old, size_t size)
{
	return libstackid_reallocarray(old, 1, size);
}

void libstackid_free(void *memory)
{
	struct heap_block *block;

	if (!memory)
		return;
	block = (struct heap_block *)memory - 1;
	take_out(block);
	free(block);
}

char *libstackid_strdup(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = libstackid_malloc(size);

	return copy ? memcpy(copy, text, size) : NULL;
}

/*
 * lib/memory.h: what never fails.  The call that this thread is in ends instead, and
 * what was allocated in it is given back with the heap.
 */
static void *checked(void *memory, size_t nr, size_t size)
{
	struct heap *heap = current;

	if (memory)
		return memory;
	if (heap->most && !whole_size(heap, nr, size))
		snprintf(heap->message, sizeof(heap->message),
			 "the data file asks for more memory than a recording of its size needs: it was forged, or is to be trusted");
	else
		snprintf(heap->message, sizeof(heap->message),
			 "out of memory: could not get %zu times %zu bytes",
			 nr, size);
	longjmp(*heap->escape, 1);
}

void *stackid_memory_resize(void *old, size_t nr, size_t size)
{
	return checked(libstackid_reallocarray(old, nr ? nr : 1, size), nr,
		       size);
}

void *stackid_memory_zalloc(size_t nr, size_t size)
{
	return checked(libstackid_calloc(nr ? nr : 1, size), nr, size);
}

char *stackid_memory_strdup(const char *text)
{
	return checked(libstackid_strdup(text), strlen(text) + 1, 1);
}

void stackid_memory_limit(uint64_t bytes,
			  const char *why __attribute__((unused)))
{
	current->most = current->used + bytes;
}

void stackid_memory_allow(uint64_t bytes)
{
	current->most += bytes;
}

/* lib/complain.h.  A sentence for which there is no memory is not worth the call. */
void stackid_complain(const char *format, ...)
{
	struct heap *heap = current;
	char line[1024], *text;
	va_list args;

	if (heap->nr_sentences > HEAP_SENTENCES)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	stackid_plain_make(line);
	text = libstackid_strdup(heap->nr_sentences < HEAP_SENTENCES ? line :
				 "there are more warnings than these");
	if (text)
		heap->sentences[heap->nr_sentences++] = text;
}
