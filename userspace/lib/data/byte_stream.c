// SPDX-License-Identifier: GPL-2.0
/* Bytes as they come. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../memory.h"
#include "byte_stream.h"
#include "read_ahead.h"

#define LOOK_MS		50

int stackid_byte_stream_open(struct byte_stream *stream, const char *path)
{
	struct stat st;

	if (!strcmp(path, "-"))
		stream->fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	else
		stream->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (stream->fd < 0 || fstat(stream->fd, &st))
		return -1;
	if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return -1;
	}
	stream->grows = S_ISREG(st.st_mode);
	if (!stream->grows)
		stream->ahead = stackid_read_ahead_start(stream->fd);
	return 0;
}

void stackid_byte_stream_close(struct byte_stream *stream)
{
	if (stream->ahead)
		stackid_read_ahead_stop(stream->ahead);
	stream->ahead = NULL;
	if (stream->fd >= 0)
		close(stream->fd);
	stream->fd = -1;
}

/* Whoever records holds a lock on the file, which ends with the process. */
static bool is_written(const struct byte_stream *stream)
{
	if (!flock(stream->fd, LOCK_SH | LOCK_NB)) {
		flock(stream->fd, LOCK_UN);
		return false;
	}
	return true;
}

static bool has_bytes(const struct byte_stream *stream)
{
	struct pollfd poller = { .fd = stream->fd, .events = POLLIN };

	return !stream->grows && poll(&poller, 1, 0) > 0;
}

static bool fill_from_ahead(struct byte_stream *stream)
{
	stream->bytes = stackid_read_ahead_next(stream->ahead, false,
						&stream->size);
	if (stream->size)
		return true;
	if (stream->idle)
		stream->idle(stream->own);
	stream->bytes = stackid_read_ahead_next(stream->ahead, true,
						&stream->size);
	return stream->size;
}

static bool fill_by_reading(struct byte_stream *stream)
{
	bool alive = true;
	ssize_t got;

	for (;;) {
		if (stream->idle && !stream->grows && !has_bytes(stream))
			stream->idle(stream->own);
		/* If it dies between the two, what it wrote is seen all the same. */
		if (stream->grows)
			alive = is_written(stream);
		got = read(stream->fd, stream->buffer, sizeof(stream->buffer));
		if (got > 0)
			break;
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 || !stream->grows || !alive)
			return false;
		if (stream->idle)
			stream->idle(stream->own);
		poll(NULL, 0, LOOK_MS);
	}
	stream->bytes = stream->buffer;
	stream->size = got;
	return true;
}

/* What is there, and waits if that is nothing.  False at the end. */
static bool fill(struct byte_stream *stream)
{
	stream->at = 0;
	stream->size = 0;
	if (!(stream->ahead ? fill_from_ahead(stream) : fill_by_reading(stream)))
		return false;
	if (stream->allowed)
		stackid_memory_allow(stream->allowed * stream->size);
	return true;
}

size_t stackid_byte_stream_take(struct byte_stream *stream, void *to,
				uint64_t size)
{
	uint64_t done = 0;

	while (done < size) {
		size_t piece = stream->size - stream->at;

		if (!piece) {
			if (!fill(stream))
				break;
			continue;
		}
		if (piece > size - done)
			piece = size - done;
		if (to)
			memcpy((char *)to + done, stream->bytes + stream->at,
			       piece);
		stream->at += piece;
		done += piece;
	}
	stream->position += done;
	return done;
}
