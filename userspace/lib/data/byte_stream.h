/* SPDX-License-Identifier: GPL-2.0 */
/* Bytes as they come, through a pipe or at the end of a file that grows. */
#ifndef STACKID_BYTE_STREAM_H
#define STACKID_BYTE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BYTE_STREAM_BUFFER	65536

struct read_ahead;

/**
 * struct byte_stream - where they come from
 * @grows:    a regular file, at whose end more may come as long as somebody writes it
 * @ahead:    of a pipe, unless there can be no thread
 * @bytes:    from @at to @size what was read and not taken yet, in @buffer or @ahead's
 * @position: how many were taken
 * @allowed:  memory that each byte that comes allows, see stackid_memory_allow()
 * @idle:     called with @own whenever there is nothing to read yet
 */
struct byte_stream {
	int fd;
	bool grows;
	struct read_ahead *ahead;
	char buffer[BYTE_STREAM_BUFFER];
	const char *bytes;
	size_t at;
	size_t size;
	uint64_t position;
	uint64_t allowed;
	void (*idle)(void *own);
	void *own;
};

/* @path: "-" is stdin.  0, or -1 with the reason in errno. */
int stackid_byte_stream_open(struct byte_stream *stream, const char *path);
void stackid_byte_stream_close(struct byte_stream *stream);

/* Waits for @size bytes, and passes them over if @to is NULL.  How many came. */
size_t stackid_byte_stream_take(struct byte_stream *stream, void *to,
				uint64_t size);

#endif /* STACKID_BYTE_STREAM_H */
