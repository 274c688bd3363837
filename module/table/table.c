// SPDX-License-Identifier: GPL-2.0
/*
 * The table: a generation at a time, and what is counted of it.
 *
 * Reset does not take the lock, which is for the IRQ stack only: it publishes
 * the new generation and waits for a grace period.  Inserts have interrupts
 * off, so after it none is under way in the old one, which is final then.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/math.h>
#include <linux/slab.h>

#include "../wait_for_hits.h"
#include "generation.h"
#include "insert.h"
#include "table.h"
#include "table_layout.h"

u64 stackid_table_counter(const struct stackid_table *table, unsigned int cpu,
			  enum table_counter which)
{
	return local_read(&per_cpu_ptr(table->percpu, cpu)->count[which]);
}

struct generation *stackid_generation_get(struct stackid_table *table)
{
	return stackid_table_hold(table);
}

u32 stackid_table_lookup(struct stackid_table *table,
			 const struct stack *stack, u64 *generation,
			 bool *full)
{
	const struct generation *gen = rcu_dereference_sched(table->gen);
	struct stack_key key = stackid_stack_key(stack);

	u32 id = stackid_generation_find(gen, &key);

	*generation = gen->number;
	if (full)
		*full = !id && stackid_generation_is_full(gen);
	return id;
}

const struct stackid_stack *stackid_table_stack(struct stackid_table *table,
						u64 generation, u32 id)
{
	const struct generation *gen = rcu_dereference_sched(table->gen);

	if (gen->number != generation)
		return ERR_PTR(-ESTALE);
	return stackid_generation_stack(gen, id) ?: ERR_PTR(-ENOENT);
}

/* See kprobe_state.h. */
NOKPROBE_SYMBOL(stackid_table_stack);

struct insert_queues *stackid_table_queues(struct stackid_table *table)
{
	return table->queues;
}

bool stackid_table_has_pc(struct stackid_table *table, unsigned long start,
			  size_t size)
{
	struct generation *gen;
	bool found = false;
	unsigned int i;
	u32 id, last;

	stackid_insert_flush(table->queues);
	gen = stackid_generation_get(table);
	last = stackid_generation_last_id(gen);
	for (id = 1; id <= last && !found; id++) {
		const struct stackid_stack *block =
			stackid_generation_stack(gen, id);

		for (i = 0; i < block->nr && !found; i++)
			found = stackid_block_pc(block, i) - start < size;
		cond_resched();
	}
	stackid_generation_put(gen);
	return found;
}

/**
 * stackid_reset() - start a new generation
 * @table: the table, NULL for the module's own
 *
 * Ids begin at 1 again.  The old generation's stacks stay for those who hold it
 * open; a lookup that is under way answers from the one or the other, and says
 * from which.  For the length of a grace period both take memory.
 *
 * Context: task, may sleep; not inside of cpus_read_lock() nor in a callback of
 *	CPU hotplug, which it waits for.
 * Return: 0, or -ENOMEM, and then the old generation goes on.  -ENODEV for NULL
 *	while the module has no table, as in stackid_save().
 */
int stackid_reset(struct stackid_table *table)
{
	struct generation *old, *new;
	int ret = 0;

	table = table ?: stackid_own_table;
	if (!table)
		return -ENODEV;
	mutex_lock(&table->reset_lock);
	old = rcu_dereference_protected(table->gen,
					lockdep_is_held(&table->reset_lock));
	new = stackid_generation_create(old->number + 1, table->max_stacks,
					table->max_memory_mb);
	if (IS_ERR(new)) {
		ret = PTR_ERR(new);
		goto out;
	}
	rcu_assign_pointer(table->gen, new);
	/* For lookups, inserts, and those on their way into refcount_inc(). */
	stackid_wait_for_hits();
	/* Pairs with the acquire in stackid_generation_ended(). */
	smp_store_release(&old->ended, true);
	stackid_generation_put(old);
out:
	mutex_unlock(&table->reset_lock);
	return ret;
}
EXPORT_SYMBOL_GPL(stackid_reset);

/**
 * stackid_table_create() - make a table of one's own
 * @max_stacks: how many ids it can give, 16 to 4,194,304
 * @max_memory_mb: how much memory it may take, 1 to 32,768 MiB; must hold at
 *	least 8 bytes for every stack, and 64 KiB
 *
 * Context: task, may sleep.
 * Return: the table, or ERR_PTR(-EINVAL) for a bound that is not allowed, or
 *	ERR_PTR(-ENOMEM).
 */
struct stackid_table *stackid_table_create(unsigned int max_stacks,
					   unsigned int max_memory_mb)
{
	struct stackid_table *table;
	struct generation *gen;

	if (max_stacks < STACKID_MAX_STACKS_MIN ||
	    max_stacks > STACKID_MAX_STACKS_MAX ||
	    max_memory_mb < STACKID_MAX_MEMORY_MB_MIN ||
	    max_memory_mb > STACKID_MAX_MEMORY_MB_MAX ||
	    stackid_table_min_memory_mb(max_stacks) > max_memory_mb)
		return ERR_PTR(-EINVAL);
	table = kzalloc(sizeof(*table), GFP_KERNEL);
	if (!table)
		return ERR_PTR(-ENOMEM);
	raw_spin_lock_init(&table->lock);
	mutex_init(&table->reset_lock);
	table->max_stacks = max_stacks;
	table->max_memory_mb = max_memory_mb;
	table->percpu = alloc_percpu(struct table_percpu);
	if (!table->percpu)
		goto err_free;
	gen = stackid_generation_create(1, max_stacks, max_memory_mb);
	if (IS_ERR(gen))
		goto err_percpu;
	RCU_INIT_POINTER(table->gen, gen);
	table->queues = stackid_insert_create(table);
	if (!table->queues)
		goto err_generation;
	return table;

err_generation:
	stackid_generation_put(gen);
err_percpu:
	free_percpu(table->percpu);
err_free:
	kfree(table);
	return ERR_PTR(-ENOMEM);
}
EXPORT_SYMBOL_GPL(stackid_table_create);

/**
 * stackid_table_destroy() - free a table
 * @table: from stackid_table_create(); nobody uses it any more
 *
 * Context: task, may sleep.
 */
void stackid_table_destroy(struct stackid_table *table)
{
	stackid_insert_destroy(table->queues);
	stackid_generation_put(rcu_dereference_protected(table->gen, true));
	free_percpu(table->percpu);
	kfree(table);
}
EXPORT_SYMBOL_GPL(stackid_table_destroy);

unsigned int stackid_table_min_memory_mb(unsigned int max_stacks)
{
	return DIV_ROUND_UP(stackid_generation_min_memory(max_stacks), 1UL << 20);
}
