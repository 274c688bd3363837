// SPDX-License-Identifier: GPL-2.0
/*
 * Walking by frame records.
 *
 * On arm64 each function that calls another leaves a frame record, which x29 points
 * to: the caller's x29, and the return address.  An exception's registers have such
 * a record, too; see frame_record.h.  So a walk is to follow a list, as the kernel's
 * unwinder does; this one need not ask for each frame which stack it is on.
 *
 * Every doubt ends the walk with a reason, and the kernel's own unwinder walks
 * instead.  Every load is between the bounds of the task's stack or of the CPU's IRQ
 * stack; within one the records only go up, and from the IRQ stack a walk goes to the
 * task's and never back, so that it ends.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>
#include <asm/memory.h>

#include "../compat.h"
#include "../context.h"
#include "../kernel_symbol.h"
#include "frame_record.h"
#include "path_records.h"
#include "unwind_fast.h"
#include "unwind_frame.h"
#include "unwind_gather.h"

/**
 * struct fast_walker - see the top of the file
 * @patched:   what stands in the place of a return address while function-graph
 *             tracing or a kretprobe waits for it; constant
 * @to_irq:    the function that goes to the IRQ stack; constant
 * @random:    the function that moves the stack pointer by a random amount and then
 *             calls a system call's own; constant
 * @irq_stack: the lowest address of each CPU's, once it has been seen, or 0
 */
struct fast_walker {
	struct text_range patched[3];
	struct text_range to_irq;
	struct text_range random;
	unsigned long __percpu *irq_stack;
};

static bool is_in(const struct text_range *text, unsigned long pc)
{
	return pc - text->start < text->size;
}

/*
 * Is this code on the IRQ stack?  Where its records leave for the task's stack
 * stands who came here; on other stacks of the CPU it is somebody else.
 */
static noinline unsigned long learn_irq_stack(const struct fast_walker *walker)
{
	unsigned long record = (unsigned long)__builtin_frame_address(0);
	unsigned long low = record & ~(THREAD_ALIGN - 1);
	unsigned long next;

	if (is_on_task_stack(record))
		return 0;
	for (; holds(low, IRQ_STACK_SIZE, record); record = next) {
		next = stack_word(record);
		if (is_on_task_stack(next)) {
			if (!is_in(&walker->to_irq, record_pc(record)))
				return 0;
			this_cpu_write(*walker->irq_stack, low);
			return low;
		}
		if (next <= record)
			return 0;
	}
	return 0;
}

static __always_inline unsigned long irq_stack(const struct fast_walker *walker)
{
	unsigned long low = this_cpu_read(*walker->irq_stack);

	return likely(low) ? low : learn_irq_stack(walker);
}

static __always_inline bool is_patched(const struct fast_walker *walker,
				       unsigned long pc)
{
	return pc == walker->patched[0].start || pc == walker->patched[1].start ||
	       pc == walker->patched[2].start;
}

enum unwind_outcome stackid_walk_fast(struct fast_walker *walker,
				      const struct unwind_start *from,
				      struct unwind_rules rules,
				      struct stack *stack)
{
	/* Where the kernel was entered from user space, or the task begun. */
	unsigned long last = (unsigned long)&task_pt_regs(current)->stackframe;
	unsigned long low = (unsigned long)task_stack_page(current);
	unsigned long pc = from->regs ? from->regs->pc : from->ip;
	unsigned long record = from->regs ? from->regs->regs[29] : from->bp;
	unsigned long size = THREAD_SIZE, lowest;
	bool interrupted, on_task = true;
	const struct pt_regs *regs;
	struct gathered got;

	if (unlikely(!holds(low, size, record))) {
		low = irq_stack(walker);
		size = IRQ_STACK_SIZE;
		on_task = false;
		if (!low)
			return UNWIND_SLOW_STACK;
	}
	lowest = low;
	gather_begin(&got, stack, rules.skip + is_left_out(from, pc));
	for (;;) {
		gather(&got, stack, pc);
		if (unlikely(rules.cut) && !got.skip && is_interrupt_entry(pc))
			break;
		if (record == last)
			break;
		if (unlikely(record & 7 || record < lowest ||
			     !holds(low, size, record)))
			return UNWIND_SLOW_STACK;
		interrupted = is_exception_entry(pc);
		lowest = record + RECORD_SIZE;
		regs = unlikely(interrupted) ? regs_of_record(record) : NULL;
		if (unlikely(regs)) {
			pc = regs->pc;
			record = regs->regs[29];
		} else {
			pc = record_pc(record);
			record = stack_word(record);
		}
		if (unlikely(!on_task && !holds(low, size, record))) {
			low = (unsigned long)task_stack_page(current);
			lowest = low;
			size = THREAD_SIZE;
			on_task = true;
			if (rules.cut && !is_interrupt_entry(pc))
				break;
		}
		if (unlikely(interrupted)) {
			if (rules.cut)
				break;
			gather_mark_next(&got, stack);
		} else if (unlikely(is_patched(walker, pc))) {
			return UNWIND_SLOW_PATCHED;
		}
	}
	gather_end(&got, stack);
	return UNWIND_FAST;
}

bool stackid_fast_in_trampoline(struct fast_walker *walker, unsigned long pc)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(walker->patched); i++) {
		if (is_in(&walker->patched[i], pc))
			return true;
	}
	return false;
}

bool stackid_fast_path(const struct fast_walker *walker,
		       const struct unwind_start *from,
		       const struct stack *stack, struct unwind_path *path)
{
	return stackid_path_make(&walker->random, from, stack, path);
}

static struct text_range find_text(const char *name)
{
	unsigned long start = (unsigned long)stackid_kernel_symbol(name);

	return (struct text_range) { start, start ? stackid_symbol_size(start) : 0 };
}

struct fast_walker *stackid_fast_walker_create(void)
{
	struct fast_walker *walker;

	/* Without one of the names it would be wrong at times. */
	if (!stackid_exception_size)
		return ERR_PTR(-EOPNOTSUPP);
	walker = kzalloc(sizeof(*walker), GFP_KERNEL);
	if (!walker)
		return ERR_PTR(-ENOMEM);
	walker->patched[0] = find_text("return_to_handler");
	walker->patched[1] = find_text("__kretprobe_trampoline");
	walker->patched[2] = find_text("arch_rethook_trampoline");
	walker->to_irq = find_text("call_on_irq_stack");
	/* Without it system calls are walked each time. */
	walker->random = find_text("invoke_syscall");
	walker->irq_stack = alloc_percpu(unsigned long);
	if (!walker->irq_stack) {
		kfree(walker);
		return ERR_PTR(-ENOMEM);
	}
	if ((IS_ENABLED(CONFIG_FUNCTION_GRAPH_TRACER) && !walker->patched[0].size) ||
	    (IS_ENABLED(CONFIG_KRETPROBES) && !walker->patched[1].size &&
	     !walker->patched[2].size) || !walker->to_irq.size) {
		stackid_fast_walker_destroy(walker);
		return ERR_PTR(-ENOENT);
	}
	return walker;
}

void stackid_fast_walker_destroy(struct fast_walker *walker)
{
	free_percpu(walker->irq_stack);
	kfree(walker);
}
