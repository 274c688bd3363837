// SPDX-License-Identifier: GPL-2.0
/* Where things of the kernel are that it does not export. */
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>

#include "kernel_symbol.h"

void *stackid_kernel_symbol(const char *name)
{
	/*
	 * To make a probe the kernel looks the name up.  Data can not be probed,
	 * so that this is refused, but by then the address is there; a function
	 * may be, but a disabled probe leaves it as it is.
	 */
	struct kprobe probe = {
		.symbol_name = name,
		.flags = KPROBE_FLAG_DISABLED,
	};

	if (!register_kprobe(&probe))
		unregister_kprobe(&probe);
	return probe.addr;
}

unsigned long stackid_symbol_size(unsigned long address)
{
	char symbol[KSYM_SYMBOL_LEN];
	unsigned long offset, size;
	const char *plus;

	/* Gives "name+0xoffset/0xsize", or the address alone. */
	sprint_symbol(symbol, address);
	plus = strrchr(symbol, '+');
	if (!plus || sscanf(plus, "+0x%lx/0x%lx", &offset, &size) != 2)
		return 0;
	return size - offset;
}
