// SPDX-License-Identifier: GPL-2.0
/* The context level: telling breakpoints from NMIs. */
#include <linux/ptrace.h>

#include "context.h"
#include "unwind_frame.h"

DEFINE_PER_CPU(unsigned int, stackid_breakpoints);

/*
 * The entry code leaves the registers at the top of its frame and calls the
 * handler, so that the word below them is a return address into the entry.  An
 * optimised probe's trampoline and ftrace's do the same, and are elsewhere.
 */
bool stackid_is_breakpoint(const struct pt_regs *regs)
{
#ifdef CONFIG_X86_64
	return is_interrupt_entry(((const unsigned long *)regs)[-1]);
#else
	return false;
#endif
}
