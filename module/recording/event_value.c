// SPDX-License-Identifier: GPL-2.0
/* What value= records of a hit and if= compares. */
#include <linux/uaccess.h>

#include "event_value.h"

#if defined(CONFIG_X86_64) && !defined(CONFIG_UML)

#include <asm/processor.h>
#include <asm/vsyscall.h>

/*
 * By the page tables' levels, not by what the CPU could do: where it could have five
 * and the kernel has four, the kernel's own look at this lets pass what faults
 * in a way that it warns of.
 */
static __always_inline bool is_canonical(unsigned long address)
{
	unsigned int above = 63 - __VIRTUAL_MASK_SHIFT;

	return (long)(address << above) >> above == (long)address;
}

/*
 * May the access itself tell whether there is a page?  One that is not canonical would
 * be another fault than that, one of user space may be let in by it, and at
 * the very end of the addresses there is vsyscall's page.
 */
static __always_inline bool fault_tells(unsigned long address)
{
	return address < VSYSCALL_ADDR - PAGE_SIZE &&
	       (long)address >> __VIRTUAL_MASK_SHIFT == -1;
}

/* Into the lowest bytes of @raw, which is 0. */
static __always_inline bool read_inline(u64 *raw, const void *from,
					unsigned int size)
{
	switch (size) {
	case 8:
		__get_kernel_nofault(raw, from, u64, wrong);
		return true;
	case 4:
		__get_kernel_nofault(raw, from, u32, wrong);
		return true;
	case 2:
		__get_kernel_nofault(raw, from, u16, wrong);
		return true;
	case 1:
		__get_kernel_nofault(raw, from, u8, wrong);
		return true;
	}
wrong:
	return false;
}

#else

static inline bool is_canonical(unsigned long address)
{
	return true;
}

static inline bool fault_tells(unsigned long address)
{
	return false;
}

static inline bool read_inline(u64 *raw, const void *from, unsigned int size)
{
	return false;
}

#endif

/* As copy_from_kernel_nofault() does it, less its calls where there are none needed. */
static __always_inline bool read(u64 *raw, unsigned long address,
				 unsigned int size)
{
	const void *from = (const void *)address;

	*raw = 0;
	if (likely(fault_tells(address)))
		return read_inline(raw, from, size);
	if (!is_canonical(address))
		return false;
	return !copy_from_kernel_nofault(raw, from, size);
}

bool stackid_event_value_read(const struct event_value *value,
			      unsigned long address, u64 *raw)
{
	/* In a little-endian machine the lowest bytes come first. */
	unsigned int size = sizeof(*raw) - value->shift / BITS_PER_BYTE;
	unsigned int i;

	for (i = 0; i + 1 < value->nr_offsets; i++) {
		if (!read(raw, address + value->offsets[i], sizeof(*raw)))
			goto wrong;
		address = *raw;
	}
	if (read(raw, address + value->offsets[i], size))
		return true;
wrong:
	*raw = 0;
	return false;
}

bool stackid_event_conditions_hold(const struct event_condition *conditions,
				   unsigned int nr, const unsigned long *args)
{
	return event_conditions_hold(conditions, nr, args);
}
