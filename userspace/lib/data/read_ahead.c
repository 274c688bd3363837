// SPDX-License-Identifier: GPL-2.0
/* A thread that reads a pipe ahead. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "../memory.h"
#include "../thread.h"
#include "read_ahead.h"

#define BLOCK_SIZE	65536
#define MOST_BLOCKS	(READ_AHEAD_MOST / BLOCK_SIZE)
#define STACK_SIZE	(64 << 10)

/* @size: how much of it has been read; the thread adds to the last block only */
struct block {
	struct block *next;
	size_t size;
	char bytes[BLOCK_SIZE];
};

/**
 * struct read_ahead - see read_ahead.h
 * @stop:  an eventfd that ends the thread
 * @lock:  of all that follows, and of blocks' sizes
 * @more:  there is more to take, or @ended
 * @room:  blocks have been taken, or @stops
 * @taken: of the first block
 */
struct read_ahead {
	int fd;
	int stop;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t more;
	pthread_cond_t room;
	struct block *first;
	struct block *last;
	size_t nr_blocks;
	size_t taken;
	bool ended;
	bool stops;
};

/* With room in it; NULL if it is to stop.  The lock is held. */
static struct block *last_block(struct read_ahead *ahead)
{
	struct block *block = ahead->last;

	while (!ahead->stops) {
		if (block && block->size < BLOCK_SIZE)
			return block;
		/* Where there is no memory, what is taken makes room. */
		block = ahead->nr_blocks < MOST_BLOCKS ?
			malloc(sizeof(*block)) : NULL;
		if (block) {
			block->next = NULL;
			block->size = 0;
			if (ahead->last)
				ahead->last->next = block;
			else
				ahead->first = block;
			ahead->last = block;
			ahead->nr_blocks++;
			return block;
		}
		pthread_cond_wait(&ahead->room, &ahead->lock);
		block = ahead->last;
	}
	return NULL;
}

/*
 * What has been read is in a block before the lock is free again, so that with the lock
 * held it can be seen whether there is anything.  There are bytes, or it is the end.
 */
static ssize_t read_into(struct read_ahead *ahead, struct block *block)
{
	ssize_t got;

	do {
		got = read(ahead->fd, block->bytes + block->size,
			   BLOCK_SIZE - block->size);
	} while (got < 0 && errno == EINTR);
	if (got > 0)
		block->size += got;
	return got;
}

/* False if it is to stop. */
static bool wait_for_bytes(const struct read_ahead *ahead)
{
	struct pollfd pollers[] = {
		{ .fd = ahead->fd, .events = POLLIN },
		{ .fd = ahead->stop, .events = POLLIN },
	};

	while (poll(pollers, 2, -1) < 0) {
		if (errno != EINTR)
			return false;
	}
	return !pollers[1].revents;
}

static void *run(void *arg)
{
	struct read_ahead *ahead = arg;
	struct block *block;
	ssize_t got = 1;

	pthread_mutex_lock(&ahead->lock);
	while (got > 0 && (block = last_block(ahead))) {
		bool goes_on;

		pthread_mutex_unlock(&ahead->lock);
		goes_on = wait_for_bytes(ahead);
		pthread_mutex_lock(&ahead->lock);
		got = goes_on ? read_into(ahead, block) : 0;
		pthread_cond_signal(&ahead->more);
	}
	ahead->ended = true;
	pthread_cond_signal(&ahead->more);
	pthread_mutex_unlock(&ahead->lock);
	return NULL;
}

static void destroy(struct read_ahead *ahead)
{
	struct block *block;

	while ((block = ahead->first)) {
		ahead->first = block->next;
		free(block);
	}
	pthread_cond_destroy(&ahead->more);
	pthread_cond_destroy(&ahead->room);
	pthread_mutex_destroy(&ahead->lock);
	if (ahead->stop >= 0)
		close(ahead->stop);
	free(ahead);
}

struct read_ahead *stackid_read_ahead_start(int fd)
{
	struct read_ahead *ahead = stackid_memory_zalloc(1, sizeof(*ahead));

	ahead->fd = fd;
	pthread_mutex_init(&ahead->lock, NULL);
	pthread_cond_init(&ahead->more, NULL);
	pthread_cond_init(&ahead->room, NULL);
	ahead->stop = eventfd(0, EFD_CLOEXEC);
	if (ahead->stop >= 0 &&
	    stackid_thread_start(&ahead->thread, STACK_SIZE, run, ahead))
		return ahead;
	destroy(ahead);
	return NULL;
}

void stackid_read_ahead_stop(struct read_ahead *ahead)
{
	const uint64_t one = 1;

	pthread_mutex_lock(&ahead->lock);
	ahead->stops = true;
	pthread_cond_signal(&ahead->room);
	pthread_mutex_unlock(&ahead->lock);
	/* It has room for that. */
	(void)!write(ahead->stop, &one, sizeof(one));
	pthread_join(ahead->thread, NULL);
	destroy(ahead);
}

static bool is_readable(const struct read_ahead *ahead)
{
	struct pollfd poller = { .fd = ahead->fd, .events = POLLIN };

	return poll(&poller, 1, 0) > 0;
}

/* What is left of it is nothing; the lock is held. */
static void drop_first(struct read_ahead *ahead)
{
	struct block *block = ahead->first;

	ahead->first = block->next;
	if (!ahead->first)
		ahead->last = NULL;
	ahead->nr_blocks--;
	ahead->taken = 0;
	free(block);
	pthread_cond_signal(&ahead->room);
}

const char *stackid_read_ahead_next(struct read_ahead *ahead, bool wait,
				    size_t *size)
{
	const char *bytes = NULL;
	struct block *block;

	*size = 0;
	pthread_mutex_lock(&ahead->lock);
	for (;;) {
		block = ahead->first;
		if (block && ahead->taken == BLOCK_SIZE) {
			drop_first(ahead);
			continue;
		}
		if (block && block->size > ahead->taken) {
			bytes = block->bytes + ahead->taken;
			*size = block->size - ahead->taken;
			ahead->taken = block->size;
			break;
		}
		if (ahead->ended || (!wait && !is_readable(ahead)))
			break;
		pthread_cond_wait(&ahead->more, &ahead->lock);
	}
	pthread_mutex_unlock(&ahead->lock);
	return bytes;
}
