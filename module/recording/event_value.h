/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What value= records of a hit and if= compares: an argument of the probe, or what
 * lies where it points to.
 */
#ifndef _STACKID_EVENT_VALUE_H
#define _STACKID_EVENT_VALUE_H

#include <linux/compiler.h>
#include <linux/types.h>

/* The most arguments that the kernel's macros make a tracepoint of. */
#define EVENT_MAX_ARG		12
#define EVENT_MAX_OFFSETS	3
#define EVENT_MAX_CONDITIONS	8

/**
 * struct event_value - where a value is found
 * @arg:        begin with the probe's argument of this number, from 1
 * @nr_offsets: how many of @offsets there are; each is added to what is there so
 *              far, which is then the address of what is there next
 * @shift:      64 less the bits of the value's type
 * @is_signed:  it is extended by its sign
 */
struct event_value {
	u8 arg;
	u8 nr_offsets;
	u8 shift;
	bool is_signed;
	s32 offsets[EVENT_MAX_OFFSETS];
};

enum event_comparison {
	EVENT_EQUAL,
	EVENT_NOT_EQUAL,
	EVENT_LESS,
	EVENT_LESS_OR_EQUAL,
	EVENT_GREATER,
	EVENT_GREATER_OR_EQUAL,
	EVENT_HAS_BITS,		/* any of them */
};

/**
 * struct event_condition - a comparison of if=
 * @number: to compare with; of a signed value its two's complement
 */
struct event_condition {
	struct event_value value;
	enum event_comparison comparison;
	u64 number;
};

/*
 * What lies at the end of the offsets from @address, neither cut to its type nor
 * extended.  False if one of the addresses was wrong; @raw is 0 then.
 *
 * Context: any.  The caller holds the guard of its level: a wrong address is a
 * fault, and its tracepoint a hit.
 */
bool stackid_event_value_read(const struct event_value *value,
			      unsigned long address, u64 *raw);

/* @args: as many as the event's spec asks for.  False as above. */
static __always_inline bool event_value_get(const struct event_value *value,
					    const unsigned long *args, u64 *result)
{
	u64 raw = args[value->arg - 1];
	bool known = true;

	if (value->nr_offsets)
		known = stackid_event_value_read(value, raw, &raw);
	raw <<= value->shift;
	*result = value->is_signed ? (u64)((s64)raw >> value->shift) :
				     raw >> value->shift;
	return known;
}

static __always_inline bool
event_condition_holds(const struct event_condition *condition, u64 value)
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

/* As stackid_event_conditions_hold(), to be a part of who asks. */
static __always_inline bool
event_conditions_hold(const struct event_condition *conditions,
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

/* Do all @nr conditions hold?  One on a value that can not be read does not. */
bool stackid_event_conditions_hold(const struct event_condition *conditions,
				   unsigned int nr, const unsigned long *args);

#endif /* _STACKID_EVENT_VALUE_H */
