/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the modelled code needs of a kernel, in place of all of its headers.  Marked
 * loads and stores are atomic ones of the compiler, so that access.c sees them; an
 * operation on a local_t is one step, as an interrupt comes before or after it.
 */
#ifndef _STACKID_MODEL_KERNEL_H
#define _STACKID_MODEL_KERNEL_H

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>
#include <asm/types.h>

#include "explorer.h"

#define u8 __u8
#define u16 __u16
#define u32 __u32
#define u64 __u64
#define s32 __s32

#define U16_MAX			((u16)~0U)
#define U32_MAX			((u32)~0U)
#define U64_MAX			((u64)~0ULL)
#define PAGE_SIZE		256UL
#define HZ			100
#define IS_ENABLED(...)		0
#define KERNEL_VERSION(a, b, c)	((a) << 16 | (b) << 8 | (c))

#undef __always_inline
#define __always_inline		inline __attribute__((always_inline))
#define noinline		__attribute__((noinline))
#define __percpu
#define __rcu
#define __user
#define likely(is)		(is)
#define unlikely(is)		(is)
#define static_assert(is)	_Static_assert(is, #is)
#define EXPORT_SYMBOL_GPL(name)	_Static_assert(1, #name)
#define NOKPROBE_SYMBOL(name)	_Static_assert(1, #name)

#define container_of(at, type, member) \
	((type *)((char *)(at) - offsetof(type, member)))
#define sizeof_field(type, member)	sizeof(((type *)0)->member)
#define DIV_ROUND_UP(n, by)		(((n) + (by) - 1) / (by))
#define min_t(type, a, b)		((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define IS_ERR(at)			((unsigned long)(at) >= -4095UL)
#define PTR_ERR(at)			((long)(at))
#define ERR_PTR(error)			((void *)(long)(error))

static inline u64 rol64(u64 word, unsigned int by)
{
	return word << by | word >> (64 - by);
}

static inline u32 roundup_pow_of_two(u32 n)
{
	return 1U << (32 - __builtin_clz(n - 1));
}

/*
 * Marked accesses and barriers.  The latter do nothing but keep an order that the
 * calls at each access give anyhow.
 */
#define READ_ONCE(x)			__atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, value)		__atomic_store_n(&(x), value, __ATOMIC_RELAXED)
#define data_race(expr)			(expr)	/* a point all the same */
/* see above */
#define smp_load_acquire(at)		__atomic_load_n(at, __ATOMIC_ACQUIRE)
/* see above */
#define smp_store_release(at, value)	__atomic_store_n(at, value, __ATOMIC_RELEASE)
#define barrier()			__asm__ __volatile__("" : : : "memory")
/* see above */
#define smp_rmb()			barrier()
/* see above */
#define smp_wmb()			barrier()
#define cpu_relax()			model_yield()

struct local {
	long count;
};

#define local_t struct local

long local_read(const local_t *of);
void local_set(local_t *of, long to);
void local_add(long by, local_t *of);
long local_xchg(local_t *of, long to);
long local_cmpxchg(local_t *of, long from, long to);
#define local_inc(of)	local_add(1, of)
#define local_dec(of)	local_add(-1, of)

/* Memory.  What is freed is never used again, as a run is short. */
#define GFP_KERNEL		0
#define __GFP_NOWARN		0
#define kzalloc(size, flags)		model_alloc(size)
#define kzalloc_node(size, flags, node)	model_alloc((size) + 0 * (node))
#define kvcalloc(nr, size, flags)	model_alloc((nr) * (size))
#define kvmalloc(size, flags)		model_alloc_large(size)
#define vmalloc_user(size)		model_alloc(size)
#define kfree(at)			((void)(at))
#define kvfree(at)			((void)(at))
#define vfree(at)			((void)(at))
#define cpu_to_node(cpu)		(0 * (cpu))
#define memcpy(to, from, size)		model_memcpy(to, from, size)
void *model_memcpy(void *to, const void *from, size_t size);

/* One CPU. */
#define DECLARE_PER_CPU(type, name)	extern type name
#define alloc_percpu(type)		((type *)model_alloc(sizeof(type)))
#define free_percpu(at)			((void)(at))
#define this_cpu_ptr(at)		(at)
#define per_cpu_ptr(at, cpu)		((at) + 0 * (cpu))
#define raw_cpu_read(x)			(x)
#define this_cpu_inc(x)			((x)++)
#define this_cpu_dec(x)			((x)--)
#define for_each_possible_cpu(cpu)	for ((cpu) = 0; (cpu) < 1; (cpu)++)
#define smp_processor_id()		0
#define cpu_online(cpu)			(!(cpu) && world.online)

void local_irq_off(void);
void local_irq_on(void);
#define local_irq_save(flags)		((flags) = 0, local_irq_off())
#define local_irq_restore(flags)	((void)(flags), local_irq_on())
void preempt_disable(void);
void preempt_enable(void);
#define lockdep_assert_irqs_disabled()	\
	model_expect(world.irqs_off, "interrupts are on in %s()", __func__)

struct raw_spinlock {
	u32 owner;
};

#define raw_spinlock_t struct raw_spinlock

#define raw_spin_lock_init(lock)	((void)(lock))
void raw_spin_lock(raw_spinlock_t *lock);
bool raw_spin_trylock(raw_spinlock_t *lock);
void raw_spin_unlock(raw_spinlock_t *lock);

struct mutex {
	u32 unused;
};

#define mutex_init(mutex)		((void)(mutex))
#define mutex_lock(mutex)		((void)(mutex))
#define mutex_unlock(mutex)		((void)(mutex))
#define lockdep_is_held(mutex)		((void)(mutex), true)

#define rcu_read_lock()			preempt_disable()
#define rcu_read_unlock()		preempt_enable()
#define rcu_dereference(at)		READ_ONCE(at)
#define rcu_dereference_sched(at)	READ_ONCE(at)
#define rcu_dereference_protected(at, is)	((void)(is), READ_ONCE(at))
/* see above */
#define rcu_assign_pointer(at, to)	smp_store_release(&(at), to)
#define RCU_INIT_POINTER(at, to)	WRITE_ONCE(at, to)
void synchronize_rcu(void);

/* CPUs go meanwhile, which no kernel allows: more interleavings than there can be. */
static inline void cpus_read_lock(void)
{
}

static inline void cpus_read_unlock(void)
{
}

struct refcount {
	u32 refs;
};

#define refcount_t struct refcount

#define refcount_set(of, to)		((of)->refs = (to))
#define refcount_inc(of)		((of)->refs++)
#define refcount_dec_and_test(of)	(!--(of)->refs)

/* The flags are the kernel's: pending, until it runs; busy, until it has run. */
struct irq_work {
	u32 flags;
	void (*func)(struct irq_work *work);
};

#define IRQ_WORK_INIT_HARD(what)	((struct irq_work) { .func = (what) })
#define init_irq_work(work, what)	(*(work) = IRQ_WORK_INIT_HARD(what))
bool irq_work_queue(struct irq_work *work);
void irq_work_sync(struct irq_work *work);

struct work_struct {
	void (*func)(struct work_struct *work);
};

struct delayed_work {
	struct work_struct work;
};

#define INIT_WORK(of, what)		((of)->func = (what))
#define queue_work(queue, of)		((void)(of))
#define cancel_work_sync(of)		((void)(of), false)
#define INIT_DELAYED_WORK(of, what)	((of)->work.func = (what))
#define to_delayed_work(of)		container_of(of, struct delayed_work, work)
#define schedule_delayed_work(of, in)	((void)(of))
#define cancel_delayed_work_sync(of)	((void)(of))

struct wait_queue_head {
	u32 unused;
};

#define wait_queue_head_t struct wait_queue_head

#define init_waitqueue_head(wait)		((void)(wait))
#define wake_up_interruptible_all(wait)		((void)(wait))

#define cond_resched()			((void)0)
#define current				0
#define signal_pending(task)		(task)
unsigned long copy_to_user(void *to, const void *from, size_t size);
u64 ktime_get_mono_fast_ns(void);
/* Events that hit there; set by setup. */
extern void (*model_on_clock)(void);
extern void (*model_on_unlock)(void);

/* For what compat.h, context.h and ring.c say, which is not modelled. */
#define VM_SHARED	1
#define VM_WRITE	2
#define VM_MAYWRITE	4

struct vm_area_struct {
	unsigned long vm_start, vm_end, vm_flags, vm_pgoff;
};

#define vm_flags_clear(vma, flags)		((vma)->vm_flags &= ~(flags))
#define remap_vmalloc_range(vma, at, off)	((void)(vma), (void)(at), -EINVAL)

enum { MOD_TEXT, MOD_INIT_TEXT };

struct module {
	struct {
		void *base;
		unsigned long size;
	} mem[2];
};

#define rcu_is_watching()		true
#define filter_irq_stacks(pcs, nr)	((void)(pcs), (nr))
#define NMI_OFFSET		0x100000
#define NMI_MASK		0xf00000
#define HARDIRQ_OFFSET		0x10000
#define HARDIRQ_MASK		0xf0000
#define SOFTIRQ_OFFSET		0x100
#define THREAD_SIZE		0x4000UL
#define preempt_count()		0UL
#define in_serving_softirq()	false
#define task_stack_page(task)	((void *)(long)(task))

#endif /* _STACKID_MODEL_KERNEL_H */
