// SPDX-License-Identifier: GPL-2.0
/* What value= records of a hit and if= compares. */
#include <linux/uaccess.h>

#include "event_value.h"

bool notrace stackid_event_value_read(const struct event_value *value,
				      unsigned long address, u64 *raw)
{
	unsigned int size = sizeof(*raw) - value->shift / BITS_PER_BYTE;
	unsigned int i;

	for (i = 0; i + 1 < value->nr_offsets; i++) {
		const void *from = (void *)(address + value->offsets[i]);

		if (copy_from_kernel_nofault(&address, from, sizeof(address)))
			goto wrong;
	}
	/* In a little-endian machine the lowest bytes come first. */
	*raw = 0;
	if (!copy_from_kernel_nofault(raw, (void *)(address + value->offsets[i]),
				      size))
		return true;
wrong:
	*raw = 0;
	return false;
}

bool notrace
stackid_event_conditions_hold(const struct event_condition *conditions,
			      unsigned int nr, const unsigned long *args)
{
	unsigned int i;
	u64 value;

	for (i = 0; i < nr; i++) {
		if (!event_value_get(&conditions[i].value, args, &value) ||
		    !event_condition_holds(&conditions[i], value))
			return false;
	}
	return true;
}
