// SPDX-License-Identifier: GPL-2.0
/*
 * The way of an event whose stack is not just recalled (event_again.h): guard,
 * capture, find; on a hit a record of 16 bytes, on a miss one with the stack
 * inline, and the stack is handed over to be inserted.
 */
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "../compat.h"
#include "../context.h"
#include "../guard.h"
#include "../kprobe_state.h"
#include "../ring/record.h"
#include "../ring/ring_writer.h"
#include "../stack.h"
#include "../table/insert.h"
#include "../table/table.h"
#include "../unwind/capture.h"
#include "event.h"
#include "recording_layout.h"
#include "task.h"

static __always_inline void count(struct percpu_state *state, enum stackid_ledger which)
{
	local_inc(&state->ledger[which]);
}

/* What was lost while this CPU had no ring. */
static noinline void tell_ringless(struct percpu_state *state,
				   struct ring_writer *writer)
{
	stackid_ring_lose(writer, local_xchg(&state->lost_ringless, 0));
}

static struct ring_place place_record(struct percpu_state *state,
				      struct ring_writer *writer,
				      unsigned int size, u64 generation)
{
	if (unlikely(local_read(&state->lost_ringless)))
		tell_ringless(state, writer);
	/* The records carry 4 bits of it; all of them must be known. */
	if (unlikely(READ_ONCE(writer->generation) != generation))
		return stackid_ring_place_announced(writer, size, generation);
	return ring_place(writer, size, true);
}

/*
 * @type: STACKID_REC_EVENT, _EVENT_STACK or _EVENT_USER.  @generation: 0 where the
 * record has no stack, so that any is true.  @stack: travels inline, or NULL.
 * False if there is no place for it, which has been counted then.
 */
static bool write_record(struct percpu_state *state, const struct event *event,
			 unsigned int type, u64 generation, u32 id,
			 const unsigned long *args, const struct stack *stack)
{
	struct ring_writer *writer = READ_ONCE(state->writer);
	unsigned int size = sizeof(struct stackid_record);
	struct ring_place place;
	void *body;

	if (event->spec.nr_values) {
		type |= STACKID_REC_VALUES;
		size += event->spec.nr_values * sizeof(u64);
	}
	if (stack)
		size += stackid_stack_block_size(stack);
	if (unlikely(!writer)) {
		local_inc(&state->lost_ringless);
		count(state, LEDGER_LOST_FULL);
		return false;
	}
	generation = generation ?: READ_ONCE(writer->generation);
	place = place_record(state, writer, size, generation);
	if (unlikely(!place.data)) {
		count(state, ledger_of_refusal(place.why));
		return false;
	}
	stackid_record_init(place.data, type, size, generation, event->number,
			    id, current->pid, place.time);
	body = place.data + sizeof(struct stackid_record);
	if (stack) {
		stackid_stack_write_block(stack, 0, body);
		body += stackid_stack_block_size(stack);
	}
	stackid_event_put_values(event, args, body);
	ring_leave(writer);
	count(state, LEDGER_RECORDED);
	return true;
}

static void hit_user(struct percpu_state *state, const struct event *event,
		     const unsigned long *args)
{
	if (write_record(state, event, STACKID_REC_EVENT_USER, 0, 0, args, NULL))
		count(state, LEDGER_USER);
}

/* Handed over: insert.c looks again and publishes. */
static void queue(struct percpu_state *state, struct stackid_table *table,
		  const struct stack *stack, u64 generation, bool full)
{
	count(state, LEDGER_INLINE);
	if (full)
		count(state, LEDGER_TABLE_FULL);
	else if (stackid_insert_queue(stackid_table_queues(table), stack,
				      generation))
		count(state, LEDGER_QUEUED);
	else
		count(state, LEDGER_QUEUE_FULL);
}

/* @entry: where to remember what is found, or NULL */
static noinline void hit_kernel(struct percpu_state *state,
				const struct event *event,
				struct recall_entry *entry,
				const struct unwind_start *from,
				struct stack *stack,
				const unsigned long *args)
{
	struct stackid_table *table = event->rec->table;
	bool full, miss, written;
	u64 generation = 0;
	u32 id = 0;

	/* find */
	stackid_capture(from, event->spec.irq_full, 0, stack);
	if (stack->nr)
		id = stackid_table_lookup(table, stack, &generation, &full);
	miss = stack->nr && !id;
	if (entry && id)
		recall_found(entry, from, stack, id, generation,
			     state->check_path);

	/* record; one that finds no room leaves the table as it was */
	if (miss)
		written = write_record(state, event, STACKID_REC_EVENT_STACK,
				       generation, 0, args, stack);
	else
		written = write_record(state, event, STACKID_REC_EVENT,
				       generation, id, args, NULL);
	if (!written)
		return;

	/* miss: hand over */
	if (miss)
		queue(state, table, stack, generation, full);
	else
		count(state, id ? LEDGER_HIT : LEDGER_EMPTY);
}

/* Where to remember the id of a hit at the task level, or NULL. */
static struct recall_entry *entry_of(struct percpu_state *state,
				     const struct unwind_start *from)
{
	struct recall *recall = READ_ONCE(state->recall);

	if (from->regs || !recall)
		return NULL;
	state->check_path = state->until_walk <= 0;
	if (state->check_path)
		state->until_walk = stackid_unwind_check_next();
	return recall_entry(recall, from->ip, from->sp);
}

void stackid_event_hit_kprobe(struct event *event,
			      const struct unwind_start *from, bool user_mode,
			      const unsigned long *args)
{
	struct recall_entry *entry = NULL;
	struct percpu_state *state;
	enum context_level level;

	/* Also what keeps rings and generations alive: the RCU of this path. */
	preempt_disable_notrace();
	/* Pairs with the release in turn_on(). */
	if (!smp_load_acquire(&event->rec->on))
		goto out;
	if (event->filter && !stackid_task_filter_passes(event->filter))
		goto out;
	state = this_cpu_ptr(event->rec->state);
	if (unlikely(!stackid_rcu_is_watching())) {
		count(state, LEDGER_OFFERED);
		count(state, LEDGER_LOST_RCU);
		goto out;
	}
	level = context_level();
	if (unlikely(!guard_enter(&state->guard, level))) {
		count(state, LEDGER_OFFERED);
		count(state, LEDGER_LOST_RECURSION);
		goto out;
	}
	if (!stackid_event_passes(event, args)) {
		count(state, LEDGER_FILTERED);
		goto out_leave;
	}
	count(state, LEDGER_OFFERED);
	if (level == LEVEL_TASK)
		entry = entry_of(state, from);
	if (unlikely(user_mode))
		hit_user(state, event, args);
	else
		hit_kernel(state, event, entry, from, &state->stacks[level],
			   args);
out_leave:
	guard_leave(&state->guard, level);
out:
	preempt_enable_notrace();
}

/* Its way until the guard is that of a fault's tracepoint in a kprobe, too. */
NOKPROBE_SYMBOL(stackid_event_hit_kprobe);

/* All in here, and nothing is called that can be probed. */
static __always_inline void lose_in_kprobe(const struct event *event)
{
	struct percpu_state *state;

	/* Pairs with the release in turn_on().  In an NMI preemption is off. */
	if (!smp_load_acquire(&event->rec->on))
		return;
	if (event->filter && !stackid_task_filter_passes(event->filter))
		return;
	state = this_cpu_ptr(event->rec->state);
	count(state, LEDGER_OFFERED);
	count(state, LEDGER_LOST_RECURSION);
}

void stackid_event_hit(struct event *event, const struct unwind_start *from,
		       bool user_mode, const unsigned long *args)
{
	if (stackid_in_kprobed_nmi())
		lose_in_kprobe(event);
	else
		stackid_event_hit_kprobe(event, from, user_mode, args);
}

NOKPROBE_SYMBOL(stackid_event_hit);
