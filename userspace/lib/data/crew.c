// SPDX-License-Identifier: GPL-2.0
/* Threads that do errands. */
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>

#include "../memory.h"
#include "../thread.h"
#include "crew.h"

#define MOST_THREADS		8
/* It takes a tenth of a millisecond to make one. */
#define ERRANDS_PER_THREAD	4
/* Nothing deep is done; what a thread's stack may grow to counts as memory. */
#define STACK_SIZE		(256 << 10)

/**
 * struct crew - see crew.h
 * @lock:   of all that follows, and of errands' states
 * @sent:   there is an errand in the queue, or @ends
 * @done:   an errand is
 */
struct crew {
	pthread_t threads[MOST_THREADS];
	unsigned int nr_threads;
	pthread_mutex_t lock;
	pthread_cond_t sent;
	pthread_cond_t done;
	struct errand *first;
	struct errand **last;
	unsigned int nr_started;
	bool ends;
};

static struct errand *take_first(struct crew *crew)
{
	struct errand *errand = crew->first;

	crew->first = errand->next;
	if (!crew->first)
		crew->last = &crew->first;
	errand->state = ERRAND_RUNNING;
	return errand;
}

static void do_errand(struct crew *crew, struct errand *errand,
		      unsigned int worker)
{
	pthread_mutex_unlock(&crew->lock);
	errand->run(errand, worker);
	pthread_mutex_lock(&crew->lock);
	errand->state = ERRAND_DONE;
	pthread_cond_broadcast(&crew->done);
}

static void *work(void *arg)
{
	struct crew *crew = arg;
	unsigned int worker;

	pthread_mutex_lock(&crew->lock);
	worker = ++crew->nr_started;
	for (;;) {
		while (!crew->first && !crew->ends)
			pthread_cond_wait(&crew->sent, &crew->lock);
		if (crew->ends)
			break;
		do_errand(crew, take_first(crew), worker);
	}
	pthread_mutex_unlock(&crew->lock);
	return NULL;
}

static unsigned int count_threads(size_t nr_errands)
{
	size_t most = nr_errands / ERRANDS_PER_THREAD;
	cpu_set_t cpus;

	if (sched_getaffinity(0, sizeof(cpus), &cpus))
		return 0;
	if (most > MOST_THREADS)
		most = MOST_THREADS;
	/* A thread would only take turns with the one that waits for it. */
	if (CPU_COUNT(&cpus) < 2)
		return 0;
	return most < (size_t)CPU_COUNT(&cpus) ? most : (size_t)CPU_COUNT(&cpus);
}

static void start_threads(struct crew *crew, unsigned int nr)
{
	while (crew->nr_threads < nr &&
	       stackid_thread_start(&crew->threads[crew->nr_threads],
				    STACK_SIZE, work, crew))
		crew->nr_threads++;
}

struct crew *stackid_crew_create(size_t nr_errands)
{
	struct crew *crew = stackid_memory_zalloc(1, sizeof(*crew));

	crew->last = &crew->first;
	pthread_mutex_init(&crew->lock, NULL);
	pthread_cond_init(&crew->sent, NULL);
	pthread_cond_init(&crew->done, NULL);
	start_threads(crew, count_threads(nr_errands));
	return crew;
}

void stackid_crew_destroy(struct crew *crew)
{
	pthread_mutex_lock(&crew->lock);
	crew->ends = true;
	pthread_cond_broadcast(&crew->sent);
	pthread_mutex_unlock(&crew->lock);
	for (unsigned int i = 0; i < crew->nr_threads; i++)
		pthread_join(crew->threads[i], NULL);
	pthread_cond_destroy(&crew->done);
	pthread_cond_destroy(&crew->sent);
	pthread_mutex_destroy(&crew->lock);
	free(crew);
}

unsigned int stackid_crew_nr_workers(const struct crew *crew)
{
	return crew->nr_threads + 1;
}

void stackid_crew_send(struct crew *crew, struct errand *errand)
{
	pthread_mutex_lock(&crew->lock);
	errand->state = ERRAND_QUEUED;
	errand->next = NULL;
	*crew->last = errand;
	crew->last = &errand->next;
	pthread_cond_signal(&crew->sent);
	pthread_mutex_unlock(&crew->lock);
}

/* What is waited for is the first in most cases. */
static void take(struct crew *crew, struct errand *errand)
{
	struct errand **at = &crew->first;

	while (*at != errand)
		at = &(*at)->next;
	*at = errand->next;
	if (crew->last == &errand->next)
		crew->last = at;
	errand->state = ERRAND_RUNNING;
}

void stackid_crew_wait(struct crew *crew, struct errand *errand)
{
	pthread_mutex_lock(&crew->lock);
	if (errand->state == ERRAND_QUEUED) {
		take(crew, errand);
		do_errand(crew, errand, 0);
	} else if (errand->state == ERRAND_NONE) {
		do_errand(crew, errand, 0);
	}
	while (errand->state != ERRAND_DONE)
		pthread_cond_wait(&crew->done, &crew->lock);
	pthread_mutex_unlock(&crew->lock);
}
