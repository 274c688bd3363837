// SPDX-License-Identifier: GPL-2.0
/*
 * Data races of a module that was built with -fsanitize=thread, on a kernel without
 * KCSAN and by the same idea: now and then an access that is not marked (READ_ONCE()
 * and its like) waits a little before it is done.  Whoever comes to the same bytes
 * meanwhile, on this CPU as an interrupt or on another one, and one of the two
 * stores, is one side of a race; a value that has changed without that is one, too.
 *
 * Accesses of the kernel's own code are seen only by the value that they change, and
 * the order of accesses is not looked at.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/timex.h>
#include <linux/uaccess.h>

#include "pinned_timer.h"
#include "stackid_races.h"

#define NR_WATCHES	8
#define NR_REPORTS	64
#define SIZE_SHIFT	56
#define WRITE_BIT	BIT_ULL(63)
#define ADDRESS_MASK	(BIT_ULL(SIZE_SHIFT) - 1)
/* Of @what of a watch: free, being set, seen by the other side of a race. */
#define FREE		0
#define RESERVED	1
#define SEEN		2

static int every = 300;
module_param(every, int, 0600);
MODULE_PARM_DESC(every, "One unmarked access in so many waits (default 300)");

static unsigned int delay_us = 60;
module_param(delay_us, uint, 0600);
MODULE_PARM_DESC(delay_us, "How long, and a third of that with interrupts off (default 60)");

/**
 * struct watch - an access that waits
 * @what: its address, size and WRITE_BIT, or one of the three above
 * @pc:   where; set before @what
 */
static struct watch {
	atomic64_t what;
	const void *pc;
} watches[NR_WATCHES];

/**
 * struct report - a race
 * @first:  the access that waited
 * @second: the other one, or NULL where only the value has changed
 * @first_what: as a watch's
 * @second_what: as a watch's
 * @marked: the other one is marked
 * @ready:  the rest is there
 */
static struct report {
	const void *first;
	const void *second;
	u64 first_what;
	u64 second_what;
	bool marked;
	bool ready;
} reports[NR_REPORTS];
static atomic_t nr_reports;
static unsigned int nr_printed;
static atomic64_t nr_waits;
/* A race that is there to be found, see known_get(). */
static unsigned int known;
static atomic_t nr_known;

static DEFINE_PER_CPU(int, ignored);
static DEFINE_PER_CPU(int, left);

notrace void stackid_races_ignore_begin(void)
{
	preempt_disable_notrace();
	this_cpu_inc(ignored);
}
EXPORT_SYMBOL_GPL(stackid_races_ignore_begin);

notrace void stackid_races_ignore_end(void)
{
	this_cpu_dec(ignored);
	preempt_enable_notrace();
}
EXPORT_SYMBOL_GPL(stackid_races_ignore_end);

static unsigned int size_of(u64 what)
{
	return (what & ~WRITE_BIT) >> SIZE_SHIFT;
}

static const char *kind_of(u64 what, bool marked)
{
	if (what & WRITE_BIT)
		return marked ? "marked write" : "write";
	return marked ? "marked read" : "read";
}

/* Where the race was seen any lock may be held. */
static void print(struct irq_work *unused)
{
	for (; nr_printed < min(atomic_read(&nr_reports), NR_REPORTS); nr_printed++) {
		const struct report *report = &reports[nr_printed];

		/* Pairs with the release in add_report(). */
		if (!smp_load_acquire(&report->ready))
			return;
		if (!report->second)
			pr_err("BUG: data race: %s of %u bytes in %pS, and the value changed\n",
			       kind_of(report->first_what, false),
			       size_of(report->first_what), report->first);
		else
			pr_err("BUG: data race: %s of %u bytes in %pS, %s of %u in %pS\n",
			       kind_of(report->first_what, false),
			       size_of(report->first_what), report->first,
			       kind_of(report->second_what, report->marked),
			       size_of(report->second_what), report->second);
	}
}

static struct irq_work print_work = IRQ_WORK_INIT_HARD(print);

static notrace void add_report(const struct report *new)
{
	int i, nr = min(atomic_read(&nr_reports), NR_REPORTS);

	if (new->first == &known) {
		atomic_inc(&nr_known);
		return;
	}
	for (i = 0; i < nr; i++)
		if (reports[i].first == new->first && reports[i].second == new->second)
			return;
	i = atomic_inc_return(&nr_reports) - 1;
	if (i >= NR_REPORTS)
		return;
	reports[i] = *new;
	/* Pairs with the acquire in print(). */
	smp_store_release(&reports[i].ready, true);
	irq_work_queue(&print_work);
}

static notrace bool overlap(u64 a, u64 b)
{
	u64 at_a = a & ADDRESS_MASK, at_b = b & ADDRESS_MASK;

	return at_a < at_b + size_of(b) && at_b < at_a + size_of(a);
}

/* Does one wait that this access races with? */
static notrace void look(u64 what, bool marked, const void *pc)
{
	unsigned int i;

	for (i = 0; i < NR_WATCHES; i++) {
		struct watch *watch = &watches[i];
		u64 other = atomic64_read(&watch->what);
		struct report report = { .second = pc, .second_what = what, .marked = marked };

		if (likely(other <= SEEN) || !((other | what) & WRITE_BIT) ||
		    !overlap(other, what))
			continue;
		report.first = READ_ONCE(watch->pc);
		report.first_what = other;
		if (atomic64_cmpxchg(&watch->what, other, SEEN) == other)
			add_report(&report);
	}
}

static notrace u64 value_at(const void *at, unsigned int size)
{
	switch (size) {
	case 1:
		return READ_ONCE(*(const u8 *)at);
	case 2:
		return READ_ONCE(*(const u16 *)at);
	case 4:
		return READ_ONCE(*(const u32 *)at);
	case 8:
		return READ_ONCE(*(const u64 *)at);
	default:
		return 0;
	}
}

static notrace void wait_with(u64 what, const void *at, const void *pc)
{
	struct report report = { .first = pc, .first_what = what };
	struct watch *watch = NULL;
	unsigned int i, size = size_of(what);
	u64 before;

	for (i = 0; i < NR_WATCHES && !watch; i++)
		if (atomic64_cmpxchg(&watches[i].what, FREE, RESERVED) == FREE)
			watch = &watches[i];
	if (!watch)
		return;
	before = value_at(at, size);
	WRITE_ONCE(watch->pc, pc);
	atomic64_set_release(&watch->what, what);
	udelay(irqs_disabled() || in_interrupt() ? delay_us / 3 : delay_us);
	if (atomic64_xchg(&watch->what, FREE) == what && value_at(at, size) != before)
		add_report(&report);
	atomic64_inc(&nr_waits);
}

static notrace void check(const void *at, size_t size, bool write, bool marked,
			  const void *pc)
{
	u64 what = ((unsigned long)at & ADDRESS_MASK) |
		   (u64)min_t(size_t, size, 127) << SIZE_SHIFT |
		   (write ? WRITE_BIT : 0);

	if (this_cpu_read(ignored))
		return;
	look(what, marked, pc);
	if (marked || this_cpu_dec_return(left) > 0)
		return;
	/* Not always the same ones. */
	this_cpu_write(left, every / 2 + (u32)get_cycles() % max(every, 1));
	wait_with(what, at, pc);
}

/* What gcc calls, also where the kernel may access user memory: objtool knows these names. */
#define PC __builtin_return_address(0)
#define ACCESS(name, size, write, marked)				\
notrace void __tsan_##name(void *at)					\
{									\
	unsigned long flags = user_access_save();			\
									\
	check(at, size, write, marked, PC);				\
	user_access_restore(flags);					\
}									\
EXPORT_SYMBOL_GPL(__tsan_##name)

ACCESS(read1, 1, false, false);
ACCESS(unaligned_read1, 1, false, false);
ACCESS(write1, 1, true, false);
ACCESS(unaligned_write1, 1, true, false);
ACCESS(read_write1, 1, true, false);
ACCESS(unaligned_read_write1, 1, true, false);
ACCESS(volatile_read1, 1, false, true);
ACCESS(unaligned_volatile_read1, 1, false, true);
ACCESS(volatile_write1, 1, true, true);
ACCESS(unaligned_volatile_write1, 1, true, true);
ACCESS(read2, 2, false, false);
ACCESS(unaligned_read2, 2, false, false);
ACCESS(write2, 2, true, false);
ACCESS(unaligned_write2, 2, true, false);
ACCESS(read_write2, 2, true, false);
ACCESS(unaligned_read_write2, 2, true, false);
ACCESS(volatile_read2, 2, false, true);
ACCESS(unaligned_volatile_read2, 2, false, true);
ACCESS(volatile_write2, 2, true, true);
ACCESS(unaligned_volatile_write2, 2, true, true);
ACCESS(read4, 4, false, false);
ACCESS(unaligned_read4, 4, false, false);
ACCESS(write4, 4, true, false);
ACCESS(unaligned_write4, 4, true, false);
ACCESS(read_write4, 4, true, false);
ACCESS(unaligned_read_write4, 4, true, false);
ACCESS(volatile_read4, 4, false, true);
ACCESS(unaligned_volatile_read4, 4, false, true);
ACCESS(volatile_write4, 4, true, true);
ACCESS(unaligned_volatile_write4, 4, true, true);
ACCESS(read8, 8, false, false);
ACCESS(unaligned_read8, 8, false, false);
ACCESS(write8, 8, true, false);
ACCESS(unaligned_write8, 8, true, false);
ACCESS(read_write8, 8, true, false);
ACCESS(unaligned_read_write8, 8, true, false);
ACCESS(volatile_read8, 8, false, true);
ACCESS(unaligned_volatile_read8, 8, false, true);
ACCESS(volatile_write8, 8, true, true);
ACCESS(unaligned_volatile_write8, 8, true, true);
ACCESS(read16, 16, false, false);
ACCESS(unaligned_read16, 16, false, false);
ACCESS(write16, 16, true, false);
ACCESS(unaligned_write16, 16, true, false);
ACCESS(read_write16, 16, true, false);
ACCESS(unaligned_read_write16, 16, true, false);
ACCESS(volatile_read16, 16, false, true);
ACCESS(unaligned_volatile_read16, 16, false, true);
ACCESS(volatile_write16, 16, true, true);
ACCESS(unaligned_volatile_write16, 16, true, true);

#define RANGE(name, write)						\
notrace void __tsan_##name(void *at, long size)				\
{									\
	unsigned long flags = user_access_save();			\
									\
	check(at, size, write, false, PC);				\
	user_access_restore(flags);					\
}									\
EXPORT_SYMBOL_GPL(__tsan_##name)

RANGE(read_range, false);
RANGE(write_range, true);

notrace void __tsan_init(void)
{
}
EXPORT_SYMBOL_GPL(__tsan_init);

static int waits_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%lld\n", atomic64_read(&nr_waits));
}

static const struct kernel_param_ops waits_ops = { .get = waits_get };

module_param_cb(waits, &waits_ops, NULL, 0400);
MODULE_PARM_DESC(waits, "Accesses that have waited");

static int races_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%d\n", atomic_read(&nr_reports));
}

static const struct kernel_param_ops races_ops = { .get = races_get };

module_param_cb(races, &races_ops, NULL, 0400);
MODULE_PARM_DESC(races, "Races found");

/* An interrupt's store beside a task's loads. */
static enum hrtimer_restart store_known(struct hrtimer *timer)
{
	check(&known, sizeof(known), true, false, &known);
	known++;
	hrtimer_forward_now(timer, ns_to_ktime(20 * NSEC_PER_USEC));
	return HRTIMER_RESTART;
}

static int known_get(char *buffer, const struct kernel_param *kp)
{
	/* Parameters are read one at a time. */
	static struct hrtimer timer;
	unsigned int tries;

	set_up_pinned_timer(&timer, store_known);
	hrtimer_start(&timer, ns_to_ktime(20 * NSEC_PER_USEC),
		      HRTIMER_MODE_REL_PINNED_HARD);
	for (tries = 0; tries < 10000000 && !atomic_read(&nr_known); tries++)
		check(&known, sizeof(known), false, false, &known);
	hrtimer_cancel(&timer);
	return sysfs_emit(buffer, "%d\n", !!atomic_read(&nr_known));
}

static const struct kernel_param_ops known_ops = { .get = known_get };

module_param_cb(finds_known, &known_ops, NULL, 0400);
MODULE_PARM_DESC(finds_known, "Makes a race; 1: it was found");

static int __init stackid_races_init(void)
{
	return 0;
}

static void __exit stackid_races_exit(void)
{
	irq_work_sync(&print_work);
}

module_init(stackid_races_init);
module_exit(stackid_races_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Finds data races of a module built with -fsanitize=thread");
