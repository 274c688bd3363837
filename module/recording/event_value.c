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

static __always_inline bool holds(const struct event_condition *condition,
				  u64 value)
{
	/* Makes the order of signed numbers that of unsigned ones. */
	u64 flip = condition->value.is_signed ? 1ULL << 63 : 0;
	u64 a = value ^ flip, b = condition->number ^ flip;

	switch (condition->comparison) {
	case EVENT_EQUAL:
		return a == b;
	case EVENT_NOT_EQUAL:
		return a != b;
	case EVENT_LESS:
		return a < b;
	case EVENT_LESS_OR_EQUAL:
		return a <= b;
	case EVENT_GREATER:
		return a > b;
	case EVENT_GREATER_OR_EQUAL:
		return a >= b;
	case EVENT_HAS_BITS:
		return value & condition->number;
	}
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
		    !holds(&conditions[i], value))
			return false;
	}
	return true;
}
