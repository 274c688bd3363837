/* SPDX-License-Identifier: GPL-2.0 */
/* Bytes that grow at their end. */
#ifndef STACKID_BUFFER_H
#define STACKID_BUFFER_H

#include <stddef.h>
#include <string.h>

#include "memory.h"

/* One of zeros is empty; what it came to hold is freed by free(@data). */
struct buffer {
	char *data;
	size_t size;
	size_t room;
};

/* The place of the next @more bytes, which are part of it from now on. */
static inline char *stackid_buffer_extend(struct buffer *buffer, size_t more)
{
	char *place;

	if (buffer->size + more > buffer->room) {
		buffer->room = 2 * (buffer->size + more);
		buffer->data = stackid_memory_resize(buffer->data, buffer->room,
						     1);
	}
	place = buffer->data + buffer->size;
	buffer->size += more;
	return place;
}

static inline void stackid_buffer_add(struct buffer *buffer, const void *data,
				      size_t size)
{
	if (size)
		memcpy(stackid_buffer_extend(buffer, size), data, size);
}

#endif /* STACKID_BUFFER_H */
