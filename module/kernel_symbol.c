// SPDX-License-Identifier: GPL-2.0
/* Where things of the kernel are that it does not export. */
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/static_call.h>

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

/* @name: of KSYM_SYMBOL_LEN bytes, set to the symbol's */
static bool place_in_symbol(unsigned long address, char *name,
			    unsigned long *offset, unsigned long *size)
{
	char *plus;

	/* Gives "name+0xoffset/0xsize", or the address alone. */
	sprint_symbol(name, address);
	plus = strrchr(name, '+');
	if (!plus || sscanf(plus, "+0x%lx/0x%lx", offset, size) != 2)
		return false;
	*plus = '\0';
	return true;
}

unsigned long stackid_symbol_size(unsigned long address)
{
	char name[KSYM_SYMBOL_LEN];
	unsigned long offset, size;

	return place_in_symbol(address, name, &offset, &size) ? size - offset : 0;
}

unsigned long stackid_symbol_start(unsigned long address, char *name)
{
	unsigned long offset, size;

	return place_in_symbol(address, name, &offset, &size) ? address - offset : 0;
}

#if defined(CONFIG_X86_64) && defined(CONFIG_HAVE_STATIC_CALL_INLINE)

static unsigned long find_nothing(const char *name)
{
	return 0;
}

DEFINE_STATIC_CALL(stackid_find_symbol, find_nothing);

/*
 * Before v6.15 a per-CPU variable of x86-64 has no address, but the place in each
 * CPU's area, which is nothing that a probe could be put on.  The kernel's own look
 * at names finds it; calling that directly, as a static call does, is no
 * indirect branch.
 */
static void __percpu *find_in_area(const char *name)
{
	char symbol[KSYM_SYMBOL_LEN];
	unsigned long function;

	function = (unsigned long)stackid_kernel_symbol("kallsyms_lookup_name");
	function = function ? stackid_symbol_start(function, symbol) : 0;
	if (!function)
		return NULL;
	static_call_update(stackid_find_symbol, (void *)function);
	return (void __percpu *)static_call(stackid_find_symbol)(name);
}

#else

static void __percpu *find_in_area(const char *name)
{
	return NULL;
}

#endif

void __percpu *stackid_kernel_percpu(const char *name)
{
	void *address = stackid_kernel_symbol(name);

	return address ? (void __percpu *)(unsigned long)address : find_in_area(name);
}
