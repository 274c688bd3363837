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
 * in it, its only consumer is the irq_work of the same CPU.
 *
 * The life of a request
 *
 *   - A hit or a save reserves, writes, commits.  What nested in it was not
 *     published before the outermost writer was done.  Hence the rule: whoever
 *     publishes kicks the irq_work, that is the outermost writer, also one that
 *     found no room itself; nobody else does.  Were the nested ones to kick, then
 *     an event that hits in every irq_work, finding nothing inserted as nothing
 *     is published, would raise the next one before the outermost writer, which
 *     they all interrupt, got any further.
 *   - The irq_work serves what waits when it begins, no more, so that its length
 *     is bounded by QUEUE_SIZE.  What is queued while it runs, by an event that
 *     hits inside it (contention_end on the table's own lock, say), has kicked for
 *     itself and is served by the next irq_work.
 *   - That ends.  Each round gives its stacks ids, or finds that they have one, so
 *     that the same hits do not miss again; or the table takes no more, and then
 *     lookups say so (stackid_generation_is_full()) and nothing is queued until
 *     the arena's worker has run, which takes a task.
 *   - A CPU that goes serves its queue for the last time when it has left
 *     cpu_online_mask; from then on its hits queue nothing, see kick.h.
 *
 * Who may spin
 *
 * Only drain() spins on a table's lock.  It is called with interrupts off, so that
 * it never interrupts a holder of its own CPU, and whoever holds the lock waits
 * for nothing: events that hit while it is held look up and queue, and a save from
 * hardirq (stackid_insert_here()), which may come from such a hit, or hold other
 * tables' locks below it, only tries the lock and queues if it is taken.
 */
#include <linux/err.h>
#include <linux/irq_work.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <asm/local.h>

#include "../kick.h"
#include "../ring/record.h"
#include "../ring/ring.h"
#include "../ring/ring_reader.h"
#include "../ring/ring_writer.h"
#include "generation.h"
#include "insert.h"
#include "table_layout.h"

/* Room for about 200 stacks of common depth, 15 of the deepest. */
#define QUEUE_SIZE	16384

/**
 * struct request - as it lies in the queue
 * @head:       of a ring record
 * @generation: in which the stack was not found
 * @hash:       of the stack
 * @reserved:   0
 * @block:      goes into the arena as it is
 */
struct request {
	struct stackid_record head;
	u64 generation;
	u32 hash;
	u32 reserved;
	struct stackid_stack block;
};

/**
 * struct insert_queue - one CPU's
 * @work:   drains it
 * @table:  constant
 * @ring:   of struct request
 * @queued: requests so far; written on this CPU in any context
 * @done:   requests drained so far; written by the irq_work
 */
struct insert_queue {
	struct irq_work work;
	struct stackid_table *table;
	struct ring *ring;
	local_t queued;
	unsigned long done;
};

/**
 * struct insert_queues - a table's
 * @table:  constant
 * @percpu: constant
 * @block:  scratch for a stack that comes without a queue; under table->lock
 * @room:   for the largest @block
 */
struct insert_queues {
	struct stackid_table *table;
	struct insert_queue __percpu *percpu;
	union {
		struct stackid_stack block;
		u64 room[STACK_BLOCK_MAX_SIZE / sizeof(u64)];
	};
};

/*
 * Look again, append, publish; under the lock.  The id, or a negative errno:
 * -ENOSPC (full), -ENOMEM, -ESTALE (@generation is over).  Counts the outcome.
 * Not inlined: irq_stack.sh looks at the stack pointer with which it is called.
 */
static noinline int insert(struct stackid_table *table, u64 generation, u32 hash,
		  const struct stackid_stack *block)
{
	/* Interrupts are off: reset waits for us. */
	struct generation *gen = rcu_dereference_sched(table->gen);
	enum table_counter outcome;
	int ret;

	if (gen->number != generation) {
		ret = -ESTALE;
		outcome = TABLE_STALE;
	} else {
		ret = stackid_generation_find_block(gen, hash, block);
		outcome = TABLE_FOUND_AGAIN;
		if (!ret) {
			ret = stackid_generation_append(gen, hash, block);
			outcome = ret == -ENOSPC ? TABLE_FULL :
				  ret == -ENOMEM ? TABLE_NO_MEMORY :
						   TABLE_INSERTED;
		}
	}
	stackid_table_count(table, outcome);
	return ret;
}

static void insert_request(struct stackid_table *table,
			   const struct request *request)
{
	lockdep_assert_irqs_disabled();
	raw_spin_lock(&table->lock);
	WRITE_ONCE(table->inserting, true);
	insert(table, request->generation, request->hash, &request->block);
	WRITE_ONCE(table->inserting, false);
	raw_spin_unlock(&table->lock);
}

/* Does not wait for the lock: -EBUSY, and then nothing is counted. */
static int try_insert(struct insert_queues *queues, const struct stack *stack,
		      u64 generation)
{
	struct stackid_table *table = queues->table;
	int ret = -EBUSY;

	lockdep_assert_irqs_disabled();
	if (!raw_spin_trylock(&table->lock))
		return -EBUSY;
	if (READ_ONCE(table->inserting))
		goto unlock;
	WRITE_ONCE(table->inserting, true);
	stackid_table_count(table, TABLE_REQUESTS);
	stackid_table_count(table, TABLE_SAVE_DIRECT);
	stackid_stack_write_block(stack, 0, &queues->block);
	ret = insert(table, generation, stack->hash, &queues->block);
	WRITE_ONCE(table->inserting, false);
unlock:
	raw_spin_unlock(&table->lock);
	return ret;
}

/*
 * Until it succeeds: while no memory is ready nothing is inserted, so that no
 * drain() asks again.
 */
static void refill(struct work_struct *work)
{
	struct stackid_table *table =
		container_of(to_delayed_work(work), struct stackid_table, refill);
	struct generation *gen = stackid_table_hold(table);

	if (!stackid_arena_refill(&gen->arena))
		schedule_delayed_work(&table->refill, HZ);
	stackid_generation_put(gen);
}

/* Is the memory for new stacks running low?  Preemption must be off. */
static bool needs_refill(const struct stackid_table *table)
{
	const struct generation *gen = rcu_dereference_sched(table->gen);

	return stackid_arena_needs_refill(&gen->arena);
}

static void drain(struct irq_work *work)
{
	struct insert_queue *queue =
		container_of(work, struct insert_queue, work);
	/* With those that are not published yet, whose writers will kick. */
	unsigned long waiting = local_read(&queue->queued) - queue->done;
	const struct stackid_record *record;

	while (waiting-- && (record = stackid_ring_peek(queue->ring))) {
		insert_request(queue->table, (const struct request *)record);
		stackid_ring_advance(queue->ring, stackid_rec_size(record));
		/* Read by stackid_insert_pending() on any CPU. */
		WRITE_ONCE(queue->done, queue->done + 1);
	}
	if (needs_refill(queue->table))
		schedule_delayed_work(&queue->table->refill, 0);
}

struct insert_queues *stackid_insert_create(struct stackid_table *table)
{
	struct insert_queues *queues;
	unsigned int cpu;

	queues = kzalloc(sizeof(*queues), GFP_KERNEL);
	if (!queues)
		return NULL;
	queues->table = table;
	INIT_DELAYED_WORK(&table->refill, refill);
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
	/* Now that nothing starts it any more. */
	cancel_delayed_work_sync(&queues->table->refill);
	free_percpu(queues->percpu);
	kfree(queues);
}

static bool put(struct insert_queue *queue, const struct stack *stack,
		u64 generation)
{
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
	request->hash = stack->hash;
	request->reserved = 0;
	stackid_stack_write_block(stack, 0, &request->block);
	/* Before the commit, so that pending never goes below 0. */
	local_inc(&queue->queued);
	stackid_table_count(queue->table, TABLE_REQUESTS);
	stackid_ring_commit(&slot);
	return true;
}

bool stackid_insert_queue(struct insert_queues *queues,
			  const struct stack *stack, u64 generation)
{
	struct insert_queue *queue = this_cpu_ptr(queues->percpu);
	bool queued;

	/* Nobody would serve it. */
	if (unlikely(!can_kick()))
		return false;
	queued = put(queue, stack, generation);
	if (!stackid_ring_is_written(queue->ring))
		kick(&queue->work);
	return queued;
}

int stackid_insert_here(struct insert_queues *queues, const struct stack *stack,
			u64 generation)
{
	struct insert_queue *queue = this_cpu_ptr(queues->percpu);
	unsigned long flags;
	int ret;

	local_irq_save(flags);
	ret = try_insert(queues, stack, generation);
	local_irq_restore(flags);
	/*
	 * drain() asks for memory: waking the worker takes locks that may be
	 * held where this was called from.
	 */
	if (needs_refill(queue->table))
		kick(&queue->work);
	return ret;
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

#if IS_ENABLED(CONFIG_STACKID_KUNIT_TEST)
struct ring *stackid_insert_test_ring(struct insert_queues *queues,
				      unsigned int cpu)
{
	return per_cpu_ptr(queues->percpu, cpu)->ring;
}
#endif
