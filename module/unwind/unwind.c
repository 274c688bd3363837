// SPDX-License-Identifier: GPL-2.0
/* Walking the current stack: the fast way, the sure way, and one against the other. */
#include <linux/err.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/ptrace.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/local.h>

#include "../context.h"
#include "../deferred.h"
#include "../guard.h"
#include "../stack.h"
#include "unwind.h"
#include "unwind_kernel.h"
#include "unwind_fast.h"
#include "unwind_path.h"

/*
 * @until_check: fast walks till the next check.  Nested walks may lose a count,
 *	which only moves the check
 * @guard, @stacks: a check's second walk, one at a time at each context level
 */
struct unwinder_percpu {
	local_t count[NR_UNWIND_OUTCOMES];
	int until_check;
	struct guard guard;
	struct stack stacks[NR_LEVELS];
};

/**
 * struct unwinder - see the top of the file
 * @check_every: constant
 * @fast:        constant; NULL if it is no use on this kernel
 * @percpu:      counters and scratch
 * @report:      logs the first difference, when no lock of the place
 *               where it was found can be held
 * @wrong:       for @report, written by the one that cleared stackid_unwind_fast
 * @right:       for @report
 */
struct unwinder {
	unsigned int check_every;
	struct fast_walker *fast;
	struct unwinder_percpu __percpu *percpu;
	struct deferred report;
	struct stack wrong;
	struct stack right;
};

/* What has no symbol would be printed as its address, and anybody may read the log. */
static const char *pc_text(char *text, const struct stack *stack, unsigned int i)
{
	if (i >= stack->nr)
		return "-";
	snprintf(text, KSYM_SYMBOL_LEN, "%pS", (void *)stack->pcs[i]);
	return strncmp(text, "0x", 2) ? text : "[unknown]";
}

static void report(struct deferred *deferred)
{
	struct unwinder *unwinder = container_of(deferred, struct unwinder, report);
	const struct stack *wrong = &unwinder->wrong, *right = &unwinder->right;
	/* Too big for a stack; there is one report in the module's life. */
	static char wrong_text[KSYM_SYMBOL_LEN], right_text[KSYM_SYMBOL_LEN];
	unsigned int i;

	pr_err("stackid: a fast walk differs from the kernel's unwinder; fast walks are off until the module is loaded again\n");
	for (i = 0; i < max(wrong->nr, right->nr); i++)
		pr_err("stackid: fast %s kernel %s\n",
		       pc_text(wrong_text, wrong, i),
		       pc_text(right_text, right, i));
}

struct unwinder *stackid_unwinder_create(bool fast, unsigned int check_every)
{
	struct unwinder *unwinder = kzalloc(sizeof(*unwinder), GFP_KERNEL);

	if (!unwinder)
		return NULL;
	unwinder->percpu = alloc_percpu(struct unwinder_percpu);
	if (!unwinder->percpu) {
		kfree(unwinder);
		return NULL;
	}
	unwinder->check_every = check_every;
	stackid_deferred_init(&unwinder->report, report);
	if (!fast)
		return unwinder;
	unwinder->fast = stackid_fast_walker_create();
	if (IS_ERR(unwinder->fast)) {
		pr_notice("stackid: stacks are walked with the kernel's unwinder, which is slower: the fast walk cannot do with this kernel (error %ld)\n",
			  PTR_ERR(unwinder->fast));
		unwinder->fast = NULL;
	}
	stackid_unwind_fast = unwinder->fast;
	return unwinder;
}

void stackid_unwinder_destroy(struct unwinder *unwinder)
{
	stackid_deferred_sync(&unwinder->report);
	if (unwinder->fast)
		stackid_fast_walker_destroy(unwinder->fast);
	free_percpu(unwinder->percpu);
	kfree(unwinder);
}

u64 stackid_unwinder_counter(const struct unwinder *unwinder, unsigned int cpu,
			     enum unwind_outcome which)
{
	return local_read(&per_cpu_ptr(unwinder->percpu, cpu)->count[which]);
}

static bool same(const struct stack *a, const struct stack *b)
{
	return a->nr == b->nr && a->depth == b->depth && a->flags == b->flags &&
	       a->digest == b->digest &&
	       (!(a->flags & STACKID_STACK_MARKED) ||
		!memcmp(a->marks, b->marks, sizeof(a->marks))) &&
	       !memcmp(a->pcs, b->pcs, a->nr * sizeof(*a->pcs));
}

static void different(struct unwinder *unwinder, const struct stack *wrong,
		      const struct stack *right)
{
	local_inc(&this_cpu_ptr(unwinder->percpu)->count[UNWIND_DIFFERENT]);
	/* Only the first one is logged. */
	if (!xchg(&stackid_unwind_fast, false))
		return;
	unwinder->wrong = *wrong;
	unwinder->right = *right;
	deferred_kick(&unwinder->report);
}

/*
 * Walk once more, with the kernel's unwinder.  Nothing between the two walks
 * changes the stack: a tracer that puts its trampoline into a frame does so when
 * the frame is made, and takes it out when it returns.
 */
static noinline void check(struct unwinder *unwinder,
			   struct unwinder_percpu *mine,
			   const struct unwind_start *from,
			   struct unwind_rules rules,
			   struct stack *stack)
{
	enum context_level level = context_level();
	struct stack *sure = &mine->stacks[level];

	if (!guard_enter(&mine->guard, level))
		return;
	WRITE_ONCE(mine->until_check, unwinder->check_every);
	stackid_stack_begin(sure, stack->flags & STACKID_STACK_EXACT);
	stackid_unwind_kernel(from, rules, sure);
	local_inc(&mine->count[UNWIND_CHECKED]);
	if (!same(stack, sure)) {
		different(unwinder, stack, sure);
		*stack = *sure;
	}
	guard_leave(&mine->guard, level);
}

/*
 * A sample in the middle of the code that puts a replaced return address back.
 * What is on the stack there is for that code alone to know; the unwinder of
 * 6.12 goes astray, and warns of it.
 */
static bool starts_in_trampoline(const struct unwinder *unwinder,
				 const struct unwind_start *from)
{
	return from->regs && unwinder->fast &&
	       stackid_fast_in_trampoline(unwinder->fast,
					  instruction_pointer(from->regs));
}

void stackid_unwind(const struct unwind_start *from,
		    struct unwind_rules rules, struct stack *stack)
{
	struct unwinder *unwinder = stackid_unwinder;
	struct unwinder_percpu *mine = this_cpu_ptr(unwinder->percpu);
	enum unwind_outcome outcome = UNWIND_SLOW_OFF;

	if (likely(READ_ONCE(stackid_unwind_fast)))
		outcome = stackid_walk_fast(unwinder->fast, from, rules, stack);
	local_inc(&mine->count[outcome]);
	if (likely(outcome == UNWIND_FAST)) {
		int until_check = READ_ONCE(mine->until_check) - 1;

		WRITE_ONCE(mine->until_check, until_check);
		if (unlikely(until_check <= 0) && unwinder->check_every)
			check(unwinder, mine, from, rules, stack);
		return;
	}
	stackid_stack_begin(stack, stack->flags & STACKID_STACK_EXACT);
	if (unlikely(starts_in_trampoline(unwinder, from)))
		stackid_stack_add(stack, instruction_pointer(from->regs));
	else
		stackid_unwind_kernel(from, rules, stack);
}

bool stackid_unwind_path(const struct unwind_start *from,
			 const struct stack *stack, struct unwind_path *path)
{
	struct unwinder *unwinder = stackid_unwinder;

	return READ_ONCE(stackid_unwind_fast) &&
	       stackid_fast_path(unwinder->fast, from, stack, path);
}

int stackid_unwind_check_next(void)
{
	struct unwinder *unwinder = stackid_unwinder;

	if (!unwinder->check_every)
		return INT_MAX;
	WRITE_ONCE(this_cpu_ptr(unwinder->percpu)->until_check, 1);
	return min_t(unsigned int, unwinder->check_every, INT_MAX);
}

void stackid_unwind_deny(const struct unwind_start *from,
			 const struct unwind_path *path,
			 const struct stack *stack)
{
	/* A path does not keep the stack that it was made of. */
	static const struct stack none;

	if (path_holds(path, from->ip, from->sp, from->bp))
		different(stackid_unwinder, &none, stack);
}
