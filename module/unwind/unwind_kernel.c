// SPDX-License-Identifier: GPL-2.0
/* Walking with the kernel's own unwinder. */
#include <linux/kernel.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/stacktrace.h>

#include "../context.h"
#include "unwind_frame.h"
#include "unwind_kernel.h"

#if defined(CONFIG_X86_64) && !defined(CONFIG_UML)
#include <asm/unwind.h>

void stackid_unwind_kernel(const struct unwind_start *from,
			   struct unwind_rules rules,
			   struct stack *stack)
{
	struct unwind_walk walk = {
		.stack = stack,
		.skip = rules.skip,
		.cut = rules.cut,
	};
	/*
	 * The unwinder passes over frames until their stack pointer, which is
	 * the one after the return, is above this address: two words below that
	 * are the return address and the saved frame pointer.
	 */
	unsigned long *first_frame =
		from->regs ? NULL : (unsigned long *)from->sp - 2;
	enum stack_type type = STACK_TYPE_UNKNOWN;
	struct unwind_state state;
	bool first = true;
	bool switched;
	unsigned long pc;

	/* The unwinder begins with the caller of the registers' ip. */
	if (from->regs) {
		pc = instruction_pointer(from->regs);
		if (!is_left_out(from, pc) && !unwind_frame(&walk, pc, false, false))
			return;
		first = false;
	}
	for (unwind_start(&state, current, from->regs, first_frame);
	     !unwind_done(&state); unwind_next_frame(&state)) {
		pc = unwind_get_return_address(&state);
		if (!pc)
			return;
		switched = type != STACK_TYPE_UNKNOWN &&
			   type != state.stack_info.type;
		type = state.stack_info.type;
		if (first) {
			first = false;
			if (is_left_out(from, pc))
				continue;
		}
		if (!unwind_frame(&walk, pc,
				  unwind_get_entry_regs(&state, NULL), switched))
			return;
	}
}

#elif defined(CONFIG_ARM64)
#include <asm/memory.h>

#include "frame_record.h"

/* Where the record of the walk's first frame is, the one that has its PC. */
static unsigned long start_record(const struct unwind_start *from)
{
	return from->regs ? (unsigned long)&from->regs->stackframe :
			    from->sp - 2 * sizeof(long);
}

/*
 * How many of the frames that stack_trace_save() gives to the function with the
 * record @own come before the start.  0: the start is none of them.
 */
static unsigned int frames_before(const struct unwind_start *from,
				  unsigned long own)
{
	unsigned long last = (unsigned long)&task_pt_regs(current)->stackframe;
	unsigned long start = start_record(from);
	unsigned int nr = 1;

	/* It is this very call chain, which is sound; a stack is never so deep. */
	for (; own != start; own = next_record(own), nr++)
		if (!own || own == last || nr == 1024)
			return 0;
	return nr;
}

/* Is a record on the task's stack, or on the one that this runs on? */
static bool is_on_stack(unsigned long record)
{
	unsigned long own = (unsigned long)__builtin_frame_address(0);

	return holds((unsigned long)task_stack_page(current), THREAD_SIZE, record) ||
	       holds(own & ~(THREAD_ALIGN - 1), IRQ_STACK_SIZE, record);
}

/*
 * Save the stack part by part, always from this same function so that all parts
 * have the same frames on top.  The records are followed beside it, each after
 * the kernel has done so: they tell one frame from another with the same PC, and
 * when another stack begins.
 */
void stackid_unwind_kernel(const struct unwind_start *from,
			   struct unwind_rules rules,
			   struct stack *stack)
{
	struct unwind_walk walk = {
		.stack = stack,
		.skip = rules.skip,
		.cut = rules.cut,
	};
	unsigned long pc = from->regs ? instruction_pointer(from->regs) : from->ip;
	unsigned long fp = from->regs ? from->regs->regs[29] : from->bp;
	unsigned int skip = frames_before(from, (unsigned long)
					  __builtin_frame_address(0));
	bool first = true, interrupted, switched, on_task;
	unsigned long pcs[32];
	unsigned int nr, i;

	if (!skip) {
		/* Registers that are on no stack: no way but to trust their pc. */
		if (!is_left_out(from, pc))
			unwind_frame(&walk, pc, false, false);
		return;
	}
	on_task = is_on_task_stack(fp);
	do {
		nr = stack_trace_save(pcs, ARRAY_SIZE(pcs), skip);
		skip += nr;
		for (i = 0; i < nr; i++) {
			interrupted = !first && is_exception_entry(pc);
			switched = false;
			if (!first) {
				/* The kernel's word for a PC suffices without a record. */
				fp = is_on_stack(fp) ? next_record(fp) : 0;
				switched = on_task != is_on_task_stack(fp);
				on_task = is_on_task_stack(fp);
				pc = pcs[i];
			}
			if (first && is_left_out(from, pc)) {
				first = false;
				continue;
			}
			first = false;
			if (!unwind_frame(&walk, pc, interrupted, switched))
				return;
		}
	} while (nr == ARRAY_SIZE(pcs));
}

#else

/*
 * No unwinder to drive step by step: save the stack part by part, always from
 * this same function so that all parts have the same frames on top, and begin
 * where the first pc stands.
 */
void stackid_unwind_kernel(const struct unwind_start *from,
			   struct unwind_rules rules,
			   struct stack *stack)
{
	struct unwind_walk walk = {
		.stack = stack,
		.skip = rules.skip,
		.cut = rules.cut,
	};
	unsigned long first_pc = from->regs ? instruction_pointer(from->regs) :
					      from->ip;
	unsigned int skip = 0, nr, i;
	unsigned long pcs[32];
	bool before = true;

	do {
		nr = stack_trace_save(pcs, ARRAY_SIZE(pcs), skip);
		skip += nr;
		for (i = 0; i < nr; i++) {
			if (before) {
				if (pcs[i] != first_pc)
					continue;
				before = false;
				if (is_left_out(from, first_pc))
					continue;
			}
			if (!unwind_frame(&walk, pcs[i], false, false))
				return;
		}
	} while (nr == ARRAY_SIZE(pcs));
}

#endif
