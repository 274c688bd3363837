// SPDX-License-Identifier: GPL-2.0
/*
 * The way of a new stack onto the IRQ stack.
 *
 * This is the kernel's form of the idea in Go's tracer (runtime/trace.go, the
 * commit that moved traceStackTable's lock to the system stack): whoever misses
 * must not take the lock where it stands, because it may stand anywhere, with
 * any lock held and any amount of its stack used.  So the stack is handed to an
 * irq_work.  IRQ_WORK_INIT_HARD makes it run in hard interrupt context also on
 * PREEMPT_RT; there it holds nothing, and on x86-64 it is on the CPU's IRQ
 * stack (or on a task's stack that is empty, if user mode was interrupted).
 *
 * The queue is a ring (ring.c) without user pages: writers of any context nest
 * in it, its only consumer is the irq_work of the same CPU.  A writer that was
 * interrupted between reserve and commit keeps what nested in it from being
 * seen until it commits; it then queues the irq_work itself, so that nothing is
 * left behind.
 *
 * An event may hit inside the irq_work (contention_end on the table's own lock,
 * say).  It only looks up and queues, so it needs no lock that is held here,
 * and what it queues is drained by the next irq_work; its stack is the same
 * every time, so that it is new at most once.
 */
#include <linux/err.h>
#include <linux/irq_work.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <asm/local.h>

#include "insert.h"
#include "ring.h"
#include "table_layout.h"

/* Room for about 200 stacks of common depth, 15 of the deepest. */
#define QUEUE_SIZE	16384

/* A request as it lies in the queue: a ring record with a stack block. */
struct request {
	struct stackid_record head;
	u64 generation;
	struct stackid_stack block;
};

/**
 * struct insert_queue - one CPU's
 * @work:   drains it
 * @table:  constant
 * @ring:   of struct request
 * @queued: requests so far; written on this CPU in any context
 * @done:   requests drained so far; written by the irq_work
 * @stack:  scratch of the irq_work, which does not run twice at once on a CPU
 */
struct insert_queue {
	struct irq_work work;
	struct stackid_table *table;
	struct ring *ring;
	local_t queued;
	unsigned long done;
	struct stack stack;
};

struct insert_queues {
	struct insert_queue __percpu *percpu;
};

static void drain(struct irq_work *work)
{
	struct insert_queue *queue =
		container_of(work, struct insert_queue, work);
	const struct stackid_record *record;

	while ((record = stackid_ring_peek(queue->ring))) {
		const struct request *request = (const void *)record;

		stackid_stack_read_block(&queue->stack, &request->block);
		stackid_table_insert(queue->table, &queue->stack,
				     request->generation);
		stackid_ring_advance(queue->ring, stackid_rec_size(record));
		/* Read by stackid_insert_pending() on any CPU. */
		WRITE_ONCE(queue->done, queue->done + 1);
	}
	stackid_table_refill(queue->table);
}

struct insert_queues *stackid_insert_create(struct stackid_table *table)
{
	struct insert_queues *queues;
	unsigned int cpu;

	queues = kzalloc(sizeof(*queues), GFP_KERNEL);
	if (!queues)
		return NULL;
	queues->percpu = alloc_percpu(struct insert_queue);
	if (!queues->percpu)
		goto err_free;
	for_each_possible_cpu(cpu) {
		struct insert_queue *queue = per_cpu_ptr(queues->percpu, cpu);

		queue->work = IRQ_WORK_INIT_HARD(drain);
		queue->table = table;
		queue->ring = stackid_ring_create(cpu, QUEUE_SIZE, false);
		if (IS_ERR(queue->ring)) {
			queue->ring = NULL;
			goto err_destroy;
		}
	}
	return queues;

err_destroy:
	stackid_insert_destroy(queues);
	return NULL;
err_free:
	kfree(queues);
	return NULL;
}

void stackid_insert_destroy(struct insert_queues *queues)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct insert_queue *queue = per_cpu_ptr(queues->percpu, cpu);

		if (!queue->ring)
			continue;
		irq_work_sync(&queue->work);
		stackid_ring_destroy(queue->ring);
	}
	free_percpu(queues->percpu);
	kfree(queues);
}

bool stackid_insert_queue(struct insert_queues *queues,
			  const struct stack *stack, u64 generation)
{
	struct insert_queue *queue = this_cpu_ptr(queues->percpu);
	struct request *request;
	struct ring_slot slot;
	unsigned int size;

	size = offsetof(struct request, block) +
	       stackid_stack_block_size(stack);
	if (!stackid_ring_reserve(queue->ring, size, false, &slot))
		return false;
	request = slot.data;
	stackid_record_init(&request->head, STACKID_REC_EVENT_STACK, size,
			    generation, 0, 0, 0, slot.time);
	request->generation = generation;
	stackid_stack_write_block(stack, 0, &request->block);
	/* Before the commit, so that pending never goes below 0. */
	local_inc(&queue->queued);
	stackid_table_count(queue->table, TABLE_REQUESTS);
	stackid_ring_commit(&slot);
	/* No matter if it is pending already: it has not looked yet then. */
	irq_work_queue(&queue->work);
	return true;
}

void stackid_insert_flush(struct insert_queues *queues)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		irq_work_sync(&per_cpu_ptr(queues->percpu, cpu)->work);
}

unsigned int stackid_insert_pending(const struct insert_queues *queues,
				    unsigned int cpu)
{
	const struct insert_queue *queue = per_cpu_ptr(queues->percpu, cpu);
	unsigned long done = READ_ONCE(queue->done);

	return local_read(&queue->queued) - done;
}
