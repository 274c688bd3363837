// SPDX-License-Identifier: GPL-2.0
/* stackid: exact ids for kernel stacks.  What exists, and in which order. */
#include <linux/err.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/random.h>

#include "context.h"
#include "debugfs/debugfs.h"
#include "kernel_symbol.h"
#include "kprobe_state.h"
#include "recording/module_watch.h"
#include "recording/recording.h"
#include "recording/recording_rings.h"
#include "source/counters.h"
#include "stack.h"
#include "table/table.h"
#include "unwind/unwind.h"

static unsigned int max_stacks = STACKID_MAX_STACKS_DEFAULT;
module_param(max_stacks, uint, 0444);
MODULE_PARM_DESC(max_stacks, "How many stacks can have an id at a time, 16 to 4194304 (default 65536)");

static unsigned int max_memory_mb = STACKID_MAX_MEMORY_MB_DEFAULT;
module_param(max_memory_mb, uint, 0444);
MODULE_PARM_DESC(max_memory_mb, "Most memory for them in MiB, 1 to 32768 (default 64); 50 KiB for each CPU come on top");

static bool fast_unwind = true;
module_param(fast_unwind, bool, 0444);
MODULE_PARM_DESC(fast_unwind, "Walk stacks by cached ORC rules where the kernel has them (default Y)");

static unsigned int check_unwind = 1024;
module_param(check_unwind, uint, 0444);
MODULE_PARM_DESC(check_unwind, "Check one fast walk in so many against the kernel's unwinder, 0 for none (default 1024)");

static bool recall = true;
module_param(recall, bool, 0444);
MODULE_PARM_DESC(recall, "Know stacks that come again by their words, without a walk (default Y); N shows what that is worth");

struct unwinder *stackid_unwinder __ro_after_init;
bool stackid_unwind_fast __read_mostly;
u64 stackid_hash_key __ro_after_init;
struct stackid_table *stackid_own_table __ro_after_init;

static struct recording *own_recording;
static struct module_watch module_watch;
static struct stackid_debugfs *debugfs;

static int __init check_parameters(void)
{
	if (max_stacks < STACKID_MAX_STACKS_MIN ||
	    max_stacks > STACKID_MAX_STACKS_MAX) {
		pr_err("stackid: max_stacks=%u is out of range, give %u to %u\n",
		       max_stacks, STACKID_MAX_STACKS_MIN,
		       STACKID_MAX_STACKS_MAX);
		return -EINVAL;
	}
	if (max_memory_mb < STACKID_MAX_MEMORY_MB_MIN ||
	    max_memory_mb > STACKID_MAX_MEMORY_MB_MAX) {
		pr_err("stackid: max_memory_mb=%u is out of range, give %u to %u\n",
		       max_memory_mb, STACKID_MAX_MEMORY_MB_MIN,
		       STACKID_MAX_MEMORY_MB_MAX);
		return -EINVAL;
	}
	if (check_unwind > INT_MAX) {
		pr_err("stackid: check_unwind=%u is out of range, give 0 to %d\n",
		       check_unwind, INT_MAX);
		return -EINVAL;
	}
	if (stackid_table_min_memory_mb(max_stacks) > max_memory_mb) {
		pr_err("stackid: max_stacks=%u needs max_memory_mb=%u or more, not %u\n",
		       max_stacks, stackid_table_min_memory_mb(max_stacks),
		       max_memory_mb);
		return -EINVAL;
	}
	return 0;
}

static int __init stackid_init(void)
{
	struct stackid_table *table;
	int ret;

	ret = check_parameters();
	if (ret)
		return ret;
	stackid_hash_key = get_random_u64();

	stackid_context_init();
	stackid_kprobe_state_init(stackid_kernel_percpu("current_kprobe"));
	stackid_unwinder = stackid_unwinder_create(fast_unwind, check_unwind);
	if (!stackid_unwinder)
		return -ENOMEM;
	table = stackid_table_create(max_stacks, max_memory_mb);
	if (IS_ERR(table)) {
		ret = PTR_ERR(table);
		goto err_unwinder;
	}
	ret = stackid_rings_init();
	if (ret)
		goto err_table;
	ret = stackid_counters_init();
	if (ret)
		goto err_rings;
	own_recording = stackid_recording_create(table, recall);
	if (IS_ERR(own_recording)) {
		ret = PTR_ERR(own_recording);
		goto err_counters;
	}
	ret = stackid_module_watch_init(&module_watch, own_recording);
	if (ret)
		goto err_recording;
	/* From here on NULL is a table in the API; built in, others may be there already. */
	smp_store_release(&stackid_own_table, table);
	debugfs = stackid_debugfs_create(own_recording);
	return 0;

err_recording:
	stackid_recording_destroy(own_recording);
err_counters:
	stackid_counters_exit();
err_rings:
	stackid_rings_exit();
err_table:
	stackid_table_destroy(table);
err_unwinder:
	stackid_unwinder_destroy(stackid_unwinder);
	return ret;
}

/*
 * Open files and users of the API pin the module, so that the only ones left
 * are the sources, the module notifier and the irq_works; each destroy waits
 * for its own, in the order in which one feeds the next.
 */
static void __exit stackid_exit(void)
{
	stackid_debugfs_remove(debugfs);
	stackid_module_watch_exit(&module_watch);
	stackid_recording_destroy(own_recording);
	stackid_counters_exit();
	stackid_rings_exit();
	stackid_table_destroy(stackid_own_table);
	stackid_unwinder_destroy(stackid_unwinder);
}

module_init(stackid_init);
module_exit(stackid_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Exact 32-bit ids for kernel stacks");
MODULE_VERSION(STACKID_VERSION);
