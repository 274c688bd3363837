// SPDX-License-Identifier: GPL-2.0
/*
 * Whether ftrace reaches a function.
 *
 * What the kernel marks as notrace may be run by tracers, in NMIs as well.  Of
 * kprobes there each is a breakpoint, and a third one that is hit within two others
 * is the end of the kernel.  At the start of any other function the kprobe is
 * ftrace's, which only counts a miss then.  So tracefs takes no kprobe in a notrace
 * function, and neither does stackid.
 */
#include <linux/errno.h>
#include <linux/ftrace.h>
#include <linux/kallsyms.h>
#include <linux/string.h>

#include "../kernel_symbol.h"
#include "traceable.h"

#if defined(CONFIG_DYNAMIC_FTRACE) && !defined(CONFIG_KPROBE_EVENTS_ON_NOTRACE)

static int check_entry(unsigned long entry)
{
	/* Never registered: the kernel only looks whether it could be put there. */
	struct ftrace_ops ops = {};
	int ret = ftrace_set_filter_ip(&ops, entry, 0, 0);

	ftrace_free_filter(&ops);
	return ret == -EINVAL || ret == -ENOMEM ? ret : 0;
}

int stackid_check_traceable(unsigned long address)
{
	char name[KSYM_SYMBOL_LEN];
	unsigned long entry;
	char *suffix;
	int ret;

	entry = stackid_symbol_start(address, name);
	if (!entry)
		return 0;
	ret = check_entry(entry);
	suffix = strchr(name, '.');
	if (ret != -EINVAL || !suffix)
		return ret;
	/* The compiler's clones and parts of a function are as that is. */
	*suffix = '\0';
	entry = (unsigned long)stackid_kernel_symbol(name);
	entry = entry ? stackid_symbol_start(entry, name) : 0;
	return entry ? check_entry(entry) : ret;
}

#else

int stackid_check_traceable(unsigned long address)
{
	return 0;
}

#endif
