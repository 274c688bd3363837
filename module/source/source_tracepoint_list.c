// SPDX-License-Identifier: GPL-2.0
/* Which tracepoints there are, and by which names. */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/sort.h>
#include <linux/trace_events.h>
#include <linux/tracepoint.h>

#include "../kernel_symbol.h"
#include "source_tracepoint_list.h"

/**
 * struct tp_list - tracepoints on their way to available_events
 * @m:   the file
 * @nr:  of @tps
 * @tps: those that trace events use, sorted
 */
struct tp_list {
	struct seq_file *m;
	unsigned int nr;
	const struct tracepoint **tps;
};

static int by_address(const void *a, const void *b)
{
	const struct tracepoint *x = *(const struct tracepoint **)a;
	const struct tracepoint *y = *(const struct tracepoint **)b;

	return x < y ? -1 : x > y;
}

static bool has_trace_event(const struct tp_list *list,
			    const struct tracepoint *tp)
{
	unsigned int low = 0, high = list->nr;

	while (low < high) {
		unsigned int middle = (low + high) / 2;

		if (list->tps[middle] == tp)
			return true;
		if (list->tps[middle] < tp)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static void list_bare(struct tracepoint *tp, void *data)
{
	struct tp_list *list = data;

	if (!has_trace_event(list, tp))
		seq_printf(list->m, PREFIX_TRACEPOINT "%s\n", tp->name);
}

struct module_lister {
	struct notifier_block nb;
	struct tp_list *list;
};

static int list_module(struct notifier_block *nb, unsigned long state,
		       void *data)
{
	struct module_lister *lister =
		container_of(nb, struct module_lister, nb);
	struct module *module = ((struct tp_module *)data)->mod;
	unsigned int i;

	if (state == MODULE_STATE_COMING)
		for (i = 0; i < module->num_tracepoints; i++)
			list_bare(tracepoint_ptr_deref(module->tracepoints_ptrs + i),
				  lister->list);
	return NOTIFY_OK;
}

static void list_call(struct tp_list *list, const struct trace_event_call *call)
{
	if (!stackid_can_be_enabled(call))
		return;
	seq_printf(list->m, call->flags & TRACE_EVENT_FL_EPROBE ?
		   "# %s:%s: an event probe; record the event that it is attached to\n" :
		   "%s:%s\n", call->class->system,
		   trace_event_name((struct trace_event_call *)call));
}

/*
 * A tracepoint does not know the group of its trace event, and the list of
 * those is not exported, nor is its lock.  Without them all tracepoints are
 * listed by their bare names, which can be used as well.
 */
static void list_calls(struct tp_list *list, struct list_head *calls)
{
	struct trace_event_call *call;
	unsigned int nr = 0;

	list_for_each_entry(call, calls, list)
		nr++;
	list->tps = kvmalloc_array(nr, sizeof(*list->tps), GFP_KERNEL);
	list_for_each_entry(call, calls, list) {
		list_call(list, call);
		if (list->tps && call->flags & TRACE_EVENT_FL_TRACEPOINT)
			list->tps[list->nr++] = call->tp;
	}
	sort(list->tps, list->nr, sizeof(*list->tps), by_address, NULL);
}

static bool is_list(const struct list_head *head)
{
	return head && head->next->prev == head && head->prev->next == head;
}

void stackid_source_tracepoint_list(struct seq_file *m)
{
	struct list_head *calls = stackid_kernel_symbol("ftrace_events");
	struct mutex *lock = stackid_kernel_symbol("event_mutex");
	struct tp_list list = { .m = m };
	struct module_lister lister = {
		.nb.notifier_call = list_module,
		.list = &list,
	};

	seq_puts(m, "# tracepoints as GROUP:NAME, or tracepoint:NAME where there is no group; value=argN is the tracepoint's N-th argument\n");
	seq_puts(m, "# perf:GROUP:NAME goes through perf: slower, but safe with any kernel\n");
	if (calls && lock) {
		mutex_lock(lock);
		if (is_list(calls))
			list_calls(&list, calls);
		mutex_unlock(lock);
	}
	/* With CFI no probe of ours can be put on one that is bare. */
	if (!HAVE_CFI) {
		for_each_kernel_tracepoint(list_bare, &list);
		if (!register_tracepoint_module_notifier(&lister.nb))
			unregister_tracepoint_module_notifier(&lister.nb);
	}
	kvfree(list.tps);
}
