// SPDX-License-Identifier: GPL-2.0
/* The in-kernel API: save, find, fetch, print. */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/ktime.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>

#include "../include/stackid.h"
#include "compat.h"
#include "context.h"
#include "kprobe_state.h"
#include "table/generation.h"
#include "table/insert.h"
#include "table/table.h"
#include "table/table_layout.h"
#include "unwind/capture.h"
#include "unwind/unwind.h"

/*
 * How long save waits for its irq_work.  Where a CPU can interrupt itself, that
 * is done before the first look; elsewhere it comes with the next tick, which
 * is not worth waiting for with preemption off.
 */
#define SAVE_WAIT_NS	(1 * NSEC_PER_MSEC)

static u32 wait_for_insert(struct stackid_table *table,
			   const struct stack *stack, u64 *generation)
{
	u64 end = ktime_get_mono_fast_ns() + SAVE_WAIT_NS;
	unsigned int cpu = smp_processor_id();
	unsigned int pending;
	u32 id;

	do {
		/* In this order: what is done by then can be found. */
		pending = stackid_insert_pending(stackid_table_queues(table),
						 cpu);
		id = stackid_table_lookup(table, stack, generation, NULL);
		if (id || !pending)
			break;
		cpu_relax();
	} while (ktime_get_mono_fast_ns() < end);
	if (id)
		stackid_table_count(table, TABLE_SAVE_INSERTED);
	else if (pending)
		stackid_table_count(table, TABLE_SAVE_DEFERRED);
	else
		stackid_table_count(table, TABLE_SAVE_REFUSED);
	return id;
}

/* Preemption is off. */
static u32 save(struct stackid_table *table, const struct stack *stack,
		u64 *generation)
{
	struct insert_queues *queues = stackid_table_queues(table);
	bool full;
	int id;

	id = stackid_table_lookup(table, stack, generation, &full);
	if (id) {
		stackid_table_count(table, TABLE_SAVE_HIT);
		return id;
	}
	if (full || !stack->nr) {
		stackid_table_count(table, TABLE_SAVE_REFUSED);
		return 0;
	}
	/* On the IRQ stack already: mostly no need to go there. */
	if (in_hardirq() && !in_nmi()) {
		id = stackid_insert_here(queues, stack, *generation);
		if (id != -EBUSY) {
			stackid_table_count(table, id > 0 ? TABLE_SAVE_INSERTED :
							    TABLE_SAVE_REFUSED);
			return max(id, 0);
		}
	}
	if (!stackid_insert_queue(queues, stack, *generation)) {
		stackid_table_count(table, TABLE_SAVE_REFUSED);
		return 0;
	}
	stackid_table_count(table, TABLE_SAVE_QUEUED);
	if (in_nmi() || in_hardirq() || irqs_disabled()) {
		stackid_table_count(table, TABLE_SAVE_DEFERRED);
		return 0;
	}
	return wait_for_insert(table, stack, generation);
}

static void stack_from_entries(struct stack *stack,
			       const unsigned long *entries,
			       unsigned int nr_entries)
{
	unsigned int i;

	stackid_stack_begin(stack, false);
	for (i = 0; i < nr_entries; i++)
		stackid_stack_add(stack, entries[i]);
	stackid_stack_end(stack);
}

/*
 * The way of a stack that has to be made first: by a walk from @from, or if that
 * is NULL, of @entries, which were looked for and not found.
 */
static noinline u32 save_long(struct stackid_table *table,
			      const struct unwind_start *from,
			      unsigned int skip, const unsigned long *entries,
			      unsigned int nr_entries, u64 *generation)
{
	struct table_percpu *mine = this_cpu_ptr(table->percpu);
	enum context_level level = context_level();
	struct stack *stack = &mine->stacks[level];
	u64 number = 0;
	u32 id = 0;

	if (likely(stackid_rcu_is_watching() && guard_enter(&mine->guard, level))) {
		if (from)
			stackid_capture(from, false, skip, stack);
		else
			stack_from_entries(stack, entries, nr_entries);
		id = save(table, stack, &number);
		guard_leave(&mine->guard, level);
	} else {
		stackid_table_count(table, TABLE_SAVE_REFUSED);
	}
	if (generation)
		*generation = number;
	return id;
}

/* A stack that is there is found without being made. */
static __always_inline u32 find(struct stackid_table *table,
				const unsigned long *entries,
				unsigned int nr_entries, u64 *generation)
{
	const struct generation *gen;
	struct stack_key key;

	if (unlikely(!stackid_rcu_is_watching())) {
		if (generation)
			*generation = 0;
		return 0;
	}
	gen = rcu_dereference_sched(table->gen);
	if (generation)
		*generation = gen->number;
	key = stackid_entries_key(entries, nr_entries);
	return stackid_generation_find(gen, &key);
}

/* Nothing that could be probed is called from here, see kprobe_state.h. */
static __always_inline u32 refuse_in_kprobe(struct stackid_table *table,
					    u64 *generation)
{
	stackid_table_count(table, TABLE_SAVE_CALLS);
	stackid_table_count(table, TABLE_SAVE_REFUSED);
	if (generation)
		*generation = 0;
	return 0;
}

/* Built into the kernel, before our own init or after it has failed. */
static __always_inline u32 no_table(u64 *generation)
{
	if (generation)
		*generation = 0;
	return 0;
}

/**
 * stackid_save() - the id of a stack, a new one if need be
 * @table: the table, NULL for the module's own
 * @entries: return addresses, innermost first
 * @nr_entries: how many; beyond 128 only a digest of them is kept
 * @generation: if not NULL, set to the generation that the id belongs to
 *
 * With interrupts on, in a task or a softirq, a new stack is inserted before
 * this returns.  In hard interrupt context it is inserted right here, if the
 * table's lock is free.  Otherwise, with interrupts off, or in an NMI or the
 * handler of a breakpoint, a new stack is queued and gets its id as soon as
 * interrupts come on again: a later call finds it.
 *
 * Context: any.  Does not sleep, does not allocate; tries the table's lock in hard
 *	interrupt context, and never waits for it.
 * Return: the id, or 0: queued for later (counted as save_deferred), or refused
 *	(save_refused) because the table is full, there is no memory ready, the
 *	queue is full, the CPU is going offline, @nr_entries is 0, RCU does not
 *	watch this CPU, a save was interrupted by this one at the same context
 *	level, or this is an NMI that came while the CPU handled a kprobe.  0, and
 *	@generation 0, in the last case and for a NULL table as long as the module
 *	has not been initialised, which matters where it is built in.
 */
u32 stackid_save(struct stackid_table *table, const unsigned long *entries,
		 unsigned int nr_entries, u64 *generation)
{
	u32 id;

	table = table ?: stackid_own_table;
	if (unlikely(!table))
		return no_table(generation);
	if (stackid_in_kprobed_nmi())
		return refuse_in_kprobe(table, generation);
	preempt_disable_notrace();
	stackid_table_count(table, TABLE_SAVE_CALLS);
	id = find(table, entries, nr_entries, generation);
	if (likely(id))
		stackid_table_count(table, TABLE_SAVE_HIT);
	else
		id = save_long(table, NULL, 0, entries, nr_entries, generation);
	preempt_enable_notrace();
	return id;
}
EXPORT_SYMBOL_GPL(stackid_save);
NOKPROBE_SYMBOL(stackid_save);

/**
 * stackid_save_current() - the id of the caller's stack, a new one if need be
 * @table: the table, NULL for the module's own
 * @skip: frames to leave out; with 0 the caller itself is the innermost
 * @generation: if not NULL, set to the generation that the id belongs to
 *
 * In an interrupt the stack ends with the interrupt's entry; so it does in the
 * handler of a kprobe that is hit by a breakpoint, which to the kernel is an NMI.
 *
 * Context: as stackid_save().
 * Return: as stackid_save().
 */
noinline u32 stackid_save_current(struct stackid_table *table,
				  unsigned int skip, u64 *generation)
{
	struct unwind_start from = UNWIND_FROM_CALLER();
	u32 id;

	table = table ?: stackid_own_table;
	if (unlikely(!table))
		return no_table(generation);
	if (stackid_in_kprobed_nmi())
		return refuse_in_kprobe(table, generation);
	preempt_disable_notrace();
	stackid_table_count(table, TABLE_SAVE_CALLS);
	id = save_long(table, &from, skip, NULL, 0, generation);
	preempt_enable_notrace();
	return id;
}
EXPORT_SYMBOL_GPL(stackid_save_current);
NOKPROBE_SYMBOL(stackid_save_current);

/**
 * stackid_find() - the id of a stack, if it has one
 * @table: the table, NULL for the module's own
 * @entries: return addresses, innermost first
 * @nr_entries: how many
 * @generation: if not NULL, set to the generation that was looked in
 *
 * Context: any.  Takes no lock.
 * Return: the id, or 0; that also where RCU does not watch this CPU, and in an NMI
 *	that came while it handled a kprobe.
 */
u32 stackid_find(struct stackid_table *table, const unsigned long *entries,
		 unsigned int nr_entries, u64 *generation)
{
	u32 id;

	table = table ?: stackid_own_table;
	if (unlikely(!table))
		return no_table(generation);
	if (stackid_in_kprobed_nmi())
		return no_table(generation);
	preempt_disable_notrace();
	id = find(table, entries, nr_entries, generation);
	preempt_enable_notrace();
	return id;
}
EXPORT_SYMBOL_GPL(stackid_find);
NOKPROBE_SYMBOL(stackid_find);

/**
 * stackid_fetch() - the stack of an id
 * @table: the table, NULL for the module's own
 * @generation: that the id belongs to
 * @id: from stackid_save() or stackid_find()
 * @entries: where its return addresses go, innermost first
 * @max_entries: room in @entries
 *
 * Context: any in which RCU watches this CPU.  Takes no lock.
 * Return: how many frames the stack had: what of it is kept, at most 128 and at
 *	most @max_entries, is in @entries.  -ESTALE if the generation is over,
 *	-ENOENT if there is no such id in it.
 */
int stackid_fetch(struct stackid_table *table, u64 generation, u32 id,
		  unsigned long *entries, unsigned int max_entries)
{
	const struct stackid_stack *block;
	unsigned int i;
	int ret;

	table = table ?: stackid_own_table;
	if (unlikely(!table))
		return -ENOENT;
	preempt_disable_notrace();
	block = stackid_table_stack(table, generation, id);
	ret = PTR_ERR_OR_ZERO(block);
	if (!ret) {
		for (i = 0; i < block->nr && i < max_entries; i++)
			entries[i] = stackid_block_pc(block, i);
		ret = block->depth;
	}
	preempt_enable_notrace();
	return ret;
}
EXPORT_SYMBOL_GPL(stackid_fetch);
NOKPROBE_SYMBOL(stackid_fetch);

/**
 * stackid_print() - write the stack of an id to the kernel log
 * @table: the table, NULL for the module's own
 * @generation: that the id belongs to
 * @id: from stackid_save() or stackid_find()
 *
 * Context: any in which RCU watches this CPU and that may call printk(), but no NMI:
 *	what it calls may be probed, and an NMI may come while a kprobe is handled.
 * Return: 0, or -ESTALE or -ENOENT as stackid_fetch().
 */
int stackid_print(struct stackid_table *table, u64 generation, u32 id)
{
	const struct stackid_stack *block;
	unsigned int i;
	int ret;

	table = table ?: stackid_own_table;
	if (unlikely(!table))
		return -ENOENT;
	preempt_disable_notrace();
	block = stackid_table_stack(table, generation, id);
	ret = PTR_ERR_OR_ZERO(block);
	if (!ret) {
		pr_info("stackid %u of generation %llu:\n", id, generation);
		for (i = 0; i < block->nr; i++)
			pr_info(" %pB\n", (void *)stackid_block_pc(block, i));
		if (block->depth > block->nr)
			pr_info(" ... and %u more\n", block->depth - block->nr);
	}
	preempt_enable_notrace();
	return ret;
}
EXPORT_SYMBOL_GPL(stackid_print);
