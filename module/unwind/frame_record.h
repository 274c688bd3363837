/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frame records of arm64: the caller's x29, and the return address, which may carry
 * an authentication code.
 */
#ifndef _STACKID_FRAME_RECORD_H
#define _STACKID_FRAME_RECORD_H

#include <linux/compiler.h>

#include "../compat.h"
#include "unwind_frame.h"

#define RECORD_SIZE	(2 * sizeof(long))

/* A record is on a stack of that size, which is smaller than any lowest address. */
static __always_inline bool holds(unsigned long low, unsigned long size,
				  unsigned long record)
{
	return record - low <= size - RECORD_SIZE;
}

static __always_inline unsigned long return_address(unsigned long record)
{
	return stackid_strip_pac(stack_word(record + sizeof(long)));
}

#endif /* _STACKID_FRAME_RECORD_H */
