/* SPDX-License-Identifier: GPL-2.0 */
/* Walking with the kernel's own unwinder. */
#ifndef _STACKID_UNWIND_KERNEL_H
#define _STACKID_UNWIND_KERNEL_H

#include "unwind_start.h"

struct stack;

/* As stackid_unwind(), whatever the fast walk would give. */
void stackid_unwind_kernel(const struct unwind_start *from,
			   struct unwind_rules rules,
			   struct stack *stack);

#endif /* _STACKID_UNWIND_KERNEL_H */
