// SPDX-License-Identifier: GPL-2.0
/*
 * The way of an event: guard, recall or capture and find; on a hit a record of 16 bytes, on
 * a miss one with the stack inline, and the stack is handed over to be inserted.
 */
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "capture.h"
#include "event.h"
#include "guard.h"
#include "insert.h"
#include "recording.h"
#include "recording_state.h"
#include "ring.h"
#include "stack.h"
#include "table.h"
#include "task.h"

static void count(struct percpu_state *state, enum stackid_ledger which)
{
	local_inc(&state->ledger[which]);
}

/*
 * The records carry 4 bits of the generation; this tells all of them.  Where it
 * finds no room the next event tries again.
 */
static void announce_generation(struct percpu_state *state, u64 generation)
{
	struct stackid_number_record *record;
	struct ring_slot slot;

	if (!stackid_ring_reserve(state->ring, sizeof(*record), false, &slot))
		return;
	record = slot.data;
	stackid_record_init(&record->head, STACKID_REC_GENERATION,
			    sizeof(*record), generation, 0, 0, 0, slot.time);
	record->number = generation;
	stackid_ring_commit(&slot);
	state->announced = generation;
}

/* What a record is made of; @stack if and only if it travels inline. */
struct hit {
	const struct event *event;
	unsigned int type;
	u64 generation;
	u32 id;
	u64 value;
	const struct stack *stack;
};

static bool write_record(struct percpu_state *state, const struct hit *hit)
{
	bool has_value = hit->event->spec.value_arg;
	unsigned int type = hit->type | (has_value ? STACKID_REC_VALUE : 0);
	unsigned int size = sizeof(struct stackid_record) +
			    (has_value ? sizeof(u64) : 0) +
			    (hit->stack ? stackid_stack_block_size(hit->stack) : 0);
	struct ring_slot slot;
	void *body;

	if (unlikely(!state->ring))
		return false;
	if (unlikely(state->announced != hit->generation))
		announce_generation(state, hit->generation);
	if (unlikely(!stackid_ring_reserve(state->ring, size, true, &slot)))
		return false;
	stackid_record_init(slot.data, type, size, hit->generation,
			    hit->event->number, hit->id, current->pid,
			    slot.time);
	body = slot.data + sizeof(struct stackid_record);
	if (has_value) {
		*(u64 *)body = hit->value;
		body += sizeof(u64);
	}
	if (hit->stack)
		stackid_stack_write_block(hit->stack, 0, body);
	stackid_ring_commit(&slot);
	return true;
}

static void hit_user(struct percpu_state *state, struct hit *hit)
{
	hit->type = STACKID_REC_EVENT_USER;
	/* No id, so any generation is true: do not make a new one known. */
	hit->generation = state->announced;
	if (!write_record(state, hit)) {
		count(state, LEDGER_LOST_FULL);
		return;
	}
	count(state, LEDGER_RECORDED);
	count(state, LEDGER_USER);
}

/* A task that comes to the same place by the same way needs no walk. */
static bool hit_again(struct percpu_state *state, struct hit *hit,
		      const struct recall_entry *entry,
		      const struct unwind_start *from)
{
	hit->generation = stackid_table_generation(hit->event->rec->table);
	hit->id = recall_id(entry, from, hit->generation);
	if (!hit->id)
		return false;
	hit->type = STACKID_REC_EVENT;
	if (likely(write_record(state, hit))) {
		count(state, LEDGER_RECORDED);
		count(state, LEDGER_HIT);
	} else {
		count(state, LEDGER_LOST_FULL);
	}
	return true;
}

static void hit_kernel(struct percpu_state *state, struct hit *hit,
		       const struct unwind_start *from,
		       enum context_level level)
{
	struct recall_entry *entry = level == LEVEL_TASK ?
		recall_entry(&state->recall, from) : NULL;
	struct stack *stack = &state->stacks[level];
	const struct event *event = hit->event;
	struct stackid_table *table = event->rec->table;
	bool full, miss;

	/* recall */
	if (entry && hit_again(state, hit, entry, from))
		return;

	/* find */
	stackid_capture(from, event->spec.irq_full, 0, stack);
	hit->id = stack->nr ? stackid_table_lookup(table, stack,
						   &hit->generation, &full) : 0;
	miss = stack->nr && !hit->id;
	if (entry && hit->id)
		recall_found(entry, from, stack, hit->id, hit->generation);
	if (!stack->nr)
		hit->generation = state->announced;

	hit->type = STACKID_REC_EVENT;
	if (miss) {
		hit->type = STACKID_REC_EVENT_STACK;
		hit->stack = stack;
	}
	/* A record that finds no room leaves the table as it was. */
	if (!write_record(state, hit)) {
		count(state, LEDGER_LOST_FULL);
		return;
	}
	count(state, LEDGER_RECORDED);

	/* miss: hand over; insert.c looks again and publishes */
	if (!miss) {
		count(state, hit->id ? LEDGER_HIT : LEDGER_EMPTY);
		return;
	}
	count(state, LEDGER_INLINE);
	if (full)
		count(state, LEDGER_TABLE_FULL);
	else if (stackid_insert_queue(stackid_table_queues(table), stack,
				      hit->generation))
		count(state, LEDGER_QUEUED);
	else
		count(state, LEDGER_QUEUE_FULL);
}

void stackid_event_hit(struct event *event, const struct unwind_start *from,
		       bool user_mode, u64 value)
{
	struct hit hit = { .event = event, .value = value };
	struct percpu_state *state;
	enum context_level level;

	/* Also what keeps rings and generations alive: the RCU of this path. */
	preempt_disable_notrace();
	/* Pairs with the release in stackid_recording_set_on(). */
	if (!smp_load_acquire(&event->rec->on))
		goto out;
	if (event->filter && !stackid_task_filter_passes(event->filter))
		goto out;
	state = this_cpu_ptr(event->rec->state);
	count(state, LEDGER_OFFERED);
	if (unlikely(!rcu_is_watching())) {
		count(state, LEDGER_LOST_RCU);
		goto out;
	}
	level = context_level();
	if (unlikely(!guard_enter(&state->guard, level))) {
		count(state, LEDGER_LOST_RECURSION);
		goto out;
	}
	if (user_mode)
		hit_user(state, &hit);
	else
		hit_kernel(state, &hit, from, level);
	guard_leave(&state->guard, level);
out:
	preempt_enable_notrace();
}
