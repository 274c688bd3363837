/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Inserting: stacks that a lookup missed travel through a queue of their CPU to
 * an irq_work, which runs on the IRQ stack with interrupts off.
 *
 *	beside   queue          here           flush   destroy
 *	queue    nested, same   yes            yes     no
 *	         CPU; or other
 *	         CPUs' queues
 *	here     yes            one gives up   yes     no
 */
#ifndef _STACKID_INSERT_H
#define _STACKID_INSERT_H

#include <linux/types.h>

struct insert_queues;
struct ring;
struct stack;
struct stackid_table;

/* Task context, may sleep.  NULL if there is no memory. */
struct insert_queues *stackid_insert_create(struct stackid_table *table);
/* Nobody queues any more; what is queued is done first. */
void stackid_insert_destroy(struct insert_queues *queues);

/*
 * Put a missed stack into this CPU's queue.  Any context, preemption off.
 * False if the queue has no room, or the CPU is coming or going.  With interrupts
 * on, in a task or a softirq, the insert has normally been done when this returns.
 */
bool stackid_insert_queue(struct insert_queues *queues,
			  const struct stack *stack, u64 generation);

/*
 * For callers that are in hardirq already: insert without the queue.  The id, or a
 * negative errno: -ENOSPC (max_stacks is reached), -ENOMEM (none is ready), -ESTALE
 * (@generation is over), or -EBUSY: the table's lock is taken, possibly by who was
 * interrupted, and nothing has been done or counted.
 */
int stackid_insert_here(struct insert_queues *queues, const struct stack *stack,
			u64 generation);

/* Wait until all that was queued before is done.  Task context, may sleep. */
void stackid_insert_flush(struct insert_queues *queues);

/* Requests that wait in a CPU's queue; a snapshot. */
unsigned int stackid_insert_pending(const struct insert_queues *queues,
				    unsigned int cpu);

#if IS_ENABLED(CONFIG_STACKID_KUNIT_TEST)
/* A CPU's queue, for who stands in for a writer that is interrupted. */
struct ring *stackid_insert_test_ring(struct insert_queues *queues,
				      unsigned int cpu);
#endif

#endif /* _STACKID_INSERT_H */
