/* SPDX-License-Identifier: GPL-2.0 */
/* Threads that do errands, and whoever waits for one helps. */
#ifndef STACKID_CREW_H
#define STACKID_CREW_H

#include <stddef.h>

struct crew;

/* Where a crew has it. */
enum errand_state {
	ERRAND_NONE,
	ERRAND_QUEUED,
	ERRAND_RUNNING,
	ERRAND_DONE,
};

/**
 * struct errand - something to do, in a struct of its owner
 * @run:    @worker is a number below stackid_crew_nr_workers(), of one at a time
 * @state:  the crew's, from ERRAND_NONE
 * @next:   the crew's
 */
struct errand {
	void (*run)(struct errand *errand, unsigned int worker);
	enum errand_state state;
	struct errand *next;
};

/*
 * One for @nr_errands in all.  No more threads than there are CPUs, nor more than 8, and
 * none if there is little to do or no memory: then all is done where it is waited for.
 */
struct crew *stackid_crew_create(size_t nr_errands);
/* Errands that wait are not done. */
void stackid_crew_destroy(struct crew *crew);

/* The threads, and the one that waits. */
unsigned int stackid_crew_nr_workers(const struct crew *crew);

void stackid_crew_send(struct crew *crew, struct errand *errand);
/* Until it is done, whether it was sent or not. */
void stackid_crew_wait(struct crew *crew, struct errand *errand);

#endif /* STACKID_CREW_H */
