// SPDX-License-Identifier: GPL-2.0
/* Walking with the kernel's own unwinder. */
#include <linux/kernel.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/stacktrace.h>

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
