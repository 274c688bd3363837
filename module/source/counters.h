/* SPDX-License-Identifier: GPL-2.0 */
/* A counter of perf on every online CPU, as CPUs come and go. */
#ifndef _STACKID_COUNTERS_H
#define _STACKID_COUNTERS_H

#include <linux/compiler.h>
#include <linux/perf_event.h>
#include <linux/uaccess.h>

#include "../unwind/unwind_start.h"
#ifdef CONFIG_ARM64
#include "../unwind/frame_record.h"
#endif

struct counters;

/* Before any counters; after the last ones. */
int stackid_counters_init(void);
void stackid_counters_exit(void);

/*
 * Counters of @attr, stopped.  @handler finds @context in its event's
 * overflow_handler_context.  Task context, may sleep; what perf says to it as
 * an ERR_PTR.  Destroy returns when no handler is under way any more.
 */
struct counters *stackid_counters_create(const struct perf_event_attr *attr,
					 perf_overflow_handler_t handler,
					 void *context);
void stackid_counters_destroy(struct counters *counters);

/* Task context, may sleep.  CPUs that come later do as the others do. */
void stackid_counters_enable(struct counters *counters);
void stackid_counters_disable(struct counters *counters);

#ifndef CONFIG_ARM64
/*
 * Where the stack begins of registers that the kernel has made up.  perf gives the
 * frame of a function and where that returns to; what since v6.14 comes from
 * fprobes gives a function that is being entered or that was returned to, and its
 * stack pointer.  Whether it is perf's can only be seen in the frame: its second word
 * is the return address.  Of the first function on the interrupts' stack that word
 * lies beyond the stack's end, where there is no page.
 */
static inline struct unwind_start
stackid_made_up_start(unsigned long ip, unsigned long sp)
{
	const unsigned long *frame = (const unsigned long *)sp;
	unsigned long above;

	__get_kernel_nofault(&above, &frame[1], unsigned long, beyond);
	if (above == ip)
		return (struct unwind_start) {
			.ip = ip,
			.sp = (unsigned long)(frame + 2),
			.bp = READ_ONCE_NOCHECK(frame[0]),
		};
beyond:
	/* The frame pointer is not known.  With 0 no walk takes a wrong turn. */
	return (struct unwind_start) { .ip = ip, .sp = sp };
}
#else
/*
 * Where the stack begins of registers that the kernel has made up, or changed.  perf
 * gives the x29 of a function and where that returns to, so that the record there
 * has the PC.  Fprobes and kretprobes give the x29 of the caller of a function that
 * is entered, or of a function that is returned to, so that the record there has
 * the next PC.  The record is on the handler's own call chain, which is sound: that
 * is followed from the record @own on.
 */
static inline struct unwind_start
stackid_made_up_start(unsigned long pc, unsigned long fp, unsigned long own)
{
	unsigned long last = (unsigned long)&task_pt_regs(current)->stackframe;
	unsigned long record = own, before = own, next;
	unsigned int nr;

	/* Only a few of perf's functions lie between @own and the record. */
	for (nr = 0; record != fp; before = record, record = next, nr++) {
		next = next_record(record);
		if (next == fp && record_pc(fp) != pc)
			break;
		/* With 0 no walk takes a wrong turn. */
		if (!next || next == last || nr == 64)
			return (struct unwind_start) { .ip = pc };
	}
	/* Of a function that is being entered ftrace makes two records, one for itself. */
	if (record != fp && record_pc(before) == pc)
		record = before;
	return (struct unwind_start) {
		.ip = pc,
		.sp = record + RECORD_SIZE,
		.bp = next_record(record),
	};
}
#endif

/* Where the stack of a hit begins, from the registers given to a handler. */
static inline struct unwind_start
stackid_counters_start(struct pt_regs *regs)
{
#ifdef CONFIG_X86
	/* No hardware ever leaves this flag clear. */
	if (!(regs->flags & X86_EFLAGS_FIXED))
		return stackid_made_up_start(regs->ip, regs->sp);
#elif defined(CONFIG_ARM64)
	if (!user_mode(regs) && !has_record(regs))
		return stackid_made_up_start(regs->pc, regs->regs[29],
					     (unsigned long)__builtin_frame_address(0));
#endif
	return (struct unwind_start) { .regs = regs };
}

#endif /* _STACKID_COUNTERS_H */
