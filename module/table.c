// SPDX-License-Identifier: GPL-2.0
/*
 * The table: exact ids for stacks.
 *
 *   buckets[hash]  ->  record -> record -> 0        lists of handles
 *   index[id]      ->  record                       id -> stack in one step
 *   record         =   next, hash, stack block      in the arena, 8-aligned
 *
 * All of it belongs to one generation.  A generation only grows: records are
 * never moved, changed or removed, so that a reader needs no more than to be
 * waited for before the whole goes.  Lookups are RCU readers by having
 * preemption off.
 *
 * Publishing, under the lock:
 *   1. the record is written
 *   2. index[id], then nr_stacks = id   P, pairs with Q: whoever sees that there
 *                                       are n stacks sees stacks 1..n
 *   3. buckets[hash]                    R, pairs with S: whoever finds a record
 *                                       sees all of it
 * An id can be seen by a lookup only after 3, so it is in the index by then.
 *
 * Reset does not take the lock, which is for the IRQ stack only: it publishes
 * the new generation and waits for a grace period.  Inserts have interrupts
 * off, so after it none is under way in the old one, which is final then.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "insert.h"
#include "table_layout.h"

u64 stackid_table_counter(const struct stackid_table *table, unsigned int cpu,
			  enum table_counter which)
{
	return local_read(&per_cpu_ptr(table->percpu, cpu)->count[which]);
}

static void generation_free(struct generation *gen)
{
	stackid_arena_exit(&gen->arena);
	kvfree(gen->index);
	kvfree(gen->buckets);
	kfree(gen);
}

static size_t fixed_memory(unsigned int max_stacks)
{
	return (roundup_pow_of_two(max_stacks) + max_stacks + 1) * sizeof(u32);
}

static struct generation *generation_create(const struct stackid_table *table,
					    u64 number)
{
	size_t memory = (size_t)table->max_memory_mb << 20;
	size_t fixed = fixed_memory(table->max_stacks);
	struct generation *gen;
	int ret = -ENOMEM;

	gen = kzalloc(sizeof(*gen), GFP_KERNEL);
	if (!gen)
		return ERR_PTR(-ENOMEM);
	gen->number = number;
	gen->start_time = ktime_get_mono_fast_ns();
	gen->max_stacks = table->max_stacks;
	gen->mask = roundup_pow_of_two(table->max_stacks) - 1;
	gen->buckets = kvcalloc(gen->mask + 1UL, sizeof(u32), GFP_KERNEL);
	gen->index = kvcalloc(gen->max_stacks + 1UL, sizeof(u32), GFP_KERNEL);
	if (!gen->buckets || !gen->index)
		goto err;
	refcount_set(&gen->refs, 1);
	ret = stackid_arena_init(&gen->arena, (memory - fixed) / ARENA_CHUNK_SIZE);
	if (ret)
		goto err;
	return gen;

err:
	kvfree(gen->index);
	kvfree(gen->buckets);
	kfree(gen);
	return ERR_PTR(ret);
}

struct generation *stackid_generation_get(struct stackid_table *table)
{
	struct generation *gen;

	rcu_read_lock();
	gen = rcu_dereference(table->gen);
	/* Not 0: reset drops the table's own only after a grace period. */
	refcount_inc(&gen->refs);
	rcu_read_unlock();
	return gen;
}

void stackid_generation_put(struct generation *gen)
{
	/* Lookups have been waited for by the reset that dropped the table's. */
	if (refcount_dec_and_test(&gen->refs))
		generation_free(gen);
}

u64 stackid_generation_number(const struct generation *gen)
{
	return gen->number;
}

u64 stackid_generation_start_time(const struct generation *gen)
{
	return gen->start_time;
}

bool stackid_generation_ended(const struct generation *gen)
{
	/* Pairs with the release in stackid_reset(). */
	return smp_load_acquire(&gen->ended);
}

u32 stackid_generation_last_id(const struct generation *gen)
{
	/* Q, pairs with P. */
	return smp_load_acquire(&gen->nr_stacks);
}

u32 stackid_generation_max_stacks(const struct generation *gen)
{
	return gen->max_stacks;
}

size_t stackid_generation_memory(const struct generation *gen)
{
	return fixed_memory(gen->max_stacks) +
	       stackid_arena_memory(&gen->arena);
}

const struct stackid_stack *
stackid_generation_stack(const struct generation *gen, u32 id)
{
	struct record *record;

	if (!id || id > stackid_generation_last_id(gen))
		return NULL;
	record = stackid_arena_ptr(&gen->arena, gen->index[id]);
	return &record->block;
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

static int __insert(struct generation *gen, const struct stack *stack)
{
	u32 *bucket = &gen->buckets[stack->hash & gen->mask];
	u32 id = gen->nr_stacks + 1;
	struct record *record;
	u32 handle;

	if (id > gen->max_stacks)
		return -ENOSPC;
	handle = stackid_arena_alloc(&gen->arena,
				     offsetof(struct record, block) +
				     stackid_stack_block_size(stack));
	if (!handle)
		return -ENOMEM;
	record = stackid_arena_ptr(&gen->arena, handle);
	record->next = *bucket;
	record->hash = stack->hash;
	stackid_stack_write_block(stack, id, &record->block);

	gen->index[id] = handle;
	/* P, pairs with Q. */
	smp_store_release(&gen->nr_stacks, id);
	/* R, pairs with S. */
	smp_store_release(bucket, handle);
	return id;
}

/* Under the lock. */
static int insert_locked(struct stackid_table *table, const struct stack *stack,
			 u64 generation)
{
	struct stack_key key = stackid_stack_key(stack);
	enum table_counter outcome;
	struct generation *gen;
	int ret;

	/* Interrupts are off: reset waits for us. */
	gen = rcu_dereference_sched(table->gen);
	if (gen->number != generation) {
		ret = -ESTALE;
		outcome = TABLE_STALE;
	} else {
		ret = stackid_generation_find(gen, &key);
		outcome = TABLE_FOUND_AGAIN;
		if (!ret) {
			ret = __insert(gen, stack);
			outcome = ret == -ENOSPC ? TABLE_FULL :
				  ret == -ENOMEM ? TABLE_NO_MEMORY :
						   TABLE_INSERTED;
		}
	}
	stackid_table_count(table, outcome);
	return ret;
}

int stackid_table_insert(struct stackid_table *table,
			 const struct stack *stack, u64 generation)
{
	int ret;

	lockdep_assert_irqs_disabled();
	raw_spin_lock(&table->lock);
	WRITE_ONCE(table->inserting, true);
	ret = insert_locked(table, stack, generation);
	WRITE_ONCE(table->inserting, false);
	raw_spin_unlock(&table->lock);
	return ret;
}

int stackid_table_try_insert(struct stackid_table *table,
			     const struct stack *stack, u64 generation)
{
	int ret;

	lockdep_assert_irqs_disabled();
	if (!raw_spin_trylock(&table->lock))
		return -EBUSY;
	ret = -EBUSY;
	if (READ_ONCE(table->inserting))
		goto unlock;
	WRITE_ONCE(table->inserting, true);
	stackid_table_count(table, TABLE_REQUESTS);
	stackid_table_count(table, TABLE_SAVE_DIRECT);
	ret = insert_locked(table, stack, generation);
	WRITE_ONCE(table->inserting, false);
unlock:
	raw_spin_unlock(&table->lock);
	return ret;
}

const struct stackid_stack *stackid_table_stack(struct stackid_table *table,
						u64 generation, u32 id)
{
	const struct generation *gen = rcu_dereference_sched(table->gen);

	if (gen->number != generation)
		return ERR_PTR(-ESTALE);
	return stackid_generation_stack(gen, id) ?: ERR_PTR(-ENOENT);
}

struct insert_queues *stackid_table_queues(struct stackid_table *table)
{
	return table->queues;
}

/*
 * Until it succeeds: while no memory is ready nothing is inserted, so that no
 * drain() asks again.
 */
static void refill(struct work_struct *work)
{
	struct stackid_table *table =
		container_of(to_delayed_work(work), struct stackid_table, refill);
	struct generation *gen = stackid_generation_get(table);

	if (!stackid_arena_refill(&gen->arena))
		schedule_delayed_work(&table->refill, HZ);
	stackid_generation_put(gen);
}

bool stackid_table_needs_refill(struct stackid_table *table)
{
	struct generation *gen = rcu_dereference_sched(table->gen);

	return stackid_arena_needs_refill(&gen->arena);
}

void stackid_table_refill(struct stackid_table *table)
{
	if (stackid_table_needs_refill(table))
		schedule_delayed_work(&table->refill, 0);
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
 * Context: task, may sleep.
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
	new = generation_create(table, old->number + 1);
	if (IS_ERR(new)) {
		ret = PTR_ERR(new);
		goto out;
	}
	rcu_assign_pointer(table->gen, new);
	/* For lookups, inserts, and those on their way into refcount_inc(). */
	synchronize_rcu();
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
	INIT_DELAYED_WORK(&table->refill, refill);
	table->max_stacks = max_stacks;
	table->max_memory_mb = max_memory_mb;
	table->percpu = alloc_percpu(struct table_percpu);
	if (!table->percpu)
		goto err_free;
	gen = generation_create(table, 1);
	if (IS_ERR(gen))
		goto err_percpu;
	RCU_INIT_POINTER(table->gen, gen);
	table->queues = stackid_insert_create(table);
	if (!table->queues)
		goto err_generation;
	return table;

err_generation:
	generation_free(gen);
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
	/* Inserts first: they are what starts the worker. */
	stackid_insert_destroy(table->queues);
	cancel_delayed_work_sync(&table->refill);
	stackid_generation_put(rcu_dereference_protected(table->gen, true));
	free_percpu(table->percpu);
	kfree(table);
}
EXPORT_SYMBOL_GPL(stackid_table_destroy);

unsigned int stackid_table_min_memory_mb(unsigned int max_stacks)
{
	return DIV_ROUND_UP(fixed_memory(max_stacks) + ARENA_CHUNK_SIZE,
			    1UL << 20);
}
