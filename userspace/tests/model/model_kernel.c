// SPDX-License-Identifier: GPL-2.0
/* What the modelled code calls of the kernel. */
#include "model_kernel.h"

#define PC __builtin_return_address(0)

void (*model_on_clock)(void);
void (*model_on_unlock)(void);

#define WORK_PENDING	1
#define WORK_BUSY	2

long local_read(const local_t *of)
{
	model_access(of, sizeof(*of), false, PC);
	return of->count;
}

void local_set(local_t *of, long to)
{
	model_access(of, sizeof(*of), true, PC);
	of->count = to;
}

void local_add(long by, local_t *of)
{
	model_access(of, sizeof(*of), true, PC);
	of->count += by;
}

long local_xchg(local_t *of, long to)
{
	long was;

	model_access(of, sizeof(*of), true, PC);
	was = of->count;
	of->count = to;
	model_saw(was);
	return was;
}

long local_cmpxchg(local_t *of, long from, long to)
{
	long was;

	model_access(of, sizeof(*of), true, PC);
	was = of->count;
	if (was == from)
		of->count = to;
	model_saw(was);
	return was;
}

/* Word by word, so that it may be interrupted like the kernel's. */
static void copy(void *to, const void *from, size_t size, const void *pc)
{
	size_t i, part;

	for (i = 0; i < size; i += part) {
		part = size - i < 8 ? size - i : 8;
		model_access((const char *)from + i, part, false, pc);
		model_access((char *)to + i, part, true, pc);
		__builtin_memcpy((char *)to + i, (const char *)from + i, part);
	}
}

void *model_memcpy(void *to, const void *from, size_t size)
{
	copy(to, from, size, PC);
	return to;
}

unsigned long copy_to_user(void *to, const void *from, size_t size)
{
	copy(to, from, size, PC);
	return 0;
}

void local_irq_off(void)
{
	model_point(PC);
	world.irqs_off++;
}

void local_irq_on(void)
{
	world.irqs_off--;
	model_point(PC);
}

void preempt_disable(void)
{
	model_point(PC);
	if (!world.running)
		world.preempt_off++;
}

void preempt_enable(void)
{
	if (!world.running)
		world.preempt_off--;
	model_point(PC);
}

static raw_spinlock_t *wanted;

static bool is_free(void)
{
	return !wanted->owner;
}

void raw_spin_lock(raw_spinlock_t *lock)
{
	u32 me = world.running + 1;

	model_access(lock, sizeof(*lock), true, PC);
	model_expect(lock->owner != me,
		     "deadlock: spins on a lock that its own CPU holds");
	/* One lock is all that there is. */
	wanted = lock;
	model_wait(is_free);
	lock->owner = me;
}

bool raw_spin_trylock(raw_spinlock_t *lock)
{
	bool was_free;

	model_access(lock, sizeof(*lock), true, PC);
	was_free = !lock->owner;
	model_saw(was_free);
	if (was_free)
		lock->owner = world.running + 1;
	return was_free;
}

void raw_spin_unlock(raw_spinlock_t *lock)
{
	if (model_on_unlock)
		model_on_unlock();
	model_access(lock, sizeof(*lock), true, PC);
	model_expect(lock->owner == world.running + 1U, "unlocks what it does not hold");
	lock->owner = 0;
}

static bool is_grace_period_over(void)
{
	return model_cpu_is_in_task() && !world.preempt_off;
}

void synchronize_rcu(void)
{
	model_wait(is_grace_period_over);
}

/* As the kernel has it: claim, put into the list, interrupt if it was empty. */
bool irq_work_queue(struct irq_work *work)
{
	bool was_pending;

	model_access(&work->flags, sizeof(work->flags), true, PC);
	was_pending = work->flags & WORK_PENDING;
	work->flags |= WORK_PENDING | WORK_BUSY;
	model_saw(was_pending);
	if (was_pending) {
		model_note("irq_work: is pending already");
		return false;
	}
	model_point(PC);
	model_expect(world.nr_raised < MAX_RAISED, "more irq_works than there are");
	if (!world.nr_raised && !world.dead)
		world.ipi = true;
	world.raised[world.nr_raised++] = work;
	model_note("irq_work: is raised");
	return true;
}

void irq_work_sync(struct irq_work *work)
{
	model_expect(!(work->flags & WORK_BUSY), "irq_work: busy for ever");
}

void model_run_works(void)
{
	struct irq_work *works[MAX_RAISED], *work;
	int nr = world.nr_raised, i;

	__builtin_memcpy(works, world.raised, sizeof(works));
	world.nr_raised = 0;
	memset(world.raised, 0, sizeof(world.raised));
	world.ipi = false;
	for (i = 0; i < nr; i++) {
		work = works[i];
		model_access(&work->flags, sizeof(work->flags), true, PC);
		work->flags &= ~WORK_PENDING;
		world.works_run++;
		work->func(work);
		model_access(&work->flags, sizeof(work->flags), true, PC);
		if (!(work->flags & WORK_PENDING))
			work->flags &= ~WORK_BUSY;
	}
}

u64 ktime_get_mono_fast_ns(void)
{
	u64 now;

	model_point(PC);
	now = ++world.clock;
	model_saw(now);
	if (model_on_clock)
		model_on_clock();
	return now;
}
