// SPDX-License-Identifier: GPL-2.0
/*
 * Reads the same files in several threads at once, each with a file of its own, while a
 * first one is open and half read: libstackid_threads FILE...  All must find the same.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <libstackid.h>

#define NR_THREADS	4
#define ROUNDS		4

static char **paths;

/* A sum over what is in the events, so that a difference shows. */
static uint64_t sum_of(const char *path)
{
	struct stackid_file *file = stackid_file_new();
	const struct stackid_file_event *event;
	uint64_t sum = 0;

	if (!file || stackid_file_open(file, path, 0))
		abort();
	while (stackid_file_next(file, &event) > 0)
		sum = sum * 31 + event->time + event->stack + event->tid +
		      event->comm[0];
	stackid_file_close(file);
	return sum;
}

static void *sum_all(void *arg)
{
	uint64_t *sum = arg;

	for (int i = 0; i < ROUNDS; i++) {
		for (char **path = paths; *path; path++)
			*sum = *sum * 31 + sum_of(*path);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	const struct stackid_file_event *event;
	struct stackid_file *first = stackid_file_new();
	uint64_t sums[NR_THREADS] = { }, alone = 0;
	pthread_t threads[NR_THREADS];

	paths = argv + 1;
	if (argc < 2 || !first || stackid_file_open(first, *paths, 0) ||
	    stackid_file_next(first, &event) != 1)
		return 1;
	sum_all(&alone);
	for (int i = 0; i < NR_THREADS; i++) {
		if (pthread_create(&threads[i], NULL, sum_all, &sums[i]))
			return 1;
	}
	for (int i = 0; i < NR_THREADS; i++) {
		pthread_join(threads[i], NULL);
		if (sums[i] != alone) {
			printf("thread %d read something else than the first one\n",
			       i);
			return 1;
		}
	}
	while (stackid_file_next(first, &event) > 0)
		;
	stackid_file_close(first);
	return 0;
}
