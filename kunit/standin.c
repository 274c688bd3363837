// SPDX-License-Identifier: GPL-2.0
/* What main.c gives to the other files, where only those are built in. */
#include <linux/cache.h>
#include <linux/errno.h>
#include <linux/init.h>

#include "../module/stack.h"
#include "../module/table/table.h"
#include "../module/unwind/unwind.h"

u64 stackid_hash_key = 0x0123456789abcdefULL;
struct unwinder *stackid_unwinder __ro_after_init;
bool stackid_unwind_fast;

/* None: every test makes its own. */
struct stackid_table *stackid_own_table;

static int __init standin_init(void)
{
	stackid_unwinder = stackid_unwinder_create(false, 0);
	return stackid_unwinder ? 0 : -ENOMEM;
}
subsys_initcall(standin_init);
