// SPDX-License-Identifier: GPL-2.0
/* The context level: telling breakpoints from NMIs, and where interrupts begin. */
#include <linux/bottom_half.h>
#include <linux/cache.h>
#include <linux/ptrace.h>
#include <linux/sizes.h>

#include "context.h"
#include "kernel_symbol.h"

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

unsigned long stackid_bh_enable_start __ro_after_init;
unsigned long stackid_bh_enable_size __ro_after_init;

unsigned long stackid_exception_start __ro_after_init;
unsigned long stackid_exception_size __ro_after_init;

/* The entries of arm64 follow each other: from exception level 1, then from 0. */
static void find_exception_entries(void)
{
	unsigned long start = (unsigned long)stackid_kernel_symbol("el1t_64_sync");
	unsigned long end = (unsigned long)stackid_kernel_symbol("el0t_64_sync");

	if (!start || end <= start || end - start > SZ_64K)
		return;
	stackid_exception_start = start;
	stackid_exception_size = end - start;
}

void stackid_context_init(void)
{
	unsigned long start = (unsigned long)__local_bh_enable_ip;

	if (IS_ENABLED(CONFIG_ARM64))
		find_exception_entries();
	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		return;
	stackid_bh_enable_start = start;
	stackid_bh_enable_size = stackid_symbol_size(start);
}
