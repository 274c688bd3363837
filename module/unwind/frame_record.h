/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frame records of arm64: the caller's x29, and the return address, which may carry
 * an authentication code.
 *
 * Registers that the entry code saved have a record, too.  Before 6.13 its words are
 * x29 and the pc; since then they are 0, and a third word says what kind it is.
 */
#ifndef _STACKID_FRAME_RECORD_H
#define _STACKID_FRAME_RECORD_H

#include <linux/compiler.h>
#include <linux/ptrace.h>
#include <linux/sched/task_stack.h>

#include "../compat.h"
#include "unwind_frame.h"

#define RECORD_SIZE	(2 * sizeof(long))

/* A record is on a stack of that size, which is smaller than any lowest address. */
static __always_inline bool holds(unsigned long low, unsigned long size,
				  unsigned long record)
{
	return record - low <= size - RECORD_SIZE;
}

/* Of a record that is none of saved registers. */
static __always_inline unsigned long record_pc(unsigned long record)
{
	return stackid_strip_pac(stack_word(record + sizeof(long)));
}

/* The registers that the record is in, if it does not hold their x29 and pc; or NULL. */
static __always_inline const struct pt_regs *regs_of_record(unsigned long record)
{
#ifdef FRAME_META_TYPE_PT_REGS
	if (unlikely(!stack_word(record) && !stack_word(record + sizeof(long)) &&
		     stack_word(record + RECORD_SIZE) == FRAME_META_TYPE_PT_REGS))
		return container_of((const u64 *)record, struct pt_regs,
				    stackframe.record.fp);
#endif
	return NULL;
}

/* The record of the frame that was interrupted, or that called; 0 is none. */
static __always_inline unsigned long next_record(unsigned long record)
{
	const struct pt_regs *regs = regs_of_record(record);

	return unlikely(regs) ? regs->regs[29] : stack_word(record);
}

/* Did the entry code save these registers, so that their record leads on? */
static inline bool has_record(const struct pt_regs *regs)
{
#ifdef FRAME_META_TYPE_PT_REGS
	return regs_of_record((unsigned long)&regs->stackframe);
#else
	return regs->stackframe[0] == regs->regs[29] &&
	       regs->stackframe[1] == regs->pc;
#endif
}

#endif /* _STACKID_FRAME_RECORD_H */
